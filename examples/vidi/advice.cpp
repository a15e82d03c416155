#include "advice.hpp"

namespace vidi_tool {
namespace {

char const* api_advice(vidi::errc value) noexcept
{
    using vidi::errc;
    switch (value) {
    case errc::authentication_failed:
        return "check the key in DMXAPI_API_KEY or OPENAI_API_KEY, and that --base-url is the "
               "address it is for";
    case errc::permission_denied:
        return "check what the key may do, and --model";
    case errc::not_found:
        return "check --model and --base-url";
    case errc::rate_limited:
        return "wait and try again, or ask for less at a time";
    case errc::insufficient_quota:
        return "add credit to the account, or raise its limit";
    case errc::request_too_large:
        return "use a smaller picture, or give its URL";
    case errc::redirected:
        return "if you trust the new address, give it as --base-url";
    case errc::request_timeout:
    case errc::conflict:
    case errc::server_error:
        return "try again later";
    default:
        return "";
    }
}

char const* connection_advice(vidi::errc value) noexcept
{
    using vidi::errc;
    switch (value) {
    case errc::resolve_failed:
    case errc::connection_refused:
    case errc::connect_failed:
    case errc::connect_timeout:
    case errc::tls_handshake_failed:
    case errc::tls_handshake_timeout:
    case errc::tls_wrong_host:
        return "check --base-url and the network";
    case errc::proxy_authentication_failed:
        return "check the user name and password in the proxy's URL";
    case errc::proxy_failed:
    case errc::proxy_refused:
        return "check the proxy, and --base-url";
    case errc::tls_certificate_untrusted:
        return "if the server is yours, name its authority with --ca-file";
    case errc::tls_public_key_mismatch:
        return "if the server has a new key, pin it";
    case errc::tls_certificate_expired:
        return "check this machine's clock";
    case errc::operation_timeout:
    case errc::response_head_timeout:
        return "allow more time with --timeout";
    case errc::tls_handshake_interrupted:
    case errc::write_timeout:
    case errc::response_body_timeout:
    case errc::connection_closed_before_response:
    case errc::connection_closed_within_response:
        return "try again";
    case errc::malformed_response:
    case errc::response_not_json:
    case errc::response_wrong_shape:
        return "check that --base-url is the address of a Responses API";
    default:
        return "";
    }
}

} // namespace

std::string advice(vidi::error_code code)
{
    if (code.category() != vidi::error_category())
        return {};
    auto const value = static_cast<vidi::errc>(code.value());
    return code == vidi::condition::api ? api_advice(value) : connection_advice(value);
}

std::string advice(vidi::batch::verdict const& verdict)
{
    if (verdict.result.failure && verdict.result.failure->kind == "incomplete")
        return "ask for less in --prompt";
    return advice(verdict.code);
}

} // namespace vidi_tool
