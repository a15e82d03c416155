#pragma once

/// @file
/// Appends single JSON values to a text.

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace vidi::model {

/// In quotes. Escapes what RFC 8259 requires, and nothing else.
void write_string(std::string& out, std::string_view text);

void write_number(std::string& out, std::int64_t number);

/// The shortest text that reads back as the same `double`, with a fraction or an exponent. JSON has
/// no other numbers than finite ones: the others become null.
void write_number(std::string& out, double number);

void write_json(std::string& out, boost::json::value const& value);

} // namespace vidi::model
