#include "protocol/classify.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

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

// The code outranks the type.
errc classify_too_many(std::string_view code, std::string_view type) noexcept
{
    bool const is_billing = is_quota(code) || (code != "rate_limit_exceeded" && is_quota(type));
    return is_billing ? errc::insufficient_quota : errc::rate_limited;
}

// How much of a word comes before a URL in it.
std::size_t size_before_url(std::string_view word) noexcept
{
    auto size = word.size();
    for (std::string_view const beginning : {"http://", "https://", "data:"})
        size = std::min(size, word.find(beginning));
    return size;
}

// Whether a message says something itself, and not only a URL that it quotes. `part` has neither
// white space nor quotes in it.
bool says(std::string_view message, std::string_view part) noexcept
{
    while (!message.empty()) {
        auto const word = message.substr(0, message.find_first_of(" \t\r\n\"'`"));
        if (word.substr(0, size_before_url(word)).find(part) != std::string_view::npos)
            return true;
        message.remove_prefix(std::min(word.size() + 1, message.size()));
    }
    return false;
}

// The provider reports a failed download with a code that it also has for other faults of an
// image's URL, or a general one: only the message tells. A size beyond the limit stays so.
errc classify_bad_request(std::string_view code, std::string_view message) noexcept
{
    bool const may_be_download =
        code.empty() || code == "invalid_image_url" || code == "invalid_value";
    bool const is_download = says(message, "download") && !says(message, "size");
    return may_be_download && is_download ? errc::image_download_failed : errc::bad_request;
}

errc classify_client_error(unsigned status, std::optional<response_error> const& error) noexcept
{
    auto const text = [](std::optional<std::string> const& s) {
        return s ? std::string_view{*s} : std::string_view{};
    };
    auto const code = error ? text(error->code) : std::string_view{};
    switch (status) {
    case 400:
        return classify_bad_request(code, error ? std::string_view{error->message} : "");
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
        return classify_too_many(code, error ? text(error->type) : std::string_view{});
    default:
        return errc::unexpected_status;
    }
}

} // namespace

error_code classify_status(unsigned status, std::optional<response_error> const& error) noexcept
{
    switch (status / 100) {
    case 2:
        return {};
    case 3:
        return errc::redirected;
    case 4:
        return classify_client_error(status, error);
    case 5:
        return errc::server_error;
    default:
        return errc::unexpected_status;
    }
}

bool is_possibly_billed(bool sent, error_code failure, unsigned status) noexcept
{
    // Gateways answer so when the server behind them did not, or not in time.
    constexpr std::array lost_behind_a_gateway{502U, 504U, 524U};
    // With TLS 1.3 a request may be sent before the server refuses the client's certificate.
    if (!sent || !failure || failure == errc::tls_handshake_failed)
        return false;
    return status < 300 ||
           std::ranges::find(lost_behind_a_gateway, status) != lost_behind_a_gateway.end();
}

} // namespace vidi::protocol
