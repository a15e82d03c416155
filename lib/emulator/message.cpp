#include "emulator/message.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>

namespace vidi::emulation {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trim(std::string_view text) noexcept
{
    auto const begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// 1xx, 204 and 304 have no body, and so no length.
bool has_body(unsigned status) noexcept { return status >= 200 && status != 204 && status != 304; }

std::string_view reason_of(unsigned status) noexcept
{
    namespace http = boost::beast::http;
    auto const known = http::int_to_status(status);
    return known == http::status::unknown ? std::string_view{}
                                          : std::string_view{http::obsolete_reason(known)};
}

void append_field(std::string& head, std::string_view name, std::string_view value)
{
    head.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

std::string_view http_request::header(std::string_view name) const noexcept
{
    return find_header(headers, name);
}

std::string_view http_request::path() const noexcept
{
    return std::string_view{target}.substr(0, target.find('?'));
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept
{
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view find_header(std::span<header_field const> headers, std::string_view name) noexcept
{
    auto const found = std::ranges::find_if(
        headers, [&](header_field const& field) { return equal_ignoring_case(field.name, name); });
    return found == headers.end() ? std::string_view{} : std::string_view{found->value};
}

bool has_token(std::string_view list, std::string_view token) noexcept
{
    while (!list.empty()) {
        auto const comma = list.find(',');
        if (equal_ignoring_case(trim(list.substr(0, comma)), token))
            return true;
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return false;
}

std::string http_date(std::time_t time)
{
    std::tm parts{};
    gmtime_r(&time, &parts);
    char text[64];
    auto const size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text, size};
}

std::string serialise(http_reply const& reply, bool keep_alive, body_part body)
{
    auto const missing = [&](std::string_view name) {
        return std::ranges::none_of(reply.headers, [&](header_field const& field) {
            return equal_ignoring_case(field.name, name);
        });
    };
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + ' ';
    text.append(reason_of(reply.status)).append("\r\n");
    for (auto const& field : reply.headers)
        append_field(text, field.name, field.value);
    if (missing("Date"))
        append_field(text, "Date", http_date(std::time(nullptr)));
    if (missing("Content-Length") && missing("Transfer-Encoding") && has_body(reply.status))
        append_field(text, "Content-Length", std::to_string(reply.body.size()));
    if (missing("Connection"))
        append_field(text, "Connection", keep_alive ? "keep-alive" : "close");
    text.append("\r\n");
    if (body == body_part::send && has_body(reply.status))
        text.append(reply.body);
    return text;
}

} // namespace vidi::emulation
