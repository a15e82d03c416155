#pragma once

#include <vidi/error.hpp>

#include <string>

namespace vidi_tool {

/// What a person can do about a failure, in a few words. Empty if the failure's own description
/// says it all.
std::string advice(vidi::error_code code);

} // namespace vidi_tool
