#pragma once

#include <chrono>

namespace vidi {

/// A second attempt beside a first one that is slow, on another connection. The first answer
/// counts; the other attempt is cancelled, and counted in `exchange_info::possibly_billed` if it
/// had been sent. It shortens the longest waits and costs money, so it is off by default.
///
/// (J. Dean and L. A. Barroso, "The Tail at Scale", CACM 56(2), 2013.)
struct hedging_options
{
    bool enabled = false;

    /// From 0 to 1. The second attempt begins when the first has taken longer, from its wait for a
    /// connection on, than this part of the latest ones that were answered. Of the first twenty
    /// none is hedged.
    double quantile = 0.95;

    /// And not earlier than after this time.
    std::chrono::milliseconds min_delay{50};

    /// From 0 to 1. At most this share of the requests is hedged, so that a server that became slow
    /// is not asked for twice as much.
    double max_share = 0.1;
};

} // namespace vidi
