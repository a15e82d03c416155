#pragma once

#include <cstddef>

namespace vidi_tool {

/// Makes sure that so many connections can be open at the same time.
/// @throws usage_error The system does not allow it.
void raise_descriptor_limit(std::size_t connections);

} // namespace vidi_tool
