#pragma once

#include <cstddef>
#include <string_view>

namespace vidi::model {

/// The length in bytes of the valid UTF-8 sequence (RFC 3629) that `text`, which is not empty,
/// begins with; 0 if it begins with none.
std::size_t utf8_sequence_length(std::string_view text) noexcept;

/// The offset of the first byte that is not part of a valid UTF-8 sequence (RFC 3629), or `npos`.
std::size_t find_invalid_utf8(std::string_view text) noexcept;

} // namespace vidi::model
