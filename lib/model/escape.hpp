#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace vidi::model {

/// How many bytes `text` begins with that a JSON string holds as they are: no quotation mark,
/// backslash or control character (RFC 8259, 7).
std::size_t unescaped_length(std::string_view text) noexcept;

/// Reads a JSON string up to its closing quotation mark, which `text` need not end with, into
/// `out`. Returns what was read of `text`, that mark included; nothing if it is no valid string.
std::optional<std::size_t> unescape(std::string_view text, std::string& out);

} // namespace vidi::model
