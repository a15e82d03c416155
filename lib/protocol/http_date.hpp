#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace vidi::protocol {

// RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT", and the two obsolete formats of a date, which
// a recipient must accept. Nothing for any other text, or for a day that does not exist.
//
// A year of two digits is one from 1970 to 2069, as in POSIX.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) noexcept;

} // namespace vidi::protocol
