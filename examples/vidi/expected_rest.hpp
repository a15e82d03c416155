#pragma once

#include <cstdint>
#include <optional>

namespace vidi_tool {

/// How many items follow, if the rest of a text is like what was read of it.
inline std::optional<double> expected_rest(
    std::uint64_t items, std::uint64_t bytes, std::optional<std::uint64_t> const& all_bytes)
{
    if (!all_bytes || items == 0 || bytes == 0)
        return std::nullopt;
    auto const unread = *all_bytes > bytes ? *all_bytes - bytes : 0;
    return static_cast<double>(unread) * static_cast<double>(items) / static_cast<double>(bytes);
}

} // namespace vidi_tool
