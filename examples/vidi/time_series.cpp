#include "time_series.hpp"

#include <array>
#include <utility>

namespace vidi_tool {
namespace {

using namespace std::chrono_literals;

// Each is a multiple of the one before it, so that intervals can be put together, and a width
// that people reckon in. Beyond the last it doubles.
constexpr std::array<std::chrono::seconds, 11> widths{1s,    5s,    10s, 30s, 1min, 5min,
                                                      10min, 30min, 1h,  6h,  24h};

std::chrono::seconds next_width(std::chrono::seconds width)
{
    for (auto const candidate : widths)
        if (candidate > width)
            return candidate;
    return 2 * width;
}

std::int64_t floor_divide(std::int64_t number, std::int64_t divisor)
{
    auto const quotient = number / divisor;
    return number % divisor < 0 ? quotient - 1 : quotient;
}

} // namespace

interval_totals& interval_totals::operator+=(interval_totals const& other) noexcept
{
    succeeded += other.succeeded;
    failed += other.failed;
    input_tokens += other.input_tokens;
    output_tokens += other.output_tokens;
    return *this;
}

void time_series::add(time when, interval_totals const& totals)
{
    auto const second = std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
    intervals_[floor_divide(second, width_.count())] += totals;
    while (intervals_.size() > most_)
        widen();
}

void time_series::widen()
{
    auto const width = next_width(width_);
    auto const joined = width / width_;
    std::map<std::int64_t, interval_totals> wider;
    for (auto const& [number, totals] : intervals_)
        wider[floor_divide(number, joined)] += totals;
    intervals_ = std::move(wider);
    width_ = width;
}

} // namespace vidi_tool
