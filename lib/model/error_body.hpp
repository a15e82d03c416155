#pragma once

#include <vidi/response.hpp>

#include <optional>
#include <string_view>

namespace vidi::model {

/// The error that the body of an HTTP error response describes.
///
/// Servers differ, so this takes what it can get: an object in `error`, an object without that
/// wrapper, or a string. A message that is no string becomes its JSON text. Empty if the body is
/// not a JSON object.
std::optional<response_error> parse_error_body(std::string_view body);

} // namespace vidi::model
