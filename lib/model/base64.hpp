#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vidi::model {

/// How many characters `byte_count` bytes become, padding included.
constexpr std::size_t base64_size(std::size_t byte_count) noexcept
{
    return (byte_count + 2) / 3 * 4;
}

/// Appends `bytes` in base64 (RFC 4648 section 4, with padding).
void append_base64(std::string& out, std::string_view bytes);

} // namespace vidi::model
