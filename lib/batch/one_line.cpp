#include <vidi/batch/one_line.hpp>

#include "model/utf8.hpp"

namespace vidi::batch {
namespace {

// ASCII's, and those of ISO 8859-1, whose UTF-8 is C2 80 to C2 9F.
bool is_control(std::string_view character) noexcept
{
    auto const first = static_cast<unsigned char>(character.front());
    if (character.size() == 1)
        return first < 0x20 || first == 0x7f;
    return first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

} // namespace

std::string one_line(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        auto const length = model::utf8_sequence_length(text);
        if (length == 0)
            result += '?';
        else if (is_control(text.substr(0, length)))
            result += ' ';
        else
            result += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return result;
}

} // namespace vidi::batch
