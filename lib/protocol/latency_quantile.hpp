#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

namespace vidi::protocol {

// A quantile of the latest latencies.
class latency_quantile
{
public:
    using duration = std::chrono::microseconds;

    // Nothing is said of fewer samples.
    static constexpr std::size_t fewest = 20;

    explicit latency_quantile(double quantile) noexcept : quantile_{std::clamp(quantile, 0.0, 1.0)}
    {
    }

    void add(duration sample) noexcept
    {
        samples_[added_++ % samples_.size()] = sample;
        if (added_ >= fewest && added_ % refreshed_after == 0)
            refresh();
    }

    std::optional<duration> value() const noexcept { return value_; }

private:
    static constexpr std::size_t refreshed_after = 10;

    void refresh() noexcept
    {
        auto sorted = samples_;
        auto const count = std::min(added_, sorted.size());
        auto const rank = static_cast<std::ptrdiff_t>(quantile_ * static_cast<double>(count - 1));
        auto const end = sorted.begin() + static_cast<std::ptrdiff_t>(count);
        std::nth_element(sorted.begin(), sorted.begin() + rank, end);
        value_ = sorted[static_cast<std::size_t>(rank)];
    }

    double quantile_;
    std::size_t added_ = 0;
    std::array<duration, 512> samples_{};
    std::optional<duration> value_;
};

} // namespace vidi::protocol
