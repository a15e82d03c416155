#include "outcome.hpp"

#include <vidi/api_error.hpp>

#include "advice.hpp"
#include "errc_name.hpp"
#include "printable.hpp"

#include <boost/asio/error.hpp>

#include <utility>

namespace vidi_tool {
namespace {

using vidi::response_status;

reach reach_of(vidi::error_code code)
{
    using vidi::errc;
    if (code == errc::authentication_failed || code == errc::insufficient_quota ||
        code == errc::proxy_authentication_failed || code == errc::invalid_configuration ||
        code == errc::missing_api_key)
        return reach::all_images;
    bool const before_the_request = code == errc::resolve_failed ||
                                    code == errc::connection_refused ||
                                    code == errc::connect_failed || code == errc::connect_timeout ||
                                    code == errc::proxy_failed || code == errc::proxy_refused;
    if (before_the_request || code == vidi::condition::tls || code == errc::permission_denied ||
        code == errc::not_found || code == errc::redirected)
        return reach::perhaps_all;
    return reach::one_image;
}

problem problem_of(vidi::error_code code, vidi::response const& response)
{
    problem result{
        .kind = failure_name(code),
        .message = one_line(vidi::describe_failure(code, response)),
        .advice = advice(code),
        .concerns = reach_of(code)};
    if (!response.exchange.body_excerpt.empty())
        result.message += "; the answer begins: " + one_line(response.exchange.body_excerpt);
    return result;
}

problem problem_without_answer(std::string kind, std::string message, std::string detail)
{
    if (!detail.empty())
        message += ": " + one_line(detail);
    return {.kind = std::move(kind), .message = std::move(message)};
}

std::string error_text(vidi::response const& response)
{
    if (!response.error)
        return {};
    auto const& error = *response.error;
    if (!error.code || error.code->empty())
        return error.message;
    return error.message.empty() ? *error.code : error.message + " (" + *error.code + ')';
}

problem incomplete(vidi::response const& response)
{
    auto const& details = response.incomplete_details;
    auto result = problem_without_answer(
        "incomplete", "the answer is incomplete", details ? details->reason.value_or("") : "");
    result.advice = "ask for less in --prompt";
    return result;
}

std::optional<problem> problem_within(vidi::response const& response)
{
    switch (response.status) {
    case response_status::incomplete:
        return incomplete(response);
    case response_status::cancelled:
        return problem_without_answer("cancelled", "the answer was cancelled at the server", "");
    case response_status::queued:
    case response_status::in_progress:
        return problem_without_answer("unfinished", "the server answered before it was done", "");
    case response_status::failed:
        break;
    case response_status::completed:
    case response_status::unknown:
        if (!response.error)
            return std::nullopt;
    }
    return problem_without_answer("failed", "the model failed", error_text(response));
}

std::optional<problem> problem_with(vidi::response const& response)
{
    if (auto found = problem_within(response))
        return found;
    if (auto const refusal = response.refusal(); !refusal.empty())
        return problem_without_answer("refused", "the model refuses to answer", refusal);
    if (response.output_text().empty())
        return problem_without_answer("no_text", "the answer holds no text", "");
    return std::nullopt;
}

} // namespace

outcome judge(vidi::error_code code, vidi::response response)
{
    outcome result;
    result.answered = !code;
    result.given_up = code == boost::asio::error::operation_aborted;
    result.failure = code ? problem_of(code, response) : problem_with(response);
    result.response = std::move(response);
    return result;
}

outcome unusable(std::string kind, std::string message)
{
    return {.failure = problem{.kind = std::move(kind), .message = one_line(message)}};
}

std::string status_name(vidi::response const& response)
{
    switch (response.status) {
    case response_status::completed:
        return "completed";
    case response_status::failed:
        return "failed";
    case response_status::in_progress:
        return "in_progress";
    case response_status::cancelled:
        return "cancelled";
    case response_status::queued:
        return "queued";
    case response_status::incomplete:
        return "incomplete";
    case response_status::unknown:
        break;
    }
    auto const given = response.additional.if_contains("status");
    return given && given->is_string() ? std::string{given->get_string()} : std::string{};
}

} // namespace vidi_tool
