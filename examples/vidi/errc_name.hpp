#pragma once

#include <vidi/error.hpp>

#include <string>

namespace vidi_tool {

/// The name of a failure for programs: that of its `vidi::errc`, such as `rate_limited`; for a code
/// of another category, the category's name and the number.
std::string failure_name(vidi::error_code code);

} // namespace vidi_tool
