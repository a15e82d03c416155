#pragma once

#include <cstddef>
#include <cstdint>

namespace vidi::detail {

/// Which members the JSON text left out although their type has no empty state, such as a string
/// that every server is supposed to send.
///
/// Only the decoder sets it, so that what was absent is absent again when the value is serialised.
/// It is no part of the value: any two compare equal.
class omitted_members
{
public:
    constexpr omitted_members() noexcept = default;

    /// Bit i stands for the member at position i of the field table.
    constexpr explicit omitted_members(std::uint64_t bits) noexcept : bits_{bits} {}

    constexpr bool contains(std::size_t position) const noexcept
    {
        return (bits_ >> position & 1) != 0;
    }

    friend constexpr bool operator==(omitted_members, omitted_members) noexcept { return true; }

private:
    std::uint64_t bits_ = 0;
};

} // namespace vidi::detail
