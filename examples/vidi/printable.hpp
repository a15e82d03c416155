#pragma once

#include <string>
#include <string_view>

namespace vidi_tool {

/// The text with line breaks and other control characters as spaces: what a server said must not
/// move the cursor of a terminal, nor begin a new line of a report.
std::string one_line(std::string_view text);

/// Whether the text is UTF-8 and so can stand in JSON.
bool is_utf8(std::string_view text) noexcept;

/// The text with U+FFFD in place of each byte that is no part of UTF-8.
std::string valid_utf8(std::string_view text);

} // namespace vidi_tool
