#include "emulator/site.hpp"

#include "emulator/api_error.hpp"

#include <random>

namespace vidi::emulation {
namespace {

namespace net = boost::asio;

constexpr std::string_view responses_path = "/v1/responses";

std::string make_request_id()
{
    static thread_local std::mt19937_64 random{std::random_device{}()};
    char text[40];
    std::snprintf(
        text, sizeof text, "req_%016llx%016llx", static_cast<unsigned long long>(random()),
        static_cast<unsigned long long>(random()));
    return text;
}

http_reply method_not_allowed(http_request const& request, std::string allowed)
{
    auto reply = to_reply(api_error{
        .status = 405,
        .message = "The method " + request.method + " is not allowed here; use " + allowed + '.',
        .code = "method_not_supported"});
    reply.headers.push_back({"Allow", std::move(allowed)});
    return reply;
}

http_reply not_found(http_request const& request)
{
    return to_reply(api_error{
        .status = 404,
        .message =
            "There is nothing at " + request.method + ' ' + std::string(request.path()) + '.',
        .code = "unknown_url"});
}

void check_key(http_request const& request, std::string const& key)
{
    api_error error{.status = 401, .type = error_type(401), .code = "invalid_api_key"};
    auto const given = request.header("Authorization");
    constexpr std::string_view scheme = "Bearer ";
    if (!equal_ignoring_case(given.substr(0, scheme.size()), scheme)) {
        error.message = "No API key was given; send it as 'Authorization: Bearer KEY'.";
        throw error;
    }
    // The key is not repeated: error messages end up in logs.
    error.message = "The API key is not valid.";
    if (given.substr(scheme.size()) != key)
        throw error;
}

void check_content_type(http_request const& request)
{
    auto type = request.header("Content-Type");
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' '))
        type.remove_suffix(1);
    if (!equal_ignoring_case(type, "application/json"))
        throw api_error{
            .status = 415,
            .message =
                "The content type must be application/json, but is '" + std::string(type) + "'.",
            .code = "unsupported_content_type"};
}

} // namespace

site::site(testing::emulator_options const& options, picture_shelf& shelf, responses& responses)
    : options_{options}, shelf_{shelf}, responses_{responses}, latency_{options.latency}
{
}

net::awaitable<http_reply> site::answer(http_request const& request)
{
    if (request.path() == responses_path)
        co_return co_await answer_responses(request);
    if (request.path().starts_with(picture_shelf::path))
        co_return answer_picture(request);
    co_return not_found(request);
}

net::awaitable<http_reply> site::answer_responses(http_request const& request)
{
    if (request.method != "POST")
        co_return method_not_allowed(request, "POST");
    http_reply reply;
    try {
        check_key(request, options_.api_key);
        check_content_type(request);
        reply = co_await responses_.create(request.body);
        if (reply.status == 200)
            reply.latency = latency_();
    }
    catch (api_error const& error) {
        reply = to_reply(error);
    }
    catch (std::exception const& error) {
        reply =
            to_reply(api_error{.status = 500, .message = error.what(), .type = error_type(500)});
    }
    auto const milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(reply.latency).count();
    reply.headers.push_back({"x-request-id", make_request_id()});
    reply.headers.push_back({"openai-processing-ms", std::to_string(milliseconds + 1)});
    reply.headers.push_back({"openai-version", "2020-10-01"});
    reply.headers.push_back({"openai-organization", "vidi-emulator"});
    co_return reply;
}

http_reply site::answer_picture(http_request const& request) const
{
    if (request.method != "GET" && request.method != "HEAD")
        return method_not_allowed(request, "GET, HEAD");
    auto const picture = shelf_.find(request.path());
    if (!picture)
        return not_found(request);
    return {.headers = {{"Content-Type", picture->media_type}}, .body = picture->bytes};
}

} // namespace vidi::emulation
