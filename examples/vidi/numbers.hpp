#pragma once

#include <cstdint>
#include <string>

namespace vidi_tool {

/// With that many digits after the point.
std::string decimal(double number, int places);

/// 1234567 as `1,234,567`.
std::string with_separators(std::uint64_t number);

} // namespace vidi_tool
