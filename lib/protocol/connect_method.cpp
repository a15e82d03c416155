#include "protocol/connect_method.hpp"

#include <vidi/version.hpp>

#include "protocol/excerpt.hpp"

#include <algorithm>
#include <cctype>

namespace vidi::protocol {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

connect_answer not_http() { return {errc::proxy_refused, "its answer to CONNECT is not HTTP/1"}; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "HTTP/1.1 200", as far as it has arrived.
bool may_begin_status_line(std::string_view text)
{
    constexpr std::string_view pattern = "HTTP/1.# ###";
    auto const size = std::min(text.size(), pattern.size());
    return std::equal(
        text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), pattern.begin(),
        [](char c, char p) { return p == '#' ? is_digit(c) : c == p; });
}

// "407 Proxy Authentication Required", for people.
std::string status_and_reason(std::string_view head)
{
    constexpr std::size_t version_size = 9;
    auto const line = head.substr(0, head.find(line_end));
    std::string result;
    for (char const c : excerpt(line.substr(std::min(line.size(), version_size))))
        result += std::iscntrl(static_cast<unsigned char>(c)) != 0 ? ' ' : c;
    return result;
}

error_code classify(char hundreds, std::string_view status)
{
    if (hundreds == '2')
        return {};
    // Nobody but the proxy is there to ask for anything yet, whatever it calls it.
    if (status == "407" || status == "401")
        return errc::proxy_authentication_failed;
    return hundreds == '5' ? errc::proxy_failed : errc::proxy_refused;
}

connect_answer read_final(std::string_view head, std::string_view rest)
{
    connect_answer result;
    auto const status = head.substr(9, 3);
    result.failure = classify(status.front(), status);
    if (result.failure)
        result.detail = "it answered CONNECT with " + status_and_reason(head);
    else if (!rest.empty())
        result = {errc::proxy_refused, "it sent more than its answer to CONNECT"};
    return result;
}

} // namespace

secret make_connect_request(origin const& to, secret const& proxy_authorization)
{
    constexpr std::string_view fixed = "CONNECT  HTTP/1.1\r\nHost: \r\n"
                                       "User-Agent: vidi/" VIDI_VERSION_STRING "\r\n"
                                       "Proxy-Authorization: \r\n\r\n";
    auto const& authorization = proxy_authorization.reveal();
    auto const target = to_string(to);
    // Of its full size from the beginning, so that no part of it stays behind elsewhere.
    std::string request;
    request.reserve(fixed.size() + 2 * target.size() + authorization.size());
    request.append("CONNECT ").append(target).append(" HTTP/1.1\r\n");
    request.append("Host: ").append(target).append("\r\n");
    request.append("User-Agent: vidi/" VIDI_VERSION_STRING "\r\n");
    if (!authorization.empty())
        request.append("Proxy-Authorization: ").append(authorization).append("\r\n");
    request.append("\r\n");
    return request;
}

std::optional<connect_answer> read_connect_answer(std::string_view arrived)
{
    for (;;) {
        if (!may_begin_status_line(arrived))
            return not_http();
        auto const end = arrived.find(head_end);
        if (end == std::string_view::npos)
            return {};
        auto const head = arrived.substr(0, end + line_end.size());
        constexpr std::size_t reason_at = 12;
        if (head[reason_at] != ' ' && head[reason_at] != '\r')
            return not_http();
        arrived.remove_prefix(end + head_end.size());
        if (head[9] != '1')
            return read_final(head, arrived);
    }
}

} // namespace vidi::protocol
