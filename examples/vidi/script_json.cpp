#include "script_json.hpp"

#include "json_text.hpp"
#include "printable.hpp"

namespace vidi_tool {
namespace {

// The last of its three bytes tells U+2028 from U+2029.
constexpr std::string_view separator_start = "\xe2\x80";

bool is_separator(std::string_view text) noexcept
{
    return text.size() >= 3 && text.starts_with(separator_start) &&
           (text[2] == '\xa8' || text[2] == '\xa9');
}

std::string_view replacement(char c) noexcept
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\0':
        return "\xef\xbf\xbd";
    default:
        return {};
    }
}

} // namespace

// All that is replaced can only stand within strings of the JSON, where an escape means the same.
std::string script_json(boost::json::value const& value)
{
    auto const text = valid_utf8(compact_json(value));
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at != text.size(); ++at) {
        if (text[at] == '<') {
            result += "\\u003c";
        }
        else if (is_separator(std::string_view{text}.substr(at))) {
            result += text[at + 2] == '\xa8' ? "\\u2028" : "\\u2029";
            at += 2;
        }
        else {
            result += text[at];
        }
    }
    return result;
}

std::string html_text(std::string_view text)
{
    std::string result;
    for (char const c : valid_utf8(text)) {
        if (auto const other = replacement(c); !other.empty())
            result += other;
        else
            result += c;
    }
    return result;
}

} // namespace vidi_tool
