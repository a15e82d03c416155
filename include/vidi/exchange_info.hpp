#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace vidi {

/// What the server said of its rate limits, from the `x-ratelimit-*` headers.
///
/// A header that is absent, negative or unreadable leaves its member empty.
struct rate_limit_state
{
    std::optional<std::int64_t> limit_requests{};
    std::optional<std::int64_t> limit_tokens{};
    std::optional<std::int64_t> remaining_requests{};
    std::optional<std::int64_t> remaining_tokens{};
    /// Time until the bucket is full again, not until the next request is allowed.
    std::optional<std::chrono::milliseconds> reset_requests{};
    std::optional<std::chrono::milliseconds> reset_tokens{};

    bool operator==(rate_limit_state const&) const = default;
};

/// Where the time of an operation went. A stage that was not reached is zero. The stages of an
/// attempt are those of the last one.
struct exchange_timings
{
    using duration = std::chrono::microseconds;

    duration admission{};     ///< Waiting to be admitted, over all attempts.
    duration backoff{};       ///< Waiting before it was tried again, over all attempts.
    duration queue{};         ///< Waiting for a connection of the pool.
    duration resolve{};       ///< Resolving the host name; zero on a reused connection.
    duration connect{};       ///< Connecting, and to the server through a proxy; the same.
    duration tls_handshake{}; ///< The TLS handshake; zero on a reused connection.
    duration send{};          ///< Writing the request.
    duration first_byte{};    ///< From the end of the request to the first byte of the response.
    duration receive{};       ///< From the first to the last byte of the response.
    duration total{};         ///< The whole operation.

    bool operator==(exchange_timings const&) const = default;
};

/// All that is known of how a response, or a failure, came about.
///
/// Filled in on success and on every failure, as far as the operation got. It never holds the key.
struct exchange_info
{
    /// The HTTP status, 0 if no response head arrived.
    unsigned http_status = 0;

    /// The `x-request-id` of the response. Quote it to the provider's support.
    std::string request_id;

    /// Identifies the request when no answer came: with `-` and the number of the attempt after it,
    /// from 1, it was sent as `X-Client-Request-Id`.
    std::string client_request_id;

    /// How long the server asks to wait, by `retry-after-ms` or `Retry-After`. If the latter is a
    /// date, this is the time from `server_time` until then, or from this machine's if it gave
    /// none.
    std::optional<std::chrono::milliseconds> retry_after;

    /// The date of `Retry-After`, if it is one.
    std::optional<std::chrono::sys_seconds> retry_at;

    /// The `Date` of the response.
    std::optional<std::chrono::sys_seconds> server_time;

    /// The server's `x-should-retry`.
    std::optional<bool> should_retry;

    rate_limit_state rate_limit;
    exchange_timings timings;

    /// How many times the request was put on a connection.
    unsigned attempts = 0;

    /// How many of the attempts were sent completely and not answered completely by the API, so
    /// that they may have been executed, and charged for, without a trace here. An answer that the
    /// caller was given is not among them.
    unsigned possibly_billed = 0;

    /// How many of the attempts were hedges: sent beside another, because that one was slow.
    unsigned hedges = 0;

    /// The response came over a connection that had served another request before.
    bool connection_reused = false;

    /// Bytes of the response body.
    std::uint64_t body_bytes = 0;

    /// The cause in words, with what the layers below said: the system's or OpenSSL's reason, the
    /// address, the offending value. Empty on success.
    std::string detail;

    /// The first 1024 bytes of a response body that could not be understood, such as the HTML page
    /// of a proxy.
    std::string body_excerpt;

    /// The media type of the response body, without parameters.
    std::string content_type;

    /// For `errc::response_encoded`: the content coding of the response body.
    std::string content_encoding;

    /// For `errc::redirected`: the `Location` that was not followed.
    std::string location;

    /// For `errc::response_not_json`: the offset in bytes at which the body stops being JSON.
    std::optional<std::uint64_t> json_offset;

    /// For `errc::response_wrong_shape`: the path of the offending value, like
    /// `output[1].content[0].text`.
    std::string json_path;

    bool operator==(exchange_info const&) const = default;
};

} // namespace vidi
