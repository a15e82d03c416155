#include "protocol/concurrency_limit.hpp"

#include <algorithm>
#include <cmath>

namespace vidi::protocol {
namespace {

constexpr std::size_t shortest_round = 10;

// CUBIC's factor (RFC 9438, 4.6): half, as in RFC 5681, would leave much unused.
constexpr double after_refusal = 0.7;

// Gradient2's: so much above the usual is still noise, and one round cannot say more than half.
constexpr double latency_tolerance = 1.5;
constexpr double smallest_gradient = 0.5;

// The share of the newest round in the usual latency.
constexpr double newest = 0.1;

} // namespace

concurrency_limit::concurrency_limit(std::size_t initial, std::size_t min, std::size_t max) noexcept
    : min_{static_cast<double>(std::max<std::size_t>(min, 1))}, max_{std::max(
                                                                    static_cast<double>(max),
                                                                    min_)},
      limit_{std::clamp(static_cast<double>(initial), min_, max_)}, round_length_{std::max(
                                                                        value(), shortest_round)}
{
}

void concurrency_limit::set(double limit) noexcept { limit_ = std::clamp(limit, min_, max_); }

void concurrency_limit::on_answer(duration latency, std::size_t in_flight) noexcept
{
    latencies_ += latency.count();
    ++timed_;
    most_in_flight_ = std::max(most_in_flight_, in_flight);
    if (++answers_ >= round_length_)
        end_round();
}

// Once a round: all that were in flight together are refused together.
void concurrency_limit::on_refusal() noexcept
{
    slow_start_ = false;
    if (!refused_)
        set(limit_ * after_refusal);
    refused_ = true;
    if (++answers_ >= round_length_)
        end_round();
}

double concurrency_limit::latency_gradient(double mean) noexcept
{
    if (usual_latency_ == 0)
        usual_latency_ = mean;
    auto const gradient =
        std::clamp(latency_tolerance * usual_latency_ / mean, smallest_gradient, 1.0);
    usual_latency_ += (mean - usual_latency_) * newest;
    // After a long time under load that is over.
    if (usual_latency_ > 2 * mean)
        usual_latency_ = 2 * mean;
    return gradient;
}

void concurrency_limit::end_round() noexcept
{
    auto const gradient =
        latencies_ > 0 ? latency_gradient(latencies_ / static_cast<double>(timed_)) : 1.0;
    bool const used = static_cast<double>(most_in_flight_) * 2 >= limit_;
    if (gradient < 1) {
        slow_start_ = false;
        set(limit_ * gradient);
    }
    else if (!refused_ && used) {
        set(slow_start_ ? limit_ * 2 : limit_ + std::sqrt(limit_));
    }
    round_length_ = std::max(value(), shortest_round);
    answers_ = 0;
    timed_ = 0;
    latencies_ = 0;
    most_in_flight_ = 0;
    refused_ = false;
}

} // namespace vidi::protocol
