#pragma once

#include <vidi/testing/emulator.hpp>

#include <chrono>
#include <random>

namespace vidi::emulation {

/// Draws the times that answers take.
class latency_sampler
{
public:
    /// Throws std::invalid_argument if the model makes no sense.
    explicit latency_sampler(testing::latency_model const& model);

    std::chrono::microseconds operator()();

private:
    testing::latency_model model_;
    std::mt19937_64 random_;
};

} // namespace vidi::emulation
