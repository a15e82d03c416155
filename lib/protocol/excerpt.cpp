#include "protocol/excerpt.hpp"

#include "model/utf8.hpp"

#include <cstddef>

namespace vidi::protocol {
namespace {

constexpr std::size_t longest = 1024;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

} // namespace

std::string excerpt(std::string_view body)
{
    std::string result;
    while (!body.empty()) {
        auto const length = model::utf8_sequence_length(body);
        auto const character = length == 0 ? replacement : body.substr(0, length);
        if (result.size() + character.size() > longest)
            break;
        result += character;
        body.remove_prefix(length == 0 ? 1 : length);
    }
    return result;
}

} // namespace vidi::protocol
