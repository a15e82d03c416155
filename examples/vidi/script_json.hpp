#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace vidi_tool {

/// JSON for the inside of a `<script>` element. It has no `<`, so that nothing in it ends the
/// element or begins a comment, and neither U+2028 nor U+2029. Strings that are not UTF-8 get
/// U+FFFD where they are not.
std::string script_json(boost::json::value const& value);

/// Text for HTML, inside an element or an attribute in double quotes.
std::string html_text(std::string_view text);

} // namespace vidi_tool
