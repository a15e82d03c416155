#include "emulator/responses.hpp"

#include <vidi/error.hpp>

#include "emulator/answer.hpp"
#include "emulator/api_error.hpp"
#include "emulator/json_text.hpp"
#include "emulator/request_check.hpp"
#include "emulator/token_count.hpp"

#include <boost/json/parse.hpp>

#include <cstdio>
#include <ctime>

namespace vidi::emulation {
namespace {

namespace json = boost::json;
namespace net = boost::asio;

constexpr std::size_t most_pictures = 1500;
constexpr std::size_t most_stored = 100'000;

json::value parse_body(std::string_view body)
{
    json::parse_options options;
    options.max_depth = 128;
    vidi::error_code error;
    auto value = json::parse(body, error, {}, options);
    if (error)
        throw api_error{.message = "The request body is not valid JSON: " + error.message() + '.'};
    return value;
}

// There is nowhere to upload a file to.
void check_files(request_content const& content)
{
    if (!content.file_paths.empty())
        throw invalid_request(
            "file_not_found", content.file_paths.front(), "There is no such file.");
}

void check_pictures(json::object const& request, std::vector<picture_reference> const& pictures)
{
    if (pictures.size() > most_pictures)
        throw invalid_request(
            "invalid_value", "input",
            "A request must have at most " + std::to_string(most_pictures) + " images.");
    auto const family = family_of(std::string_view(request.at("model").get_string()));
    for (auto const& picture : pictures)
        if (picture.detail == "original" && !family.takes_original)
            throw invalid_request(
                "invalid_value", picture.path + ".detail",
                "This model does not support the detail 'original'.");
}

bool wants_json(json::object const& request)
{
    auto const text = find_set(request, "text");
    auto const format = text ? find_set(text->get_object(), "format") : nullptr;
    return format && format->get_object().at("type") != "text";
}

std::uint64_t count_input_tokens(
    json::object const& request, request_content const& content,
    std::vector<picture_source::facts_ptr> const& facts)
{
    auto const family = family_of(std::string_view(request.at("model").get_string()));
    auto tokens = content.text_tokens;
    for (std::size_t i = 0; i < facts.size(); ++i)
        tokens += count_picture_tokens(
            family, content.pictures[i].detail, facts[i]->width, facts[i]->height);
    return tokens;
}

} // namespace

responses::responses(picture_source& pictures, rate_gate& gate)
    : pictures_{pictures}, gate_{gate}, random_{std::random_device{}()}
{
}

net::awaitable<http_reply> responses::create(std::string_view body)
{
    auto const value = parse_body(body);
    check_request(value);
    auto const& request = value.get_object();
    std::string const model{std::string_view(request.at("model").get_string())};
    http_reply reply;
    try {
        reply = co_await answer(request, model);
    }
    catch (api_error const& error) {
        if (error.status != 429)
            gate_.refuse(model);
        reply = to_reply(error);
    }
    if (!reply.settle)
        reply.settle = [this, model] { return gate_.headers(model); };
    co_return reply;
}

net::awaitable<http_reply> responses::answer(json::object const& request, std::string const& model)
{
    check_history(request);
    auto const content = read_content(request);
    check_files(content);
    check_pictures(request, content.pictures);
    auto const facts = co_await look_at(content.pictures);
    auto const input_tokens = count_input_tokens(request, content, facts);
    gate_.admit(model, input_tokens);
    auto const make = wants_json(request) ? make_json : make_text;
    auto const response = make_response(
        request, {.id = make_id(),
                  .created_at = std::time(nullptr),
                  .text = make(content.prompt, facts),
                  .input_tokens = input_tokens});
    remember(response);
    auto const tokens = response.at("usage").at("output_tokens").to_number<std::uint64_t>();
    http_reply reply{
        .headers = {{"Content-Type", "application/json"}},
        .body = to_text(response),
        .executed = true};
    reply.settle = [this, model, tokens] {
        gate_.use_tokens(model, tokens);
        return gate_.headers(model);
    };
    co_return reply;
}

net::awaitable<std::vector<picture_source::facts_ptr>>
responses::look_at(std::vector<picture_reference> const& pictures)
{
    std::vector<picture_source::facts_ptr> facts;
    for (auto const& picture : pictures) {
        if (picture.url.empty())
            throw invalid_request(
                "image_file_not_found", picture.path + ".file_id",
                "There is no file '" + picture.file_id + "'.");
        facts.push_back(co_await pictures_.obtain(picture.url, picture.path + ".image_url"));
    }
    co_return facts;
}

void responses::check_history(json::object const& request) const
{
    if (find_set(request, "conversation"))
        throw api_error{
            .status = 404,
            .message = "There is no such conversation.",
            .param = "conversation",
            .code = "conversation_not_found"};
    auto const previous = find_set(request, "previous_response_id");
    if (!previous)
        return;
    std::string const id{std::string_view(previous->get_string())};
    if (!stored_.contains(id))
        throw invalid_request(
            "previous_response_not_found", "previous_response_id",
            "There is no response '" + id + "'.");
}

void responses::remember(json::object const& response)
{
    if (!response.at("store").as_bool())
        return;
    std::string id{std::string_view(response.at("id").as_string())};
    stored_order_.push_back(id);
    stored_.insert(std::move(id));
    if (stored_order_.size() > most_stored) {
        stored_.erase(stored_order_.front());
        stored_order_.pop_front();
    }
}

std::string responses::make_id()
{
    std::string id;
    for (int i = 0; i < 3; ++i) {
        char digits[17];
        std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(random_()));
        id += digits;
    }
    return id;
}

} // namespace vidi::emulation
