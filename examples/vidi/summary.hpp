#pragma once

#include <vidi/pool_statistics.hpp>

#include "tally.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace vidi_tool {

/// What a batch came to.
struct summary
{
    tally counts{};
    std::chrono::duration<double> time{};
    /// Requests put on a connection.
    std::uint64_t exchanges = 0;
    vidi::pool_statistics connections{};
};

/// The summary for a person, several lines without a line break at the end.
std::string format_summary(summary const& result);

} // namespace vidi_tool
