#pragma once

#include <algorithm>
#include <cmath>

namespace vidi::protocol {

// A token bucket that says whether retries are still worth their while (gRPC proposal A6, "Retry
// throttling"): failures empty it, successes fill it up, and it allows retries while it is more
// than half full. Without a capacity it allows all.
class retry_budget
{
public:
    retry_budget(double capacity, double refill) noexcept
        : capacity_{is_positive(capacity) ? capacity : 0},
          refill_{is_positive(refill) ? refill : 0}, tokens_{capacity_}
    {
    }

    // Nothing would change by a success.
    bool full() const noexcept { return tokens_ >= capacity_; }

    void count_success() noexcept { tokens_ = std::min(tokens_ + refill_, capacity_); }
    void count_failure() noexcept { tokens_ = std::max(tokens_ - 1, 0.0); }

    bool allows_retry() const noexcept { return capacity_ == 0 || tokens_ > capacity_ / 2; }

    double tokens() const noexcept { return tokens_; }

private:
    static bool is_positive(double value) noexcept { return std::isfinite(value) && value > 0; }

    double const capacity_;
    double const refill_;
    double tokens_;
};

} // namespace vidi::protocol
