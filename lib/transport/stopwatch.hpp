#pragma once

#include <vidi/exchange_info.hpp>

#include <chrono>
#include <utility>

namespace vidi::transport {

// Measures the stages of an operation, one after the other.
class stopwatch
{
public:
    exchange_timings::duration lap()
    {
        auto const now = std::chrono::steady_clock::now();
        return std::chrono::duration_cast<exchange_timings::duration>(
            now - std::exchange(last_, now));
    }

private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

} // namespace vidi::transport
