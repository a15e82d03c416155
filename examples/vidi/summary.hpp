#pragma once

#include <vidi/batch/progress.hpp>
#include <vidi/pool_statistics.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace vidi_tool {

/// What a batch came to.
struct summary
{
    vidi::batch::progress counts{};
    std::chrono::duration<double> time{};
    vidi::pool_statistics connections{};
};

/// The summary for a person, several lines without a line break at the end.
std::string format_summary(summary const& result);

} // namespace vidi_tool
