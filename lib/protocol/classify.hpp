#pragma once

#include <vidi/error.hpp>

#include <string_view>

namespace vidi::protocol {

// What a status means, success being no error. `code` and `type` are those of the API's error body,
// empty if it had none: a 429 is a rate limit or a matter of billing depending on them.
error_code classify_status(unsigned status, std::string_view code, std::string_view type) noexcept;

} // namespace vidi::protocol
