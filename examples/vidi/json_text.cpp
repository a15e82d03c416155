#include "json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdlib>

namespace vidi_tool {
namespace {

namespace json = boost::json;

// The library accepts 64 levels; one more than it will ever hand over.
constexpr std::size_t deepest = 65;

class printer
{
public:
    explicit printer(bool pretty) : pretty_{pretty} {}

    void print(json::value const& value);

    std::string text;

private:
    template <class Structure, class PrintElement>
    void print_elements(
        Structure const& structure, char open, char close, PrintElement const& print_element);
    void print_string(std::string_view value);
    void print_double(double value);
    void new_line();

    bool pretty_;
    std::size_t level_ = 0;
};

void printer::print(json::value const& value)
{
    switch (value.kind()) {
    case json::kind::null:
        text += "null";
        break;
    case json::kind::bool_:
        text += value.get_bool() ? "true" : "false";
        break;
    case json::kind::int64:
        text += std::to_string(value.get_int64());
        break;
    case json::kind::uint64:
        text += std::to_string(value.get_uint64());
        break;
    case json::kind::double_:
        print_double(value.get_double());
        break;
    case json::kind::string:
        print_string(value.get_string());
        break;
    case json::kind::array:
        print_elements(
            value.get_array(), '[', ']', [this](json::value const& element) { print(element); });
        break;
    case json::kind::object:
        print_elements(value.get_object(), '{', '}', [this](json::key_value_pair const& member) {
            print_string(member.key());
            text += pretty_ ? ": " : ":";
            print(member.value());
        });
        break;
    }
}

template <class Structure, class PrintElement>
void printer::print_elements(
    Structure const& structure, char open, char close, PrintElement const& print_element)
{
    text += open;
    ++level_;
    bool first = true;
    for (auto const& element : structure) {
        if (!first)
            text += ',';
        first = false;
        new_line();
        print_element(element);
    }
    --level_;
    if (!first)
        new_line();
    text += close;
}

void printer::print_string(std::string_view value)
{
    static constexpr char digits[] = "0123456789abcdef";
    text += '"';
    for (char const c : value) {
        auto const byte = static_cast<unsigned char>(c);
        auto const short_form = std::string_view{"\"\\\b\f\n\r\t"}.find(c);
        if (short_form != std::string_view::npos) {
            text += '\\';
            text += "\"\\bfnrt"[short_form];
        }
        else if (byte < 0x20) {
            text += "\\u00";
            text += digits[byte >> 4];
            text += digits[byte & 15];
        }
        else {
            text += c;
        }
    }
    text += '"';
}

// Python's rule: an exponent for what is below 1e-4 or at least 1e16, and always a fraction or an
// exponent.
void printer::print_double(double value)
{
    if (!std::isfinite(value)) {
        text += "null";
        return;
    }
    char buffer[64];
    auto const size = std::abs(value);
    bool const fixed = size == 0 || (size >= 1e-4 && size < 1e16);
    auto const format = fixed ? std::chars_format::fixed : std::chars_format::scientific;
    std::string_view const number{
        buffer, std::to_chars(buffer, buffer + sizeof buffer, value, format).ptr};
    text += number;
    if (fixed && number.find('.') == std::string_view::npos)
        text += ".0";
}

void printer::new_line()
{
    if (pretty_)
        text.append(1, '\n').append(4 * level_, ' ');
}

std::string print(json::value const& value, bool pretty)
{
    printer p{pretty};
    p.print(value);
    return std::move(p.text);
}

} // namespace

json::value text_or_null(std::string const& text)
{
    if (text.empty())
        return nullptr;
    return json::string{text};
}

std::string compact_json(json::value const& value) { return print(value, false); }

std::string pretty_json(json::value const& value) { return print(value, true); }

std::string pretty_json(std::string_view text)
{
    json::parse_options options;
    options.max_depth = deepest;
    return pretty_json(json::parse(text, {}, options));
}

} // namespace vidi_tool
