#include <vidi/testing/fault.hpp>

#include <cstddef>
#include <iterator>

namespace vidi::testing {
namespace {

// The columns: executed, complete, usable.
constexpr fault_description catalogue[] = {
    {fault::reset_before_execution, "reset_before_execution", false, false, false},
    {fault::orderly_close_before_execution, "orderly_close_before_execution", false, false, false},
    {fault::reset_at_start, "reset_at_start", true, false, false},
    {fault::reset_in_head, "reset_in_head", true, false, false},
    {fault::reset_after_head, "reset_after_head", true, false, false},
    {fault::reset_in_body, "reset_in_body", true, false, false},
    {fault::reset_before_last_byte, "reset_before_last_byte", true, false, false},
    {fault::abrupt_close_at_start, "abrupt_close_at_start", true, false, false},
    {fault::abrupt_close_in_head, "abrupt_close_in_head", true, false, false},
    {fault::abrupt_close_after_head, "abrupt_close_after_head", true, false, false},
    {fault::abrupt_close_in_body, "abrupt_close_in_body", true, false, false},
    {fault::abrupt_close_before_last_byte, "abrupt_close_before_last_byte", true, false, false},
    {fault::orderly_close_at_start, "orderly_close_at_start", true, false, false},
    {fault::orderly_close_in_head, "orderly_close_in_head", true, false, false},
    {fault::orderly_close_after_head, "orderly_close_after_head", true, false, false},
    {fault::orderly_close_in_body, "orderly_close_in_body", true, false, false},
    {fault::orderly_close_before_last_byte, "orderly_close_before_last_byte", true, false, false},
    {fault::announced_close, "announced_close", true, true, true},
    {fault::unannounced_close, "unannounced_close", true, true, true},
    {fault::next_request_reset, "next_request_reset", true, true, true},
    {fault::next_request_unanswered, "next_request_unanswered", true, true, true},
    {fault::drip, "drip", true, true, true},
    {fault::chunked, "chunked", true, true, true},
    {fault::chunked_with_trailers, "chunked_with_trailers", true, true, true},
    {fault::http_1_0_without_length, "http_1_0_without_length", true, true, true},
    {fault::interim_continue, "interim_continue", true, true, true},
    {fault::interim_early_hints, "interim_early_hints", true, true, true},
    {fault::interim_too_many, "interim_too_many", true, true, false},
    {fault::content_identity, "content_identity", true, true, true},
    {fault::content_gzip, "content_gzip", true, true, false},
    {fault::surplus_line_end, "surplus_line_end", true, true, true},
    {fault::surplus_garbage, "surplus_garbage", true, true, true},
    {fault::second_response, "second_response", true, true, true},
    {fault::second_response_late, "second_response_late", true, true, true},
    {fault::timeout_response_late, "timeout_response_late", true, true, true},
    {fault::content_length_too_large, "content_length_too_large", true, false, false},
    {fault::content_length_too_small, "content_length_too_small", true, true, false},
    {fault::content_length_not_a_number, "content_length_not_a_number", true, false, false},
    {fault::content_length_negative, "content_length_negative", true, false, false},
    {fault::content_length_twice, "content_length_twice", true, false, false},
    {fault::content_length_and_chunked, "content_length_and_chunked", true, false, false},
    {fault::chunk_size_bad, "chunk_size_bad", true, false, false},
    {fault::chunk_size_overflow, "chunk_size_overflow", true, false, false},
    {fault::chunk_extension_endless, "chunk_extension_endless", true, false, false},
    {fault::last_chunk_missing, "last_chunk_missing", true, false, false},
    {fault::header_huge, "header_huge", true, false, false},
    {fault::header_endless, "header_endless", true, false, false},
    {fault::status_line_bad, "status_line_bad", true, false, false},
    {fault::http_0_9, "http_0_9", true, false, false},
    {fault::not_http, "not_http", false, false, false},
    {fault::html_ok, "html_ok", false, true, false},
    {fault::html_bad_gateway, "html_bad_gateway", false, true, false},
    {fault::empty_ok, "empty_ok", false, true, false},
    {fault::json_invalid_utf8, "json_invalid_utf8", true, true, false},
    {fault::json_too_deep, "json_too_deep", false, true, false},
    {fault::json_huge_exponent, "json_huge_exponent", true, true, false},
    {fault::json_huge_integer, "json_huge_integer", true, true, false},
    {fault::json_truncated, "json_truncated", true, true, false},
    {fault::json_array, "json_array", false, true, false},
    {fault::json_string, "json_string", false, true, false},
    {fault::json_empty_object, "json_empty_object", false, true, false},
    {fault::json_bare_response, "json_bare_response", false, true, false},
    {fault::status_408, "status_408", false, true, false},
    {fault::status_408_retry_after, "status_408_retry_after", false, true, false},
    {fault::status_408_retry_after_ms, "status_408_retry_after_ms", false, true, false},
    {fault::status_408_should_retry, "status_408_should_retry", false, true, false},
    {fault::status_408_should_not_retry, "status_408_should_not_retry", false, true, false},
    {fault::status_409, "status_409", false, true, false},
    {fault::status_409_retry_after, "status_409_retry_after", false, true, false},
    {fault::status_409_retry_after_ms, "status_409_retry_after_ms", false, true, false},
    {fault::status_409_should_retry, "status_409_should_retry", false, true, false},
    {fault::status_409_should_not_retry, "status_409_should_not_retry", false, true, false},
    {fault::status_429_rate_limit, "status_429_rate_limit", false, true, false},
    {fault::status_429_rate_limit_retry_after, "status_429_rate_limit_retry_after", false, true,
     false},
    {fault::status_429_rate_limit_retry_after_ms, "status_429_rate_limit_retry_after_ms", false,
     true, false},
    {fault::status_429_rate_limit_should_retry, "status_429_rate_limit_should_retry", false, true,
     false},
    {fault::status_429_rate_limit_should_not_retry, "status_429_rate_limit_should_not_retry", false,
     true, false},
    {fault::status_429_insufficient_quota, "status_429_insufficient_quota", false, true, false},
    {fault::status_429_insufficient_quota_retry_after, "status_429_insufficient_quota_retry_after",
     false, true, false},
    {fault::status_429_insufficient_quota_retry_after_ms,
     "status_429_insufficient_quota_retry_after_ms", false, true, false},
    {fault::status_429_insufficient_quota_should_retry,
     "status_429_insufficient_quota_should_retry", false, true, false},
    {fault::status_429_insufficient_quota_should_not_retry,
     "status_429_insufficient_quota_should_not_retry", false, true, false},
    {fault::status_429_credit_balance, "status_429_credit_balance", false, true, false},
    {fault::status_429_credit_balance_retry_after, "status_429_credit_balance_retry_after", false,
     true, false},
    {fault::status_429_credit_balance_retry_after_ms, "status_429_credit_balance_retry_after_ms",
     false, true, false},
    {fault::status_429_credit_balance_should_retry, "status_429_credit_balance_should_retry", false,
     true, false},
    {fault::status_429_credit_balance_should_not_retry,
     "status_429_credit_balance_should_not_retry", false, true, false},
    {fault::status_500, "status_500", false, true, false},
    {fault::status_500_retry_after, "status_500_retry_after", false, true, false},
    {fault::status_500_retry_after_ms, "status_500_retry_after_ms", false, true, false},
    {fault::status_500_should_retry, "status_500_should_retry", false, true, false},
    {fault::status_500_should_not_retry, "status_500_should_not_retry", false, true, false},
    {fault::status_502, "status_502", false, true, false},
    {fault::status_502_retry_after, "status_502_retry_after", false, true, false},
    {fault::status_502_retry_after_ms, "status_502_retry_after_ms", false, true, false},
    {fault::status_502_should_retry, "status_502_should_retry", false, true, false},
    {fault::status_502_should_not_retry, "status_502_should_not_retry", false, true, false},
    {fault::status_503, "status_503", false, true, false},
    {fault::status_503_retry_after, "status_503_retry_after", false, true, false},
    {fault::status_503_retry_after_ms, "status_503_retry_after_ms", false, true, false},
    {fault::status_503_should_retry, "status_503_should_retry", false, true, false},
    {fault::status_503_should_not_retry, "status_503_should_not_retry", false, true, false},
    {fault::status_504, "status_504", false, true, false},
    {fault::status_504_retry_after, "status_504_retry_after", false, true, false},
    {fault::status_504_retry_after_ms, "status_504_retry_after_ms", false, true, false},
    {fault::status_504_should_retry, "status_504_should_retry", false, true, false},
    {fault::status_504_should_not_retry, "status_504_should_not_retry", false, true, false},
    {fault::status_529, "status_529", false, true, false},
    {fault::status_529_retry_after, "status_529_retry_after", false, true, false},
    {fault::status_529_retry_after_ms, "status_529_retry_after_ms", false, true, false},
    {fault::status_529_should_retry, "status_529_should_retry", false, true, false},
    {fault::status_529_should_not_retry, "status_529_should_not_retry", false, true, false},
    {fault::retry_after_date, "retry_after_date", false, true, false},
    {fault::server_error_empty, "server_error_empty", false, true, false},
    {fault::redirect_301, "redirect_301", false, true, false},
    {fault::redirect_307, "redirect_307", false, true, false},
    {fault::redirect_308, "redirect_308", false, true, false},
    {fault::image_url_invalid, "image_url_invalid", false, true, false},
    {fault::image_download_timeout, "image_download_timeout", false, true, false},
    {fault::image_too_large, "image_too_large", false, true, false},
};

constexpr bool is_in_order()
{
    std::size_t index = 0;
    for (auto const& entry : catalogue)
        if (static_cast<std::size_t>(entry.id) != index++)
            return false;
    return true;
}

static_assert(is_in_order());
static_assert(catalogue[std::size(catalogue) - 1].id == fault::image_too_large);

} // namespace

std::span<fault_description const> all_faults() noexcept { return catalogue; }

fault_description const& describe(fault what) noexcept
{
    return catalogue[static_cast<std::size_t>(what)];
}

} // namespace vidi::testing
