#pragma once

#include <cstddef>

namespace vidi_test {

struct allocations
{
    std::size_t calls = 0;
    std::size_t bytes = 0;

    friend allocations operator-(allocations const& a, allocations const& b)
    {
        return {a.calls - b.calls, a.bytes - b.bytes};
    }
};

/// What the calling thread has allocated since it began, by operator new and by std::aligned_alloc:
/// the latter because Asio allocates with it. A program that is linked with this has its operator
/// new replaced.
allocations allocations_so_far() noexcept;

} // namespace vidi_test
