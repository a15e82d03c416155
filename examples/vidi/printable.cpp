#include "printable.hpp"

#include <cstddef>
#include <cstdint>

namespace vidi_tool {
namespace {

constexpr std::uint32_t not_utf8 = 0xffff'ffff;

struct character
{
    std::uint32_t code_point = not_utf8;
    std::size_t bytes = 1;
};

unsigned char byte_at(std::string_view text, std::size_t at) noexcept
{
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

std::size_t length_of(unsigned char first) noexcept
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    if (first >= 0xf0 && first <= 0xf4)
        return 4;
    return 0;
}

bool is_valid(std::uint32_t code_point, std::size_t bytes) noexcept
{
    static constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x1'0000};
    bool const surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
    return code_point >= smallest[bytes] && code_point <= 0x10'ffff && !surrogate;
}

character first_character(std::string_view text) noexcept
{
    auto const first = byte_at(text, 0);
    auto const bytes = length_of(first);
    if (bytes == 1)
        return {first, 1};
    if (bytes == 0 || bytes > text.size())
        return {};
    std::uint32_t code_point = first & (0x7fu >> bytes);
    for (std::size_t i = 1; i != bytes; ++i) {
        auto const next = byte_at(text, i);
        if ((next & 0xc0u) != 0x80u)
            return {};
        code_point = code_point << 6 | (next & 0x3fu);
    }
    return is_valid(code_point, bytes) ? character{code_point, bytes} : character{};
}

} // namespace

bool is_utf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        auto const next = first_character(text);
        if (next.code_point == not_utf8)
            return false;
        text.remove_prefix(next.bytes);
    }
    return true;
}

std::string valid_utf8(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        auto const next = first_character(text);
        if (next.code_point == not_utf8)
            result += "\xef\xbf\xbd";
        else
            result += text.substr(0, next.bytes);
        text.remove_prefix(next.bytes);
    }
    return result;
}

} // namespace vidi_tool
