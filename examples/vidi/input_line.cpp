#include "input_line.hpp"

#include "printable.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>

namespace vidi_tool {
namespace {

namespace json = boost::json;

std::string_view trim(std::string_view text) noexcept
{
    constexpr std::string_view blank = " \t\r\f\v";
    auto const begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

void read_member(list_item& item, std::string_view name, json::value& value)
{
    if (name == "id") {
        if (!value.is_string() && !value.is_int64() && !value.is_uint64())
            throw bad_line{"\"id\" is neither a string nor an integer"};
        item.id = std::move(value);
        return;
    }
    if (name != "image" && name != "prompt")
        throw bad_line{"unknown member \"" + one_line(name) + '"'};
    if (!value.is_string())
        throw bad_line{'"' + std::string{name} + "\" is not a string"};
    std::string text{value.get_string()};
    if (name == "image")
        item.image = std::move(text);
    else
        item.prompt = std::move(text);
}

list_item read_object(std::string_view text)
{
    boost::system::error_code ec;
    auto value = json::parse(text, ec);
    if (ec)
        throw bad_line{"not a JSON object: " + ec.message()};
    list_item item;
    for (auto& member : value.as_object())
        read_member(item, member.key(), member.value());
    if (item.image.empty())
        throw bad_line{"\"image\" is missing or empty"};
    return item;
}

list_item read_name(std::string_view text)
{
    if (!is_utf8(text))
        throw bad_line{"not UTF-8"};
    return {.image = std::string{text}};
}

} // namespace

std::variant<no_item, list_item, bad_line> parse_line(std::string_view text)
{
    text = trim(text);
    if (text.empty() || text.front() == '#')
        return no_item{};
    try {
        return text.front() == '{' ? read_object(text) : read_name(text);
    }
    catch (bad_line const& bad) {
        return bad;
    }
}

} // namespace vidi_tool
