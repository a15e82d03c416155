#include <vidi/batch/judge.hpp>

namespace vidi::batch {
namespace {

char const* name(errc value) noexcept
{
    switch (value) {
    case errc::invalid_configuration:
        return "invalid_configuration";
    case errc::missing_api_key:
        return "missing_api_key";
    case errc::invalid_request:
        return "invalid_request";
    case errc::admission_full:
        return "admission_full";
    case errc::admission_timeout:
        return "admission_timeout";
    case errc::pool_full:
        return "pool_full";
    case errc::pool_timeout:
        return "pool_timeout";
    case errc::resolve_failed:
        return "resolve_failed";
    case errc::connection_refused:
        return "connection_refused";
    case errc::connect_failed:
        return "connect_failed";
    case errc::connect_timeout:
        return "connect_timeout";
    case errc::proxy_authentication_failed:
        return "proxy_authentication_failed";
    case errc::proxy_failed:
        return "proxy_failed";
    case errc::proxy_refused:
        return "proxy_refused";
    case errc::tls_handshake_failed:
        return "tls_handshake_failed";
    case errc::tls_handshake_interrupted:
        return "tls_handshake_interrupted";
    case errc::tls_handshake_timeout:
        return "tls_handshake_timeout";
    case errc::tls_certificate_untrusted:
        return "tls_certificate_untrusted";
    case errc::tls_certificate_expired:
        return "tls_certificate_expired";
    case errc::tls_wrong_host:
        return "tls_wrong_host";
    case errc::tls_public_key_mismatch:
        return "tls_public_key_mismatch";
    case errc::write_timeout:
        return "write_timeout";
    case errc::response_head_timeout:
        return "response_head_timeout";
    case errc::response_body_timeout:
        return "response_body_timeout";
    case errc::operation_timeout:
        return "operation_timeout";
    case errc::connection_closed_before_response:
        return "connection_closed_before_response";
    case errc::connection_closed_within_response:
        return "connection_closed_within_response";
    case errc::response_head_too_large:
        return "response_head_too_large";
    case errc::response_body_too_large:
        return "response_body_too_large";
    case errc::malformed_response:
        return "malformed_response";
    case errc::response_encoded:
        return "response_encoded";
    case errc::response_not_json:
        return "response_not_json";
    case errc::response_wrong_shape:
        return "response_wrong_shape";
    case errc::bad_request:
        return "bad_request";
    case errc::image_download_failed:
        return "image_download_failed";
    case errc::authentication_failed:
        return "authentication_failed";
    case errc::permission_denied:
        return "permission_denied";
    case errc::not_found:
        return "not_found";
    case errc::request_timeout:
        return "request_timeout";
    case errc::conflict:
        return "conflict";
    case errc::request_too_large:
        return "request_too_large";
    case errc::unprocessable_request:
        return "unprocessable_request";
    case errc::rate_limited:
        return "rate_limited";
    case errc::insufficient_quota:
        return "insufficient_quota";
    case errc::server_error:
        return "server_error";
    case errc::redirected:
        return "redirected";
    case errc::unexpected_status:
        return "unexpected_status";
    }
    return "unknown";
}

} // namespace

std::string failure_name(error_code code)
{
    if (code.category() == error_category())
        return name(static_cast<errc>(code.value()));
    return std::string{code.category().name()} + ':' + std::to_string(code.value());
}

} // namespace vidi::batch
