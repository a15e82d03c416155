#pragma once

#include <cstdint>

namespace vidi::detail {

/// Which members the JSON text left out although their type has no empty state, such as a string
/// that every server is supposed to send.
///
/// Only the decoder writes it, so that what was absent is absent again when the value is
/// serialised. It is no part of the value: any two compare equal.
class omitted_members
{
public:
    static constexpr unsigned capacity = 64;

    constexpr void add(unsigned index) noexcept { bits_ |= std::uint64_t{1} << index; }
    constexpr bool contains(unsigned index) const noexcept { return (bits_ >> index & 1) != 0; }

    friend constexpr bool operator==(omitted_members, omitted_members) noexcept { return true; }

private:
    std::uint64_t bits_ = 0;
};

} // namespace vidi::detail
