#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// @file
/// Which requests may leave, and when: rate limits and the limit of concurrency.

namespace vidi {

/// How the requests of a client are held back, so that the provider need not refuse them.
///
/// A request that may not leave yet waits for its turn, first come, first served for each model;
/// one that is tried again goes before those that were not tried yet. The wait counts against no
/// time limit but `timeouts::admission`, and is `exchange_timings::admission`.
struct admission_options
{
    /// The provider's limits for each model, over `window`. Zero: not known. What a request costs
    /// in tokens is estimated before, and corrected by the response's `usage`.
    std::uint64_t requests = 0;
    std::uint64_t tokens = 0;

    /// Over which time the provider counts: at most 366 days.
    std::chrono::milliseconds window{60'000};

    /// Takes limits over that the server tells in `x-ratelimit-*`, if they are lower than those
    /// above, and makes way for other users of the same key. A 429 holds back all requests for its
    /// model until the time that the server names, and a 503 or 529 all requests of the client, but
    /// neither for more than an hour.
    bool learn = true;

    /// Finds out how many requests the server can take at a time, beginning with
    /// `initial_concurrency`: it doubles at first, then grows slowly, and shrinks when the server
    /// refuses or latency rises. (As TCP's congestion window, RFC 5681, with the gradient of
    /// Netflix's concurrency-limits.) Without it, only `pool_options::max_connections` bounds them.
    bool adaptive_concurrency = false;
    std::size_t initial_concurrency = 16; ///< At least 1.
    std::size_t min_concurrency = 1;      ///< At least 1.
    /// Zero: `pool_options::max_connections`.
    std::size_t max_concurrency = 0;

    /// Operations that may wait. One more fails with `errc::admission_full`.
    std::size_t max_waiting = 100'000;
};

/// A snapshot of what a client holds back.
struct admission_statistics
{
    // Now
    std::size_t waiting = 0;           ///< Operations that wait to be admitted.
    std::size_t in_flight = 0;         ///< Attempts that were admitted and are under way.
    std::size_t concurrency_limit = 0; ///< Zero: none.

    // Since the client was made
    std::uint64_t delayed = 0;      ///< Attempts that had to wait.
    std::uint64_t rate_limited = 0; ///< 429 answers that were not a matter of billing.
    std::uint64_t overloaded = 0;   ///< 503 and 529 answers.
};

} // namespace vidi
