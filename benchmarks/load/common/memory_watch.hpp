#pragma once

#include <cstddef>

namespace load {

/// Waits, on a thread of its own, for SIGUSR2: whoever sends it knows that all requests are in
/// flight. Then prints how much the memory has grown since it was made, and ends the process.
class memory_watch
{
public:
    explicit memory_watch(std::size_t requests);
};

} // namespace load
