#pragma once

#include <vidi/detail/config.hpp>

#include <string>
#include <string_view>

namespace vidi::batch {

/// The text with line breaks and other control characters as spaces, and `?` in place of what is no
/// UTF-8: what a server said must not move the cursor of a terminal, nor begin a new line of a
/// report.
VIDI_DECL std::string one_line(std::string_view text);

} // namespace vidi::batch
