#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>

namespace vidi_tool {

/// What became of the items that were done within an interval of time.
struct interval_totals
{
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;

    interval_totals& operator+=(interval_totals const& other) noexcept;
    bool operator==(interval_totals const&) const = default;
};

/// Totals over time, in intervals of equal width. They become wider when there are too many; those
/// in which nothing was done are not there, so that a pause of days costs nothing.
class time_series
{
public:
    using time = std::chrono::sys_time<std::chrono::milliseconds>;

    /// @param most So many intervals at most; at least 2.
    explicit time_series(std::size_t most) : most_{most} {}

    void add(time when, interval_totals const& totals);

    std::chrono::seconds width() const noexcept { return width_; }

    /// The totals by interval: number n begins at n times the width after 1970.
    std::map<std::int64_t, interval_totals> const& intervals() const noexcept { return intervals_; }

private:
    void widen();

    std::size_t most_;
    std::chrono::seconds width_{1};
    std::map<std::int64_t, interval_totals> intervals_;
};

} // namespace vidi_tool
