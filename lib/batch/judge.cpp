#include <vidi/api_error.hpp>
#include <vidi/batch/judge.hpp>
#include <vidi/batch/one_line.hpp>

#include <utility>

namespace vidi::batch {
namespace {

reach reach_of(error_code code)
{
    if (code == errc::authentication_failed || code == errc::insufficient_quota ||
        code == errc::proxy_authentication_failed || code == errc::invalid_configuration ||
        code == errc::missing_api_key)
        return reach::all_items;
    bool const before_the_request = code == errc::resolve_failed ||
                                    code == errc::connection_refused ||
                                    code == errc::connect_failed || code == errc::connect_timeout ||
                                    code == errc::proxy_failed || code == errc::proxy_refused;
    if (before_the_request || code == condition::tls || code == errc::permission_denied ||
        code == errc::not_found || code == errc::redirected)
        return reach::perhaps_all;
    return reach::one_item;
}

failure failure_of(error_code code, response const& response)
{
    failure result{
        .kind = failure_name(code), .message = one_line(describe_failure(code, response))};
    if (!response.exchange.body_excerpt.empty())
        result.message += "; the answer begins: " + one_line(response.exchange.body_excerpt);
    return result;
}

failure without_answer(std::string kind, std::string message, std::string const& detail)
{
    if (!detail.empty())
        message += ": " + one_line(detail);
    return {.kind = std::move(kind), .message = std::move(message)};
}

std::string error_text(response const& response)
{
    if (!response.error)
        return {};
    auto const& error = *response.error;
    if (!error.code || error.code->empty())
        return error.message;
    return error.message.empty() ? *error.code : error.message + " (" + *error.code + ')';
}

failure incomplete(response const& response)
{
    auto const& details = response.incomplete_details;
    return without_answer(
        "incomplete", "the answer is incomplete", details ? details->reason.value_or("") : "");
}

std::optional<failure> failure_within(response const& response)
{
    switch (response.status) {
    case response_status::incomplete:
        return incomplete(response);
    case response_status::cancelled:
        return without_answer("cancelled", "the answer was cancelled at the server", "");
    case response_status::queued:
    case response_status::in_progress:
        return without_answer("unfinished", "the server answered before it was done", "");
    case response_status::failed:
        break;
    case response_status::completed:
    case response_status::unknown:
        if (!response.error)
            return std::nullopt;
    }
    return without_answer("failed", "the model failed", error_text(response));
}

std::optional<failure> failure_with(response const& response)
{
    if (auto found = failure_within(response))
        return found;
    if (auto const refusal = response.refusal(); !refusal.empty())
        return without_answer("refused", "the model refuses to answer", refusal);
    if (response.output_text().empty())
        return without_answer("no_text", "the answer holds no text", "");
    return std::nullopt;
}

} // namespace

verdict judge(error_code code, response const& response)
{
    auto const& exchange = response.exchange;
    verdict given;
    given.code = code;
    auto& result = given.result;
    result.status = status_name(response);
    result.text = response.output_text();
    result.usage = response.usage;
    result.attempts = exchange.attempts;
    result.possibly_billed = exchange.possibly_billed;
    result.duration = std::chrono::round<std::chrono::milliseconds>(exchange.timings.total);
    result.failure = code ? failure_of(code, response) : failure_with(response);
    if (!result.failure)
        return given;
    given.concerns = code ? reach_of(code) : reach::one_item;
    result.failure->http_status = static_cast<int>(exchange.http_status);
    result.failure->request_id = exchange.request_id;
    if (response.error)
        result.failure->code = response.error->code.value_or("");
    return given;
}

std::string status_name(response const& response)
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

} // namespace vidi::batch
