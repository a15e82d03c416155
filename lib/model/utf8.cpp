#include "model/utf8.hpp"

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

bool is_ascii_word(char const* from) noexcept
{
    std::uint64_t word;
    std::memcpy(&word, from, sizeof word);
    return (word & 0x8080808080808080) == 0;
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
    std::size_t position = 0;
    while (position < text.size()) {
        // Most text is a data URL: eight characters at a time.
        if (text.size() - position >= 8 && is_ascii_word(text.data() + position)) {
            position += 8;
            continue;
        }
        std::size_t const length = utf8_sequence_length(text.substr(position));
        if (length == 0)
            return position;
        position += length;
    }
    return std::string_view::npos;
}

} // namespace vidi::model
