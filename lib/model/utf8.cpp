#include "model/utf8.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace vidi::model {
namespace {

// What may follow a first byte: how many bytes, and the range of the second one, which excludes
// overlong forms, surrogates and everything beyond U+10FFFF.
struct sequence
{
    std::size_t length;
    unsigned char second_first;
    unsigned char second_last;
};

constexpr sequence sequence_after(unsigned char lead) noexcept
{
    if (lead < 0x80)
        return {1, 0, 0};
    if (lead < 0xc2)
        return {0, 0, 0};
    if (lead < 0xe0)
        return {2, 0x80, 0xbf};
    if (lead < 0xf0) {
        unsigned char const first = lead == 0xe0 ? 0xa0 : 0x80;
        unsigned char const last = lead == 0xed ? 0x9f : 0xbf;
        return {3, first, last};
    }
    if (lead < 0xf5) {
        unsigned char const first = lead == 0xf0 ? 0x90 : 0x80;
        unsigned char const last = lead == 0xf4 ? 0x8f : 0xbf;
        return {4, first, last};
    }
    return {0, 0, 0};
}

bool is_continuation(unsigned char byte) noexcept { return (byte & 0xc0) == 0x80; }

// A sequence of three bytes of which the first leaves the second its full range, as in most of
// Chinese. In a word that was read on a little-endian machine, the first byte is the lowest.
constexpr bool is_plain_three_byte_sequence(std::uint64_t word) noexcept
{
    auto const lead = word & 0xff;
    return (word & 0xc0c0f0) == 0x8080e0 && lead != 0xe0 && lead != 0xed;
}

// How many of eight bytes are valid as far as this can be told of all of them at once: ASCII, or
// two sequences of three or one. Zero if they need a closer look.
std::size_t valid_in_word(char const* from) noexcept
{
    if constexpr (std::endian::native != std::endian::little)
        return 0;
    std::uint64_t word;
    std::memcpy(&word, from, sizeof word);
    if (is_plain_three_byte_sequence(word))
        return is_plain_three_byte_sequence(word >> 24) ? 6 : 3;
    return static_cast<std::size_t>(std::countr_zero(word & 0x8080808080808080)) / 8;
}

} // namespace

std::size_t utf8_sequence_length(std::string_view text) noexcept
{
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const [length, first, last] = sequence_after(byte(0));
    if (length < 2)
        return length;
    if (text.size() < length || byte(1) < first || byte(1) > last)
        return 0;
    for (std::size_t i = 2; i < length; ++i)
        if (!is_continuation(byte(i)))
            return 0;
    return length;
}

std::size_t find_invalid_utf8(std::string_view text) noexcept
{
    auto const* const end = text.data() + text.size();
    for (auto const* at = text.data(); at != end;) {
        auto length = end - at >= 8 ? valid_in_word(at) : std::size_t{0};
        if (length == 0)
            length = utf8_sequence_length({at, end});
        if (length == 0)
            return static_cast<std::size_t>(at - text.data());
        at += length;
    }
    return std::string_view::npos;
}

} // namespace vidi::model
