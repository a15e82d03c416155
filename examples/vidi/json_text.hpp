#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace vidi_tool {

/// A string, or null for an empty text.
boost::json::value text_or_null(std::string const& text);

/// JSON on one line, without spaces. Text that is not ASCII stays as it is.
std::string compact_json(boost::json::value const& value);

/// JSON indented by four spaces, without a line break at the end, as Python's
/// `json.dumps(value, indent=4, ensure_ascii=False)` writes it.
std::string pretty_json(boost::json::value const& value);

/// The same for JSON text.
std::string pretty_json(std::string_view text);

} // namespace vidi_tool
