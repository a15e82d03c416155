#pragma once

#include <vidi/batch/item.hpp>
#include <vidi/batch/latency_histogram.hpp>
#include <vidi/batch/result.hpp>

#include "time_series.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace vidi_tool {

/// What became of all items together. Its size does not depend on their number.
class report_totals
{
public:
    /// How items ended. The first two are @ref unfinished and @ref succeeded, and each other is a
    /// kind of failure.
    struct ending
    {
        std::string kind{};
        std::uint64_t count = 0;
        /// The message of the first failure of the kind.
        std::string example{};
    };

    static constexpr std::size_t unfinished = 0;
    static constexpr std::size_t succeeded = 1;

    report_totals();

    /// @param result Null if the item is not done.
    /// @return Which of the endings it has.
    std::size_t add(vidi::batch::result const* result);

    std::uint64_t items() const noexcept { return items_; }
    std::uint64_t failed() const noexcept;
    std::vector<ending> const& endings() const noexcept { return endings_; }

    /// Of those that succeeded.
    vidi::batch::latency_histogram const& latency() const noexcept { return latency_; }
    time_series const& over_time() const noexcept { return over_time_; }

    std::uint64_t attempts() const noexcept { return attempts_; }
    std::uint64_t possibly_billed() const noexcept { return possibly_billed_; }
    std::uint64_t interrupted() const noexcept { return interrupted_; }

private:
    std::size_t ending_of(vidi::batch::failure const& failure);
    void add_moment(vidi::batch::result const& result);

    std::uint64_t items_ = 0;
    std::uint64_t attempts_ = 0;
    std::uint64_t possibly_billed_ = 0;
    std::uint64_t interrupted_ = 0;
    std::vector<ending> endings_;
    vidi::batch::latency_histogram latency_;
    time_series over_time_;
};

} // namespace vidi_tool
