#pragma once

#include <vidi/batch/one_line.hpp>

#include <string>
#include <string_view>

namespace vidi_tool {

using vidi::batch::one_line;

/// Whether the text is UTF-8 and so can stand in JSON.
bool is_utf8(std::string_view text) noexcept;

/// The text with U+FFFD in place of each byte that is no part of UTF-8.
std::string valid_utf8(std::string_view text);

} // namespace vidi_tool
