#include "emulator/api_error.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace vidi::emulation {
namespace {

namespace json = boost::json;

json::value or_null(std::optional<std::string> const& text)
{
    return text ? json::value(*text) : json::value(nullptr);
}

char const* describe(unsigned status)
{
    switch (status) {
    case 408:
        return "The request did not arrive in time.";
    case 413:
        return "The request body is too large.";
    case 431:
        return "The request head is too large.";
    case 505:
        return "The version of HTTP is not supported.";
    default:
        return "The request is not valid HTTP.";
    }
}

} // namespace

api_error invalid_request(std::string code, std::string param, std::string message)
{
    return {.message = std::move(message), .param = std::move(param), .code = std::move(code)};
}

api_error protocol_error(unsigned status)
{
    return {.status = status, .message = describe(status), .type = error_type(status)};
}

std::string error_type(unsigned status)
{
    switch (status) {
    case 401:
        return "authentication_error";
    case 403:
        return "permission_error";
    case 429:
        return "rate_limit_error";
    default:
        return status >= 500 ? "server_error" : "invalid_request_error";
    }
}

std::string error_body(api_error const& error)
{
    return json::serialize(json::object{
        {"error",
         {{"message", error.message},
          {"type", error.type},
          {"param", or_null(error.param)},
          {"code", or_null(error.code)}}}});
}

http_reply to_reply(api_error const& error)
{
    http_reply reply{.status = error.status, .headers = error.headers, .body = error_body(error)};
    reply.headers.push_back({"Content-Type", "application/json"});
    return reply;
}

http_reply to_reply(testing::canned_reply const& canned)
{
    http_reply reply{.status = canned.status, .headers = canned.headers, .body = canned.body};
    if (!canned.content_type.empty() && find_header(canned.headers, "Content-Type").empty())
        reply.headers.push_back({"Content-Type", canned.content_type});
    return reply;
}

} // namespace vidi::emulation
