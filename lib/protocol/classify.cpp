#include "protocol/classify.hpp"

#include <algorithm>
#include <array>

namespace vidi::protocol {
namespace {

// Codes of a 429 for which waiting does not help.
constexpr std::array<std::string_view, 5> quota_codes{
    "insufficient_quota", "credit_balance_exhausted", "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded", "organization_usage_limit_exceeded"};

bool is_quota(std::string_view text) noexcept
{
    return std::ranges::find(quota_codes, text) != quota_codes.end();
}

} // namespace

error_code classify_status(unsigned status, std::string_view code, std::string_view type) noexcept
{
    switch (status) {
    case 400:
        return errc::bad_request;
    case 401:
        return errc::authentication_failed;
    case 403:
        return errc::permission_denied;
    case 404:
        return errc::not_found;
    case 407:
        return errc::proxy_authentication_failed;
    case 408:
        return errc::request_timeout;
    case 409:
        return errc::conflict;
    case 413:
        return errc::request_too_large;
    case 422:
        return errc::unprocessable_request;
    case 429:
        // The code outranks the type.
        if (is_quota(code) || (code != "rate_limit_exceeded" && is_quota(type)))
            return errc::insufficient_quota;
        return errc::rate_limited;
    default:
        break;
    }
    if (status >= 200 && status < 300)
        return {};
    if (status >= 300 && status < 400)
        return errc::redirected;
    if (status >= 500 && status < 600)
        return errc::server_error;
    return errc::unexpected_status;
}

} // namespace vidi::protocol
