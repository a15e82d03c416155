#include "numbers.hpp"

#include <charconv>

namespace vidi_tool {

std::string decimal(double number, int places)
{
    char buffer[400];
    auto const end =
        std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::fixed, places).ptr;
    return {buffer, end};
}

std::string with_separators(std::uint64_t number)
{
    auto text = std::to_string(number);
    for (auto at = text.size(); at > 3;) {
        at -= 3;
        text.insert(at, 1, ',');
    }
    return text;
}

std::string token_count(std::int64_t number)
{
    return with_separators(number < 0 ? 0 : static_cast<std::uint64_t>(number));
}

std::string list_kinds(std::map<std::string, std::uint64_t> const& numbers)
{
    std::string text;
    for (auto const& [kind, number] : numbers)
        text += (text.empty() ? "" : ", ") + with_separators(number) + ' ' + kind;
    return text;
}

} // namespace vidi_tool
