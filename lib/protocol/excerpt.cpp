#include "protocol/excerpt.hpp"

#include <cstddef>

namespace vidi::protocol {
namespace {

constexpr std::size_t longest = 1024;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_continuation(unsigned char c) noexcept { return (c & 0xC0) == 0x80; }

// The length of the well-formed character that `text` begins with (Unicode, table 3-7); 0 if there
// is none.
std::size_t character_length(std::string_view text) noexcept
{
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const lead = byte(0);
    if (lead < 0x80)
        return 1;
    std::size_t const length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(byte(i)))
            return 0;
    }
    bool const overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
    bool const surrogate = lead == 0xED && byte(1) > 0x9F;
    bool const beyond = lead == 0xF4 && byte(1) > 0x8F;
    return overlong || surrogate || beyond ? 0 : length;
}

} // namespace

std::string excerpt(std::string_view body)
{
    std::string result;
    while (!body.empty()) {
        auto const length = character_length(body);
        auto const character = length == 0 ? replacement : body.substr(0, length);
        if (result.size() + character.size() > longest)
            break;
        result += character;
        body.remove_prefix(length == 0 ? 1 : length);
    }
    return result;
}

} // namespace vidi::protocol
