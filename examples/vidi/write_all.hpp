#pragma once

#include <boost/system/error_code.hpp>

#include <string_view>

namespace vidi_tool {

/// Writes all bytes to an open file, waiting as long as it takes.
boost::system::error_code write_all(int file, std::string_view bytes) noexcept;

} // namespace vidi_tool
