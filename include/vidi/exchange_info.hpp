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
    std::optional<std::int64_t> limit_requests;
    std::optional<std::int64_t> limit_tokens;
    std::optional<std::int64_t> remaining_requests;
    std::optional<std::int64_t> remaining_tokens;
    /// Time until the bucket is full again, not until the next request is allowed.
    std::optional<std::chrono::milliseconds> reset_requests;
    std::optional<std::chrono::milliseconds> reset_tokens;

    bool operator==(rate_limit_state const&) const = default;
};

/// Where the time of an operation went. A stage that was not reached is zero.
struct exchange_timings
{
    using duration = std::chrono::microseconds;

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

    /// The `X-Client-Request-Id` that was sent: it identifies the request when no answer came.
    std::string client_request_id;

    /// The server's `retry-after-ms` or `Retry-After` in seconds, if it gave one.
    std::optional<std::chrono::milliseconds> retry_after;

    rate_limit_state rate_limit;
    exchange_timings timings;

    /// How many times the request was put on a connection.
    unsigned attempts = 0;

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
