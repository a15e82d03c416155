#pragma once

#include <vidi/batch/judge.hpp>
#include <vidi/error.hpp>

#include <string>

namespace vidi_tool {

/// What a person can do about a failure, in a few words. Empty if the failure's own description
/// says it all.
std::string advice(vidi::error_code code);
std::string advice(vidi::batch::verdict const& verdict);

} // namespace vidi_tool
