#pragma once

#include <vidi/detail/config.hpp>

#include <span>
#include <string_view>

/// @file
/// The catalogue of what can go wrong between a client and a server.

namespace vidi::testing {

/// A fault of a server, or of what stands between it and the client. Good answers that are sent in
/// an unusual way are among them: a client must not take them for faults.
///
/// A client that sends its next request at the very moment of a late response cannot know that this
/// is not the answer to it.
enum class fault
{
    // The connection ends. What is sent up to there is of the API's own answer.
    reset_before_execution,         ///< RST, the request read and not executed.
    orderly_close_before_execution, ///< The same with an orderly close.
    reset_at_start,                 ///< RST before the first byte.
    reset_in_head,                  ///< RST in the middle of the head.
    reset_after_head,               ///< RST between head and body.
    reset_in_body,                  ///< RST in the middle of the body.
    reset_before_last_byte,         ///< RST with the last byte missing.
    abrupt_close_at_start,          ///< FIN without close_notify before the first byte.
    abrupt_close_in_head,           ///< FIN without close_notify in the middle of the head.
    abrupt_close_after_head,        ///< FIN without close_notify between head and body.
    abrupt_close_in_body,           ///< FIN without close_notify in the middle of the body.
    abrupt_close_before_last_byte,  ///< FIN without close_notify with the last byte missing.
    orderly_close_at_start,         ///< close_notify and FIN before the first byte.
    orderly_close_in_head,          ///< close_notify and FIN in the middle of the head.
    orderly_close_after_head,       ///< close_notify and FIN between head and body.
    orderly_close_in_body,          ///< close_notify and FIN in the middle of the body.
    orderly_close_before_last_byte, ///< close_notify and FIN with the last byte missing.

    // A good answer, and then the connection ends.
    announced_close,         ///< `Connection: close`, and a close.
    unannounced_close,       ///< A close that was not announced.
    next_request_reset,      ///< RST when the first byte of the next request arrives.
    next_request_unanswered, ///< The next request is read, not executed, and the connection reset.

    // A good answer, sent in an unusual way.
    drip,                    ///< One byte at a time. `behaviour::pause` is the time between them.
    chunked,                 ///< Several chunks, with extensions.
    chunked_with_trailers,   ///< Several chunks, and fields after the last one.
    http_1_0_without_length, ///< HTTP/1.0, ended by closing the connection.
    interim_continue,        ///< A 100 before it.
    interim_early_hints,     ///< A 103 with a field before it.
    interim_too_many,        ///< 150 interim responses before it.
    content_identity,        ///< `Content-Encoding: identity`.
    content_gzip,            ///< `Content-Encoding: gzip`, compressed though nobody asked for it.

    // A good answer, and more bytes than it has.
    surplus_line_end,      ///< CRLF after it.
    surplus_garbage,       ///< Bytes that are not HTTP after it.
    second_response,       ///< A whole answer to nobody's request, at once.
    second_response_late,  ///< The same, later by `behaviour::pause`.
    timeout_response_late, ///< A 408 and a close, later by `behaviour::pause`.

    // What is wrong is the framing.
    content_length_too_large,    ///< The body is shorter than announced; then an orderly close.
    content_length_too_small,    ///< The body is longer than announced.
    content_length_not_a_number, ///< `Content-Length: many`.
    content_length_negative,     ///< `Content-Length: -1`.
    content_length_twice,        ///< Two different lengths.
    content_length_and_chunked,  ///< A length, and chunks.
    chunk_size_bad,              ///< A chunk whose size is not a number.
    chunk_size_overflow,         ///< A chunk of more than 2^64 bytes.
    chunk_extension_endless,     ///< A chunk extension that does not end.
    last_chunk_missing,          ///< All chunks but the last; then an orderly close.
    header_huge,                 ///< A field of a mebibyte.
    header_endless,              ///< Fields that do not end.
    status_line_bad,             ///< A status line without a status.
    http_0_9,                    ///< The body alone, without a head.
    not_http,                    ///< The greeting of another protocol.

    // What is wrong is the body.
    html_ok,            ///< An HTML page with 200.
    html_bad_gateway,   ///< An HTML page with 502.
    empty_ok,           ///< No body, with 200.
    json_invalid_utf8,  ///< Bytes that are not UTF-8 in a string.
    json_too_deep,      ///< 100,000 arrays in each other.
    json_huge_exponent, ///< 1e999 for a number.
    json_huge_integer,  ///< 400 digits for a number.
    json_truncated,     ///< Half of it, and a length that says so.
    json_array,         ///< An array.
    json_string,        ///< A string.
    json_empty_object,  ///< `{}`.
    json_bare_response, ///< `{"object":"response"}` and no more.

    // An error status: bare, with `retry-after: 1`, with `retry-after-ms: 20`, and with
    // `x-should-retry`.
    status_408,
    status_408_retry_after,
    status_408_retry_after_ms,
    status_408_should_retry,
    status_408_should_not_retry,
    status_409,
    status_409_retry_after,
    status_409_retry_after_ms,
    status_409_should_retry,
    status_409_should_not_retry,
    status_429_rate_limit,
    status_429_rate_limit_retry_after,
    status_429_rate_limit_retry_after_ms,
    status_429_rate_limit_should_retry,
    status_429_rate_limit_should_not_retry,
    status_429_insufficient_quota,
    status_429_insufficient_quota_retry_after,
    status_429_insufficient_quota_retry_after_ms,
    status_429_insufficient_quota_should_retry,
    status_429_insufficient_quota_should_not_retry,
    status_429_credit_balance,
    status_429_credit_balance_retry_after,
    status_429_credit_balance_retry_after_ms,
    status_429_credit_balance_should_retry,
    status_429_credit_balance_should_not_retry,
    status_500,
    status_500_retry_after,
    status_500_retry_after_ms,
    status_500_should_retry,
    status_500_should_not_retry,
    status_502,
    status_502_retry_after,
    status_502_retry_after_ms,
    status_502_should_retry,
    status_502_should_not_retry,
    status_503,
    status_503_retry_after,
    status_503_retry_after_ms,
    status_503_should_retry,
    status_503_should_not_retry,
    status_504,
    status_504_retry_after,
    status_504_retry_after_ms,
    status_504_should_retry,
    status_504_should_not_retry,
    status_529,
    status_529_retry_after,
    status_529_retry_after_ms,
    status_529_should_retry,
    status_529_should_not_retry,

    // Other statuses.
    retry_after_date,   ///< 503 with a date for `Retry-After`, two seconds after `make_behaviour`.
    server_error_empty, ///< 500 without a body.
    redirect_301,       ///< 301 to another host.
    redirect_307,       ///< 307 to another host.
    redirect_308,       ///< 308 to another host.

    // A picture could not be downloaded, as the API reports it: 400.
    image_url_invalid,      ///< The code `invalid_image_url`.
    image_download_timeout, ///< The code `invalid_value`, the parameter `url`.
    image_too_large,        ///< The code `invalid_image`.
};

/// What the server does in the course of a fault.
struct fault_description
{
    fault id{};
    /// As the enumerator is called.
    std::string_view name{};
    /// The API makes an answer to the request, for which it would be billed.
    bool executed = false;
    /// A whole response is sent, so that the client can know where it ends. Whether it has any use
    /// is another question.
    bool complete = false;
    /// The API's own answer can be had from what is sent. Where it is false, a client need not
    /// manage that, and mostly cannot.
    bool usable = false;
};

/// The catalogue, in the order of the enumerators.
VIDI_DECL std::span<fault_description const> all_faults() noexcept;

/// The entry of one fault.
VIDI_DECL fault_description const& describe(fault what) noexcept;

} // namespace vidi::testing
