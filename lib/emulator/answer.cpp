#include "emulator/answer.hpp"

#include "emulator/token_count.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace vidi::emulation {
namespace {

namespace json = boost::json;

std::string_view effort_of(json::object const& request)
{
    auto const reasoning = find_set(request, "reasoning");
    auto const effort = reasoning ? find_set(reasoning->get_object(), "effort") : nullptr;
    return effort ? std::string_view(effort->get_string()) : "medium";
}

std::uint64_t reasoning_tokens(json::object const& request)
{
    if (!family_of(std::string_view(request.at("model").get_string())).reasons)
        return 0;
    auto const effort = effort_of(request);
    if (effort == "none" || effort == "minimal")
        return 0;
    if (effort == "low")
        return 64;
    if (effort == "medium")
        return 192;
    return effort == "high" ? 512 : 1024;
}

/// What fits into `max_output_tokens`.
struct output_budget
{
    std::uint64_t reasoning = 0;
    std::uint64_t text_tokens = 0;
    std::string_view text;
    bool cut = false;
};

output_budget make_budget(json::object const& request, std::string_view text)
{
    output_budget budget{
        .reasoning = reasoning_tokens(request),
        .text_tokens = count_text_tokens(text),
        .text = text};
    auto const limit = find_set(request, "max_output_tokens");
    if (!limit)
        return budget;
    auto const most = limit->to_number<std::uint64_t>();
    if (budget.reasoning + budget.text_tokens <= most)
        return budget;
    budget.cut = true;
    budget.reasoning = std::min(budget.reasoning, most);
    budget.text = cut_to_tokens(text, most - budget.reasoning);
    budget.text_tokens = count_text_tokens(budget.text);
    return budget;
}

bool includes(json::object const& request, std::string_view what)
{
    auto const list = find_set(request, "include");
    return list && std::ranges::any_of(list->get_array(), [&](json::value const& value) {
               return std::string_view(value.get_string()) == what;
           });
}

bool wants_summary(json::object const& request)
{
    auto const reasoning = find_set(request, "reasoning");
    return reasoning && (find_set(reasoning->get_object(), "summary") ||
                         find_set(reasoning->get_object(), "generate_summary"));
}

json::object make_reasoning(json::object const& request, answer const& answer)
{
    json::array summary;
    if (wants_summary(request))
        summary.push_back(
            {{"type", "summary_text"}, {"text", "Measured each picture and reported the facts."}});
    json::object item{{"id", "rs_" + answer.id}, {"type", "reasoning"}, {"summary", summary}};
    if (includes(request, "reasoning.encrypted_content"))
        item["encrypted_content"] = "gAAAAA" + answer.id;
    return item;
}

json::object make_logprob(std::string_view token)
{
    json::array bytes;
    for (char const c : token)
        bytes.push_back(static_cast<unsigned char>(c));
    return {{"token", token}, {"logprob", -0.25}, {"bytes", bytes}};
}

json::array make_logprobs(json::object const& request, std::string_view text)
{
    auto const top = find_set(request, "top_logprobs");
    bool const has_top = top && *top != 0;
    json::array logprobs;
    if (!has_top && !includes(request, "message.output_text.logprobs"))
        return logprobs;
    while (!text.empty()) {
        auto const token = cut_to_tokens(text, 1);
        auto logprob = make_logprob(token);
        logprob["top_logprobs"] = has_top ? json::array{make_logprob(token)} : json::array();
        logprobs.push_back(std::move(logprob));
        text.remove_prefix(token.size());
    }
    return logprobs;
}

json::object
make_message(json::object const& request, answer const& answer, output_budget const& budget)
{
    json::object part{
        {"type", "output_text"},
        {"annotations", json::array()},
        {"logprobs", make_logprobs(request, budget.text)},
        {"text", budget.text}};
    return {
        {"id", "msg_" + answer.id},
        {"type", "message"},
        {"status", budget.cut ? "incomplete" : "completed"},
        {"content", json::array{std::move(part)}},
        {"role", "assistant"}};
}

json::array
make_output(json::object const& request, answer const& answer, output_budget const& budget)
{
    json::array output;
    if (budget.reasoning != 0)
        output.push_back(make_reasoning(request, answer));
    if (!budget.text.empty())
        output.push_back(make_message(request, answer, budget));
    return output;
}

json::object make_usage(std::uint64_t input_tokens, output_budget const& budget)
{
    auto const output_tokens = budget.reasoning + budget.text_tokens;
    return {
        {"total_tokens", input_tokens + output_tokens},
        {"input_tokens", input_tokens},
        {"input_tokens_details", {{"cached_tokens", 0}}},
        {"output_tokens", output_tokens},
        {"output_tokens_details", {{"reasoning_tokens", budget.reasoning}}}};
}

json::value incomplete_details(output_budget const& budget)
{
    return budget.cut ? json::value{{"reason", "max_output_tokens"}} : json::value(nullptr);
}

// Members of the request that the response repeats, in its order, with their defaults.

json::value echo(json::object const& request, std::string_view name, json::value otherwise)
{
    if (auto const value = find_set(request, name))
        return *value;
    return otherwise;
}

json::value echo_number(json::object const& request, std::string_view name)
{
    return echo(request, name, 1.0).to_number<double>();
}

json::value echo_reasoning(json::object const& request)
{
    bool const reasons = family_of(std::string_view(request.at("model").get_string())).reasons;
    json::object result{
        {"effort", reasons ? json::value("medium") : json::value(nullptr)}, {"summary", nullptr}};
    if (auto const given = find_set(request, "reasoning"))
        for (auto const& [name, value] : given->get_object())
            result[name] = value;
    return result;
}

json::value echo_text(json::object const& request)
{
    json::object result{{"format", {{"type", "text"}}}, {"verbosity", "medium"}};
    if (auto const given = find_set(request, "text"))
        for (auto const& [name, value] : given->get_object())
            if (!value.is_null())
                result[name] = value;
    return result;
}

json::value echo_tier(json::object const& request)
{
    auto const tier = echo(request, "service_tier", "auto");
    return tier == "auto" ? json::value("default") : tier;
}

json::value echo_conversation(json::object const& request)
{
    auto const& conversation = request.at("conversation");
    return conversation.is_string() ? json::value{{"id", conversation}} : conversation;
}

// Members that a response has only if the request had them.
void echo_optional(json::object const& request, json::object& response)
{
    for (auto const name : {"prompt", "prompt_cache_retention", "prompt_cache_options", "image"})
        if (auto const value = find_set(request, name))
            response[name] = *value;
    if (find_set(request, "conversation"))
        response["conversation"] = echo_conversation(request);
}

void echo_request(json::object const& request, json::object& response)
{
    response["parallel_tool_calls"] = echo(request, "parallel_tool_calls", true);
    for (auto const name : {"previous_response_id", "prompt_cache_key"})
        response[name] = echo(request, name, nullptr);
    response["reasoning"] = echo_reasoning(request);
    response["safety_identifier"] = echo(request, "safety_identifier", nullptr);
    response["service_tier"] = echo_tier(request);
    response["store"] = echo(request, "store", true);
    response["temperature"] = echo_number(request, "temperature");
    response["text"] = echo_text(request);
    response["tool_choice"] = echo(request, "tool_choice", "auto");
    response["tools"] = echo(request, "tools", json::array());
    response["top_logprobs"] = echo(request, "top_logprobs", 0);
    response["top_p"] = echo_number(request, "top_p");
    response["truncation"] = echo(request, "truncation", "disabled");
    response["user"] = echo(request, "user", nullptr);
    response["metadata"] = echo(request, "metadata", json::object());
    echo_optional(request, response);
}

} // namespace

std::string
make_text(std::string const& prompt, std::vector<std::shared_ptr<picture_facts const>> const& facts)
{
    auto text = "prompt: " + prompt;
    std::size_t number = 0;
    for (auto const& picture : facts)
        text += "\npicture " + std::to_string(++number) + ": format=" + picture->format +
                " width=" + std::to_string(picture->width) +
                " height=" + std::to_string(picture->height) + " sha256=" + picture->sha256 +
                " mean_colour=" + picture->mean_colour;
    return text;
}

std::string
make_json(std::string const& prompt, std::vector<std::shared_ptr<picture_facts const>> const& facts)
{
    json::array pictures;
    for (auto const& picture : facts)
        pictures.push_back(
            {{"format", picture->format},
             {"width", picture->width},
             {"height", picture->height},
             {"sha256", picture->sha256},
             {"mean_colour", picture->mean_colour}});
    return json::serialize(json::object{{"prompt", prompt}, {"pictures", pictures}});
}

json::object make_response(json::object const& request, answer const& answer)
{
    auto const budget = make_budget(request, answer.text);
    json::object response{
        {"id", "resp_" + answer.id},
        {"object", "response"},
        {"model", snapshot_of(std::string_view(request.at("model").get_string()))},
        {"usage", make_usage(answer.input_tokens, budget)},
        {"created_at", answer.created_at},
        {"status", budget.cut ? "incomplete" : "completed"},
        {"background", false},
        {"content_filters", nullptr},
        {"error", nullptr},
        {"incomplete_details", incomplete_details(budget)},
        {"instructions", echo(request, "instructions", nullptr)},
        {"max_output_tokens", echo(request, "max_output_tokens", nullptr)},
        {"max_tool_calls", echo(request, "max_tool_calls", nullptr)},
        {"output", make_output(request, answer, budget)}};
    echo_request(request, response);
    return response;
}

} // namespace vidi::emulation
