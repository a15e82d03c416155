#include "model/escape.hpp"

#include "model/utf8.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace vidi::model {
namespace {

bool needs_escape(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

// How many of the first `block` characters, as far as this can be told of all of them at once, need
// no escape. The rest is looked at one by one.
#if defined(__SSE2__)

constexpr std::size_t block = 16;

std::size_t unescaped_in_block(char const* from) noexcept
{
    auto const all = [](char c) { return _mm_set1_epi8(c); };
    auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(from));
    auto const control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, all(0x1f)), all(0x1f));
    auto const quote = _mm_cmpeq_epi8(bytes, all('"'));
    auto const backslash = _mm_cmpeq_epi8(bytes, all('\\'));
    auto const found = _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash)));
    return static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(found) | 1U << block));
}

#else

constexpr std::size_t block = 8;

// The usual test for a zero byte, and for a byte below a limit, on all of them at once.
std::size_t unescaped_in_block(char const* from) noexcept
{
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t highs = 0x8080808080808080;
    std::uint64_t word;
    std::memcpy(&word, from, sizeof word);
    std::uint64_t const quote = word ^ ones * '"';
    std::uint64_t const backslash = word ^ ones * '\\';
    std::uint64_t const found = ((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) |
                                ((backslash - ones) & ~backslash);
    return (found & highs) == 0 ? block : 0;
}

#endif

constexpr std::size_t usual_length = 4096;

struct code_unit
{
    unsigned value;
    std::string_view rest;
};

// The four hexadecimal digits after a `\u`.
std::optional<code_unit> read_code_unit(std::string_view text) noexcept
{
    unsigned value = 0;
    if (text.size() < 4)
        return {};
    auto const end = text.data() + 4;
    if (std::from_chars(text.data(), end, value, 16).ptr != end)
        return {};
    return code_unit{value, text.substr(4)};
}

void append_utf8(std::string& out, unsigned character)
{
    auto const add = [&out](unsigned byte) { out += static_cast<char>(byte); };
    auto const add_continuation = [&](unsigned shift) { add(0x80 | (character >> shift & 0x3f)); };
    if (character < 0x80)
        return add(character);
    if (character < 0x800) {
        add(0xc0 | character >> 6);
    }
    else if (character < 0x10000) {
        add(0xe0 | character >> 12);
        add_continuation(6);
    }
    else {
        add(0xf0 | character >> 18);
        add_continuation(12);
        add_continuation(6);
    }
    add_continuation(0);
}

// What follows a `\u`: a character, or two halves of one (RFC 8259, 7). Returns what follows that.
std::optional<std::string_view> unescape_character(std::string_view text, std::string& out)
{
    auto const first = read_code_unit(text);
    if (!first || (first->value >= 0xdc00 && first->value < 0xe000))
        return {};
    if (first->value < 0xd800 || first->value >= 0xe000) {
        append_utf8(out, first->value);
        return first->rest;
    }
    if (!first->rest.starts_with("\\u"))
        return {};
    auto const second = read_code_unit(first->rest.substr(2));
    if (!second || second->value < 0xdc00 || second->value >= 0xe000)
        return {};
    append_utf8(out, 0x10000 + ((first->value - 0xd800) << 10) + (second->value - 0xdc00));
    return second->rest;
}

// What follows a backslash. Returns what follows that.
std::optional<std::string_view> unescape_one(std::string_view text, std::string& out)
{
    constexpr std::string_view escapes = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    if (text.empty())
        return {};
    if (text.front() == 'u')
        return unescape_character(text.substr(1), out);
    auto const which = escapes.find(text.front());
    if (which == std::string_view::npos)
        return {};
    out += meanings[which];
    return text.substr(1);
}

} // namespace

std::size_t unescaped_length(std::string_view text) noexcept
{
    std::size_t length = 0;
    while (text.size() - length >= block) {
        auto const more = unescaped_in_block(text.data() + length);
        length += more;
        if (more < block)
            break;
    }
    while (length < text.size() && !needs_escape(text[length]))
        ++length;
    return length;
}

std::optional<std::size_t> unescape(std::string_view text, std::string& out)
{
    out.clear();
    out.reserve(std::min(text.size(), usual_length));
    auto rest = text;
    for (;;) {
        auto const length = unescaped_length(rest);
        out.append(rest.substr(0, length));
        rest.remove_prefix(length);
        if (rest.empty())
            return {};
        auto const mark = rest.front();
        rest.remove_prefix(1);
        if (mark == '"')
            break;
        auto const after = mark == '\\' ? unescape_one(rest, out) : std::nullopt;
        if (!after)
            return {};
        rest = *after;
    }
    auto const size = text.size() - rest.size();
    if (find_invalid_utf8(text.substr(0, size)) != std::string_view::npos)
        return {};
    return size;
}

} // namespace vidi::model
