#pragma once

#include "list_item.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace vidi_tool {

/// An empty line or a comment.
using no_item = std::monostate;

/// Reads a line of a list, given without its line break: a URL or a file name, or a JSON object
/// `{"id": …, "image": …, "prompt": …}`, of which only `image` must be there.
std::variant<no_item, list_item, bad_line> parse_line(std::string_view text);

} // namespace vidi_tool
