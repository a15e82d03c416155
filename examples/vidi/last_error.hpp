#pragma once

#include <boost/system/error_code.hpp>

#include <errno.h>

namespace vidi_tool {

/// Why the latest call of the system failed.
inline boost::system::error_code last_error() { return {errno, boost::system::system_category()}; }

} // namespace vidi_tool
