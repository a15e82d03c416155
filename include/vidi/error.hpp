#pragma once

#include <vidi/detail/config.hpp>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>

#include <type_traits>

namespace vidi {

/// The type of every error code this library reports.
using error_code = boost::system::error_code;

/// What went wrong with an operation.
///
/// There is one value for each failure that a caller would handle differently. Values that share a
/// remedy are grouped by @ref condition: `if (ec == vidi::condition::timeout)`.
///
/// Cancellation is not listed: it is Asio's own `boost::asio::error::operation_aborted`.
/// An HTTP 200 whose body says `failed` or `incomplete` is not an error: see `response::status`.
enum class errc
{
    // Before anything is sent
    invalid_configuration = 1, ///< The client's configuration cannot be used.
    missing_api_key,           ///< No key was given, and none is in the environment.
    invalid_request,           ///< The request cannot be sent as it is.

    // Admission
    admission_full,    ///< Too many operations wait to be admitted.
    admission_timeout, ///< Not admitted within `timeouts::admission`.

    // Connection pool
    pool_full,    ///< All connections are in use and the waiting list is full.
    pool_timeout, ///< No connection became free in time.

    // Connecting
    resolve_failed,     ///< The host name could not be resolved.
    connection_refused, ///< Every address refused the connection.
    connect_failed,     ///< No address could be reached, for another reason than a refusal.
    connect_timeout,    ///< No connection within `timeouts::connect`.

    // The proxy
    proxy_authentication_failed, ///< 407: the proxy's user name or password is missing or wrong.
    proxy_failed,                ///< 5xx: the proxy could not reach the server, or failed.
    proxy_refused,               ///< The proxy does not make a tunnel, or is no HTTP proxy.

    // TLS
    tls_handshake_failed, ///< The peers found no common ground, or the peer does not speak TLS.
    tls_handshake_interrupted, ///< The connection ended during the TLS handshake.
    tls_handshake_timeout,     ///< The handshake did not end within `timeouts::tls_handshake`.
    tls_certificate_untrusted, ///< The certificate chain leads to no trusted authority.
    tls_certificate_expired,   ///< A certificate is outside its validity period.
    tls_wrong_host,            ///< The certificate is for another host.
    tls_public_key_mismatch,   ///< No certificate has a key of `tls_options::pinned_public_keys`.

    // The exchange
    write_timeout,         ///< No byte of the request could be sent for `timeouts::write`.
    response_head_timeout, ///< No response head within `timeouts::response_head`.
    response_body_timeout, ///< No byte of the body for `timeouts::response_body_idle`.
    operation_timeout,     ///< The operation exceeded `timeouts::operation`.
    connection_closed_before_response, ///< The connection ended before a byte of the response.
    connection_closed_within_response, ///< The connection ended in the middle of the response.
    response_head_too_large,           ///< The response head exceeds `limits::response_head`.
    response_body_too_large,           ///< The response body exceeds `limits::response_body`.
    malformed_response,                ///< What arrived is not HTTP/1.1.

    // The body of a successful response
    response_encoded,     ///< The body has a content coding that nobody asked for, such as gzip.
    response_not_json,    ///< The body is not JSON. See `exchange_info::json_offset`.
    response_wrong_shape, ///< JSON of another shape than a response. See
                          ///< `exchange_info::json_path`.

    // Statuses of the API
    bad_request,           ///< 400: the API rejected the request.
    image_download_failed, ///< 400: the provider could not download the image from its URL.
    authentication_failed, ///< 401: the key is missing, wrong or revoked.
    permission_denied,     ///< 403: the key may not do this.
    not_found,             ///< 404: no such model, response or path.
    request_timeout,       ///< 408: the server gave up waiting for the request.
    conflict,              ///< 409: the resource is in use.
    request_too_large,     ///< 413: the request body is too large.
    unprocessable_request, ///< 422: well-formed, but it cannot be processed.
    rate_limited,          ///< 429: too many requests; slow down.
    insufficient_quota,    ///< 429: no credit or quota left; waiting does not help.
    server_error,          ///< 5xx: the server failed.
    redirected,            ///< 3xx: redirects are not followed with a key.
    unexpected_status,     ///< Any other status that is not 2xx.
};

/// Groups of @ref errc values that call for the same reaction.
enum class condition
{
    /// The same request may succeed if it is sent again later.
    retryable = 1,
    /// The key, or what it may do, is the problem: 401 and 403.
    authentication,
    /// One of the time limits expired.
    timeout,
    /// No connection could be made, or it was lost: resolving, connecting, the proxy, TLS, closed
    /// connections.
    connection,
    /// The TLS handshake or the certificate check failed.
    tls,
    /// The API answered, with an error status.
    api,
    /// The server answered, but not with what the API specifies.
    invalid_response,
};

/// The category of @ref errc, named "vidi".
VIDI_DECL boost::system::error_category const& error_category() noexcept;

/// The category of @ref condition, named "vidi.condition".
VIDI_DECL boost::system::error_category const& condition_category() noexcept;

inline error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), error_category()};
}

inline boost::system::error_condition make_error_condition(condition c) noexcept
{
    return {static_cast<int>(c), condition_category()};
}

} // namespace vidi

template <>
struct boost::system::is_error_code_enum<vidi::errc> : std::true_type
{
};

template <>
struct boost::system::is_error_condition_enum<vidi::condition> : std::true_type
{
};
