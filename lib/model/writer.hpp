#pragma once

/// @file
/// Appends JSON values to a text.

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace vidi::model {

/// In quotes. Escapes what RFC 8259 requires, and nothing else.
void write_string(std::string& out, std::string_view text);

void write_number(std::string& out, std::int64_t number);

/// The shortest text that reads back as the same `double`, with a fraction or an exponent. Infinity
/// becomes a number that is too large for a `double`, what is not a number becomes null.
void write_number(std::string& out, double number);

void write_json(std::string& out, boost::json::value const& value);

/// Writes the names of an object's members and what stands around them; the caller writes each
/// value after its name.
class object_writer
{
public:
    explicit object_writer(std::string& out) : out_{out} {}

    void name(std::string_view text)
    {
        out_ += std::exchange(before_, ',');
        write_string(out_, text);
        out_ += ':';
    }

    void end() { out_ += before_ == '{' ? "{}" : "}"; }

private:
    std::string& out_;
    char before_ = '{';
};

} // namespace vidi::model
