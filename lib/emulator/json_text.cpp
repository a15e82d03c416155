#include "emulator/json_text.hpp"

#include <boost/json/serialize.hpp>

#include <charconv>

namespace vidi::emulation {
namespace {

namespace json = boost::json;

class writer
{
public:
    std::string take() && { return std::move(text_); }

    void write(json::value const& value)
    {
        if (auto const object = value.if_object())
            write_object(*object);
        else if (auto const array = value.if_array())
            write_array(*array);
        else if (auto const number = value.if_double())
            write_double(*number);
        else
            text_ += json::serialize(value);
    }

private:
    void write_object(json::object const& object)
    {
        open('{');
        bool first = true;
        for (auto const& [name, value] : object) {
            separate(first);
            text_ += json::serialize(name);
            text_ += ": ";
            write(value);
        }
        close('}', first);
    }

    void write_array(json::array const& array)
    {
        open('[');
        bool first = true;
        for (auto const& value : array) {
            separate(first);
            write(value);
        }
        close(']', first);
    }

    void write_double(double number)
    {
        char digits[32];
        auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
        std::string_view const text{digits, static_cast<std::size_t>(end - digits)};
        text_ += text;
        if (text.find_first_of(".e") == std::string_view::npos)
            text_ += ".0";
    }

    void open(char bracket)
    {
        text_ += bracket;
        ++depth_;
    }

    void separate(bool& first)
    {
        if (!first)
            text_ += ',';
        first = false;
        new_line();
    }

    void close(char bracket, bool empty)
    {
        --depth_;
        if (!empty)
            new_line();
        text_ += bracket;
    }

    void new_line()
    {
        text_ += '\n';
        text_.append(2 * depth_, ' ');
    }

    std::string text_;
    std::size_t depth_ = 0;
};

} // namespace

std::string to_text(json::value const& value)
{
    writer writer;
    writer.write(value);
    return std::move(writer).take() + '\n';
}

} // namespace vidi::emulation
