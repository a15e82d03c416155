#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vidi::model {

/// Puts a step before a path like `[1].text`. Paths grow from their end, while the calls that found
/// the offending value return.
void prepend_step(std::string& path, std::string_view name);
void prepend_step(std::string& path, std::size_t position);

} // namespace vidi::model
