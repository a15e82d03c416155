#include <vidi/error.hpp>

#include <string>

namespace vidi {
namespace {

char const* describe(errc e) noexcept
{
    switch (e) {
    case errc::invalid_configuration:
        return "the client's configuration cannot be used";
    case errc::missing_api_key:
        return "no API key was given";
    case errc::invalid_request:
        return "the request cannot be sent as it is";
    case errc::admission_full:
        return "too many requests are waiting to be admitted";
    case errc::admission_timeout:
        return "the request was not admitted in time";
    case errc::pool_full:
        return "all connections are in use and the waiting list is full";
    case errc::pool_timeout:
        return "no connection became free in time";
    case errc::resolve_failed:
        return "the host name could not be resolved";
    case errc::connection_refused:
        return "the server refused the connection";
    case errc::connect_failed:
        return "the server could not be reached";
    case errc::connect_timeout:
        return "connecting to the server took too long";
    case errc::proxy_authentication_failed:
        return "the proxy rejected the user name or password (407)";
    case errc::proxy_failed:
        return "the proxy failed, or could not reach the server (5xx)";
    case errc::proxy_refused:
        return "the proxy refused to connect to the server";
    case errc::tls_handshake_failed:
        return "the TLS handshake failed";
    case errc::tls_handshake_interrupted:
        return "the connection ended during the TLS handshake";
    case errc::tls_handshake_timeout:
        return "the TLS handshake took too long";
    case errc::tls_certificate_untrusted:
        return "the server's certificate is not trusted";
    case errc::tls_certificate_expired:
        return "the server's certificate is expired or not yet valid";
    case errc::tls_wrong_host:
        return "the server's certificate is for another host";
    case errc::tls_public_key_mismatch:
        return "the server's public key is not a pinned one";
    case errc::write_timeout:
        return "the server stopped reading the request";
    case errc::response_head_timeout:
        return "the server did not answer in time";
    case errc::response_body_timeout:
        return "the server stopped sending in the middle of its answer";
    case errc::operation_timeout:
        return "the operation took longer than its time limit";
    case errc::connection_closed_before_response:
        return "the connection ended before the server answered";
    case errc::connection_closed_within_response:
        return "the connection ended in the middle of the server's answer";
    case errc::response_head_too_large:
        return "the head of the server's answer is too large";
    case errc::response_body_too_large:
        return "the body of the server's answer is too large";
    case errc::malformed_response:
        return "the server's answer is not HTTP/1.1";
    case errc::response_encoded:
        return "the server's answer is compressed, which was not asked for";
    case errc::response_not_json:
        return "the server's answer is not JSON";
    case errc::response_wrong_shape:
        return "the server's answer is JSON, but not a response of the API";
    case errc::bad_request:
        return "the API rejected the request (400)";
    case errc::image_download_failed:
        return "the provider could not download the image (400)";
    case errc::authentication_failed:
        return "the API rejected the key (401)";
    case errc::permission_denied:
        return "the key may not do this (403)";
    case errc::not_found:
        return "the API does not know the model or path (404)";
    case errc::request_timeout:
        return "the server gave up waiting for the request (408)";
    case errc::conflict:
        return "the resource is in use (409)";
    case errc::request_too_large:
        return "the request is too large for the server (413)";
    case errc::unprocessable_request:
        return "the API cannot process the request (422)";
    case errc::rate_limited:
        return "too many requests: rate limit reached (429)";
    case errc::insufficient_quota:
        return "no credit or quota left (429)";
    case errc::server_error:
        return "the server failed (5xx)";
    case errc::redirected:
        return "the server redirects elsewhere, which is not followed (3xx)";
    case errc::unexpected_status:
        return "the server answered with an unexpected status";
    }
    return "unknown error";
}

bool is_timeout(errc e) noexcept
{
    switch (e) {
    case errc::admission_timeout:
    case errc::pool_timeout:
    case errc::connect_timeout:
    case errc::tls_handshake_timeout:
    case errc::write_timeout:
    case errc::response_head_timeout:
    case errc::response_body_timeout:
    case errc::operation_timeout:
        return true;
    default:
        return false;
    }
}

bool is_tls(errc e) noexcept
{
    return e >= errc::tls_handshake_failed && e <= errc::tls_public_key_mismatch;
}

bool is_connection(errc e) noexcept
{
    return (e >= errc::resolve_failed && e <= errc::tls_public_key_mismatch) ||
           e == errc::connection_closed_before_response ||
           e == errc::connection_closed_within_response;
}

bool is_retryable(errc e) noexcept
{
    switch (e) {
    case errc::admission_full:
    case errc::admission_timeout:
    case errc::pool_full:
    case errc::pool_timeout:
    case errc::resolve_failed:
    case errc::connection_refused:
    case errc::connect_failed:
    case errc::connect_timeout:
    case errc::proxy_failed:
    case errc::tls_handshake_interrupted:
    case errc::tls_handshake_timeout:
    case errc::write_timeout:
    case errc::response_head_timeout:
    case errc::response_body_timeout:
    case errc::connection_closed_before_response:
    case errc::connection_closed_within_response:
    case errc::request_timeout:
    case errc::conflict:
    case errc::image_download_failed:
    case errc::rate_limited:
    case errc::server_error:
        return true;
    default:
        return false;
    }
}

bool is_invalid_response(errc e) noexcept
{
    return e >= errc::response_head_too_large && e <= errc::response_wrong_shape;
}

bool belongs_to(errc e, condition c) noexcept
{
    switch (c) {
    case condition::retryable:
        return is_retryable(e);
    case condition::authentication:
        return e == errc::authentication_failed || e == errc::permission_denied;
    case condition::timeout:
        return is_timeout(e);
    case condition::connection:
        return is_connection(e);
    case condition::tls:
        return is_tls(e);
    case condition::api:
        return e >= errc::bad_request;
    case condition::invalid_response:
        return is_invalid_response(e);
    }
    return false;
}

class category final : public boost::system::error_category
{
public:
    char const* name() const noexcept override { return "vidi"; }

    std::string message(int value) const override { return describe(static_cast<errc>(value)); }

    char const* message(int value, char*, std::size_t) const noexcept override
    {
        return describe(static_cast<errc>(value));
    }

    bool equivalent(int value, boost::system::error_condition const& other) const noexcept override
    {
        if (other.category() == condition_category())
            return belongs_to(static_cast<errc>(value), static_cast<condition>(other.value()));
        return boost::system::error_category::equivalent(value, other);
    }
};

class conditions final : public boost::system::error_category
{
public:
    char const* name() const noexcept override { return "vidi.condition"; }

    std::string message(int value) const override
    {
        switch (static_cast<condition>(value)) {
        case condition::retryable:
            return "may succeed if tried again";
        case condition::authentication:
            return "the key is the problem";
        case condition::timeout:
            return "a time limit expired";
        case condition::connection:
            return "the connection failed";
        case condition::tls:
            return "TLS failed";
        case condition::api:
            return "the API answered with an error";
        case condition::invalid_response:
            return "the answer is not what the API specifies";
        }
        return "unknown condition";
    }
};

} // namespace

boost::system::error_category const& error_category() noexcept
{
    static constexpr category instance;
    return instance;
}

boost::system::error_category const& condition_category() noexcept
{
    static constexpr conditions instance;
    return instance;
}

} // namespace vidi
