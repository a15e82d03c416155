#pragma once

#include <vidi/batch/progress.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace vidi_tool {

/// What a display of the progress shows.
struct progress
{
    vidi::batch::progress counts{};
    /// Of requests in flight; 0 if there is none.
    std::size_t concurrency_limit = 0;
    double per_second = 0;
    /// Images that are not taken from the list yet, as far as that can be told.
    std::optional<double> expected_rest{};
};

/// How much of all is done, from 0 to 1.
std::optional<double> part_done(progress const& state);

/// The time left, if the rest of the list is like what was read. None while nothing can be said.
std::optional<std::chrono::seconds> time_left(progress const& state);

/// The progress in at most `width` columns; what matters least is left out first.
std::string format_progress(progress const& state, std::size_t width);

/// The progress as a JSON object on a line, without a line break.
std::string progress_json(progress const& state, std::chrono::milliseconds elapsed, bool ended);

} // namespace vidi_tool
