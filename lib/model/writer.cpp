#include "model/writer.hpp"

#include "model/escape.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <charconv>
#include <cmath>
#include <utility>

namespace vidi::model {
namespace {

constexpr std::size_t long_text = 4096;

void write_escape(std::string& out, char c)
{
    constexpr std::string_view digits = "0123456789abcdef";
    switch (c) {
    case '"':
        out += "\\\"";
        return;
    case '\\':
        out += "\\\\";
        return;
    case '\b':
        out += "\\b";
        return;
    case '\f':
        out += "\\f";
        return;
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    default:
        out += "\\u00";
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
}

void write_array(std::string& out, boost::json::array const& array)
{
    char before = '[';
    for (auto const& element : array) {
        out += std::exchange(before, ',');
        write_json(out, element);
    }
    out += array.empty() ? "[]" : "]";
}

void write_object(std::string& out, boost::json::object const& object)
{
    object_writer members{out};
    for (auto const& [name, value] : object) {
        members.name(name);
        write_json(out, value);
    }
    members.end();
}

} // namespace

void write_string(std::string& out, std::string_view text)
{
    // What follows a picture is short, and is not to double the memory once more.
    if (text.size() > long_text)
        out.reserve(out.size() + text.size() + long_text);
    out += '"';
    for (;;) {
        std::size_t const length = unescaped_length(text);
        out.append(text.substr(0, length));
        if (length == text.size())
            break;
        write_escape(out, text[length]);
        text.remove_prefix(length + 1);
    }
    out += '"';
}

void write_number(std::string& out, std::int64_t number)
{
    char buffer[24];
    auto const end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
    out.append(buffer, end);
}

void write_number(std::string& out, double number)
{
    if (!std::isfinite(number)) {
        out += std::isnan(number) ? "null" : number < 0 ? "-1e999" : "1e999";
        return;
    }
    char buffer[32];
    auto const end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
    std::string_view const text{buffer, end};
    out += text;
    if (text.find_first_of(".e") == std::string_view::npos)
        out += ".0";
}

void write_json(std::string& out, boost::json::value const& value)
{
    using boost::json::kind;
    switch (value.kind()) {
    case kind::null:
        out += "null";
        break;
    case kind::bool_:
        out += value.get_bool() ? "true" : "false";
        break;
    case kind::int64:
        write_number(out, value.get_int64());
        break;
    case kind::uint64:
        out += std::to_string(value.get_uint64());
        break;
    case kind::double_:
        write_number(out, value.get_double());
        break;
    case kind::string:
        write_string(out, value.get_string());
        break;
    case kind::array:
        write_array(out, value.get_array());
        break;
    case kind::object:
        write_object(out, value.get_object());
        break;
    }
}

} // namespace vidi::model
