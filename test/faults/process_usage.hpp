#pragma once

#include <cstddef>

namespace vidi_soak {

/// What this process has now.
struct process_usage
{
    /// Bytes of resident memory.
    std::size_t memory = 0;
    /// Open descriptors.
    std::size_t descriptors = 0;
};

/// Throws std::runtime_error.
process_usage measure_process();

} // namespace vidi_soak
