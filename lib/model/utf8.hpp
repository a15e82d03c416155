#pragma once

#include <cstddef>
#include <string_view>

namespace vidi::model {

/// The offset of the first byte that is not part of a valid UTF-8 sequence (RFC 3629), or `npos`.
std::size_t find_invalid_utf8(std::string_view text) noexcept;

} // namespace vidi::model
