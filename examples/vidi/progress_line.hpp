#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace vidi_tool {

/// What the progress line shows.
struct progress
{
    std::uint64_t done = 0; ///< The failed ones included.
    std::uint64_t failed = 0;
    std::size_t in_flight = 0;
    double per_second = 0;
    std::int64_t tokens = 0;
    std::optional<std::chrono::seconds> left{};
};

/// The progress in at most `width` columns; what matters least is left out first.
std::string format_progress(progress const& state, std::size_t width);

/// How far the reading of a list is.
struct list_position
{
    std::uint64_t bytes = 0;     ///< Of the lines read.
    std::uint64_t all_bytes = 0; ///< Of all lines.
    std::uint64_t images = 0;    ///< On the lines read.
    std::uint64_t in_flight = 0; ///< Of those, the ones that are not done.
};

/// The time left, if the rest of the list is like what was read. None while nothing can be said.
std::optional<std::chrono::seconds> time_left(list_position const& position, double per_second);

} // namespace vidi_tool
