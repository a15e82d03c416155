#pragma once

#include <vidi/hedging.hpp>

#include "protocol/latency_quantile.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace vidi::protocol {

// When an attempt is slow enough for a second beside it, and whether there may be one.
class hedging_rules
{
public:
    explicit hedging_rules(hedging_options const& options) noexcept
        : options_{options}, latencies_{options.quantile}
    {
    }

    void on_request() noexcept { allow(options_.max_share); }

    // After how long an attempt is slow, if that is known.
    std::optional<std::chrono::milliseconds> slow_after() const noexcept
    {
        auto const usual = latencies_.value();
        if (!usual)
            return {};
        return std::max(std::chrono::ceil<std::chrono::milliseconds>(*usual), options_.min_delay);
    }

    bool take_hedge() noexcept
    {
        if (allowance_ < 1)
            return false;
        allowance_ -= 1;
        return true;
    }

    void give_back_hedge() noexcept { allow(1); }

    void on_answer(latency_quantile::duration latency) noexcept { latencies_.add(latency); }

private:
    static constexpr double most_at_once = 10;

    void allow(double more) noexcept { allowance_ = std::min(allowance_ + more, most_at_once); }

    hedging_options const options_;
    latency_quantile latencies_;
    double allowance_ = 0;
};

} // namespace vidi::protocol
