#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace vidi_tool {

/// With that many digits after the point.
std::string decimal(double number, int places);

/// 1234567 as `1,234,567`.
std::string with_separators(std::uint64_t number);

/// A number of tokens in the same way; what a server claims may be negative, and is then 0.
std::string token_count(std::int64_t number);

/// Numbers of kinds as `4 rate_limited, 2 timeout`.
std::string list_kinds(std::map<std::string, std::uint64_t> const& numbers);

} // namespace vidi_tool
