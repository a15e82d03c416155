#pragma once

#include <chrono>
#include <cstddef>

namespace load {

using clock = std::chrono::steady_clock;

/// The time of the processor that this process has used, in its own code and in the kernel's.
std::chrono::microseconds processor_time();

/// The memory of this process, in bytes.
struct memory
{
    std::size_t resident = 0;
    std::size_t heap = 0; ///< What malloc has given out, of all threads.

    static memory now();
};

} // namespace load
