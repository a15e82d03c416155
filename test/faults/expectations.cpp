#include "expectations.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace vidi_faults {
namespace {

using vidi::errc;
using vidi::testing::fault;
using vidi::testing::fault_description;

constexpr bool again = true;
constexpr bool final_one = false;
constexpr bool billed = true;
constexpr bool not_billed = false;
constexpr bool kept = true;
constexpr bool closed = false;

bool ends_with(std::string_view text, std::string_view end) { return text.ends_with(end); }

expectation success(bool connection) { return {.kept = connection}; }

expectation failure(errc what, bool retry, bool charge, bool connection)
{
    return {.outcome = what, .tried_again = retry, .possibly_billed = charge, .kept = connection};
}

// "reset_in_head" and its like.
expectation ended(std::string_view name)
{
    bool const before = ends_with(name, "_at_start") || ends_with(name, "_before_execution");
    auto result = failure(
        before ? errc::connection_closed_before_response : errc::connection_closed_within_response,
        again, billed, closed);
    result.looks_stale = before;
    return result;
}

expectation next_lost() { return {.kept = false, .next_is_lost = true}; }

errc status_of(std::string_view name)
{
    if (name.starts_with("status_408"))
        return errc::request_timeout;
    if (name.starts_with("status_409"))
        return errc::conflict;
    if (name.starts_with("status_429_rate_limit"))
        return errc::rate_limited;
    if (name.starts_with("status_429"))
        return errc::insufficient_quota;
    return errc::server_error;
}

// "status_503_retry_after" and its like.
expectation status(std::string_view name)
{
    auto const what = status_of(name);
    bool const retry = what != errc::insufficient_quota && !ends_with(name, "_should_not_retry");
    bool const gateway = name.starts_with("status_502") || name.starts_with("status_504");
    return failure(what, retry, gateway ? billed : not_billed, kept);
}

expectation expect(fault_description const& described)
{
    switch (described.id) {
    case fault::announced_close:
    case fault::unannounced_close:
    case fault::http_1_0_without_length:
    case fault::surplus_line_end:
    case fault::surplus_garbage:
    case fault::second_response:
    case fault::second_response_late:
    case fault::timeout_response_late:
        return success(closed);
    case fault::next_request_reset:
    case fault::next_request_unanswered:
        return next_lost();
    case fault::drip:
    case fault::chunked:
    case fault::chunked_with_trailers:
    case fault::interim_continue:
    case fault::interim_early_hints:
    case fault::content_identity:
    // Of a field that nothing depends on, kept as JSON.
    case fault::json_huge_exponent:
    case fault::json_huge_integer:
        return success(kept);
    case fault::interim_too_many:
    case fault::chunk_extension_endless:
    case fault::header_huge:
    case fault::header_endless:
        return failure(errc::response_head_too_large, final_one, billed, closed);
    case fault::content_gzip:
        return failure(errc::response_encoded, final_one, billed, kept);
    case fault::content_length_too_large:
    case fault::last_chunk_missing:
        return failure(errc::connection_closed_within_response, again, billed, closed);
    case fault::content_length_too_small:
        return failure(errc::response_not_json, final_one, billed, closed);
    case fault::content_length_not_a_number:
    case fault::content_length_negative:
    case fault::content_length_twice:
    case fault::content_length_and_chunked:
    case fault::chunk_size_bad:
    case fault::chunk_size_overflow:
    case fault::status_line_bad:
    case fault::http_0_9:
    case fault::not_http:
        return failure(errc::malformed_response, final_one, billed, closed);
    case fault::html_ok:
    case fault::empty_ok:
    case fault::json_invalid_utf8:
    case fault::json_too_deep:
    case fault::json_truncated:
        return failure(errc::response_not_json, final_one, billed, kept);
    case fault::json_array:
    case fault::json_string:
    case fault::json_empty_object:
    case fault::json_bare_response:
        return failure(errc::response_wrong_shape, final_one, billed, kept);
    case fault::html_bad_gateway:
        return failure(errc::server_error, again, billed, kept);
    case fault::retry_after_date:
    case fault::server_error_empty:
        return failure(errc::server_error, again, not_billed, kept);
    case fault::redirect_301:
    case fault::redirect_307:
    case fault::redirect_308:
        return failure(errc::redirected, final_one, not_billed, kept);
    case fault::image_url_invalid:
    case fault::image_download_timeout:
        return failure(errc::image_download_failed, again, not_billed, kept);
    case fault::image_too_large:
        return failure(errc::bad_request, final_one, not_billed, kept);
    default:
        return described.name.starts_with("status_") ? status(described.name)
                                                     : ended(described.name);
    }
}

std::string row(expectation const& e)
{
    auto const& described = describe(e.what);
    std::string const outcome = e.outcome ? e.outcome.message() : "the answer";
    auto const yes_or_no = [](bool value) { return value ? "yes" : "no"; };
    return "| `" + std::string{described.name} + "` | " + outcome + " | " +
           yes_or_no(e.tried_again) + " | " + yes_or_no(described.executed) + " | " +
           yes_or_no(e.possibly_billed) + " | " + yes_or_no(e.kept) + " |\n";
}

} // namespace

std::span<expectation const> expectations()
{
    static std::vector<expectation> const all = [] {
        std::vector<expectation> result;
        for (auto const& described : vidi::testing::all_faults()) {
            result.push_back(expect(described));
            result.back().what = described.id;
        }
        return result;
    }();
    return all;
}

std::string table()
{
    std::string result = "| fault | what the caller gets, if it is not tried again | tried again | "
                         "the server executed it | counted as possibly billed | connection kept |\n"
                         "| --- | --- | --- | --- | --- | --- |\n";
    for (auto const& each : expectations())
        result += row(each);
    return result;
}

} // namespace vidi_faults
