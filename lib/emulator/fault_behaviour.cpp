#include <vidi/testing/emulator.hpp>

#include "emulator/api_error.hpp"

#include <chrono>
#include <ctime>

namespace vidi::testing {
namespace {

using emulation::api_error;

// ---- Connections that end

struct ending
{
    fault id;
    response_place where;
    closing how;
};

constexpr ending endings[] = {
    {fault::reset_at_start, response_place::start, closing::reset},
    {fault::reset_in_head, response_place::in_head, closing::reset},
    {fault::reset_after_head, response_place::after_head, closing::reset},
    {fault::reset_in_body, response_place::in_body, closing::reset},
    {fault::reset_before_last_byte, response_place::before_last_byte, closing::reset},
    {fault::abrupt_close_at_start, response_place::start, closing::abrupt},
    {fault::abrupt_close_in_head, response_place::in_head, closing::abrupt},
    {fault::abrupt_close_after_head, response_place::after_head, closing::abrupt},
    {fault::abrupt_close_in_body, response_place::in_body, closing::abrupt},
    {fault::abrupt_close_before_last_byte, response_place::before_last_byte, closing::abrupt},
    {fault::orderly_close_at_start, response_place::start, closing::orderly},
    {fault::orderly_close_in_head, response_place::in_head, closing::orderly},
    {fault::orderly_close_after_head, response_place::after_head, closing::orderly},
    {fault::orderly_close_in_body, response_place::in_body, closing::orderly},
    {fault::orderly_close_before_last_byte, response_place::before_last_byte, closing::orderly}};

bool end_connection(fault what, behaviour& result)
{
    for (auto const& ending : endings) {
        if (ending.id != what)
            continue;
        result.close_at = ending.where;
        result.how = ending.how;
        return true;
    }
    switch (what) {
    case fault::reset_before_execution:
        result = behaviour::raw({}, closing::reset);
        return true;
    case fault::orderly_close_before_execution:
        result = behaviour::raw({}, closing::orderly);
        return true;
    case fault::unannounced_close:
        result = behaviour::close_after_response();
        return true;
    case fault::next_request_reset:
        result.next = next_request::reset_at_first_byte;
        return true;
    case fault::next_request_unanswered:
        result.next = next_request::close_unanswered;
        result.how = closing::reset;
        return true;
    default:
        return false;
    }
}

// ---- Bodies that the API did not make

std::string deep_json(std::size_t depth)
{
    return R"({"object":"response","output":)" + std::string(depth, '[') + std::string(depth, ']') +
           '}';
}

canned_reply html(unsigned status)
{
    return {
        .status = status,
        .body = "<!DOCTYPE html><html><head><title>Gateway</title></head>"
                "<body><h1>This is a proxy.</h1></body></html>\n",
        .content_type = "text/html; charset=utf-8"};
}

bool replace_body(fault what, behaviour& result)
{
    switch (what) {
    case fault::not_http:
        result = behaviour::raw("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
        return true;
    case fault::html_ok:
        result = behaviour::reply(html(200));
        return true;
    case fault::html_bad_gateway:
        result = behaviour::reply(html(502));
        return true;
    case fault::empty_ok:
        result = behaviour::reply({});
        return true;
    case fault::json_too_deep:
        result = behaviour::reply({.body = deep_json(100'000)});
        return true;
    case fault::json_array:
        result = behaviour::reply({.body = R"([{"object":"response"}])"});
        return true;
    case fault::json_string:
        result = behaviour::reply({.body = R"("response")"});
        return true;
    case fault::json_empty_object:
        result = behaviour::reply({.body = "{}"});
        return true;
    case fault::json_bare_response:
        result = behaviour::reply({.body = R"({"object":"response"})"});
        return true;
    default:
        return false;
    }
}

// ---- Statuses

behaviour to_behaviour(api_error const& error)
{
    return behaviour::reply(
        {.status = error.status, .body = emulation::error_body(error), .headers = error.headers});
}

struct status_error
{
    unsigned status;
    char const* type;
    char const* code;
    char const* message;
};

constexpr status_error status_errors[] = {
    {408, "invalid_request_error", nullptr, "The request did not arrive in time."},
    {409, "invalid_request_error", "conflict", "The resource is in use."},
    {429, "requests", "rate_limit_exceeded", "Rate limit reached. Please try again later."},
    {429, "insufficient_quota", "insufficient_quota",
     "You exceeded your current quota, please check your plan and billing details."},
    {429, "insufficient_quota", "credit_balance_exhausted", "Your credit balance is exhausted."},
    {500, "server_error", "server_error", "The server had an error."},
    {502, "server_error", nullptr, "Bad gateway."},
    {503, "server_error", "server_overloaded", "The engine is currently overloaded."},
    {504, "server_error", nullptr, "The upstream server did not answer in time."},
    {529, "overloaded_error", nullptr, "Overloaded."}};

// Nothing, then these, for each of the statuses.
header_field const advice[] = {
    {"retry-after", "1"},
    {"retry-after-ms", "20"},
    {"x-should-retry", "true"},
    {"x-should-retry", "false"}};

constexpr auto first_status = static_cast<std::size_t>(fault::status_408);
constexpr auto variants = std::size(advice) + 1;

bool is_status(fault what)
{
    auto const number = static_cast<std::size_t>(what);
    return number >= first_status && number < first_status + std::size(status_errors) * variants;
}

behaviour answer_with_status(fault what)
{
    auto const number = static_cast<std::size_t>(what) - first_status;
    auto const& description = status_errors[number / variants];
    api_error error{
        .status = description.status, .message = description.message, .type = description.type};
    if (description.code)
        error.code = description.code;
    if (auto const variant = number % variants; variant != 0)
        error.headers.push_back(advice[variant - 1]);
    return to_behaviour(error);
}

behaviour redirect(unsigned status)
{
    return behaviour::reply(
        {.status = status,
         .content_type = "",
         .headers = {{"Location", "https://elsewhere.invalid/v1/responses"}}});
}

behaviour image_error(char const* code, std::optional<std::string> param, char const* message)
{
    return to_behaviour({.message = message, .param = std::move(param), .code = code});
}

behaviour answer_otherwise(fault what)
{
    switch (what) {
    case fault::retry_after_date:
        return behaviour::error(
            503, "server_overloaded", "The engine is currently overloaded.",
            {{"Retry-After", emulation::http_date(std::time(nullptr) + 2)}});
    case fault::server_error_empty:
        return behaviour::reply({.status = 500, .content_type = ""});
    case fault::redirect_301:
        return redirect(301);
    case fault::redirect_307:
        return redirect(307);
    case fault::redirect_308:
        return redirect(308);
    case fault::image_url_invalid:
        return image_error(
            "invalid_image_url", {}, "Error while downloading https://elsewhere.invalid/cat.jpg.");
    case fault::image_download_timeout:
        return image_error(
            "invalid_value", "url", "Timeout while downloading https://elsewhere.invalid/cat.jpg.");
    case fault::image_too_large:
        return image_error(
            "invalid_image", {}, "The size of the image exceeds the maximum of 50 MB.");
    default:
        return {.answer = behaviour::distorted_answer{what}};
    }
}

} // namespace

behaviour make_behaviour(fault what)
{
    behaviour result;
    if (is_status(what))
        result = answer_with_status(what);
    else if (!end_connection(what, result) && !replace_body(what, result))
        result = answer_otherwise(what);
    if (what == fault::drip)
        result.slice = 1;
    if (what == fault::second_response_late || what == fault::timeout_response_late)
        result.pause = std::chrono::milliseconds{1};
    result.cause = what;
    return result;
}

} // namespace vidi::testing
