#pragma once

#include "latencies.hpp"
#include "usage.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string_view>
#include <vector>

namespace load {

/// Hands out the requests of a closed loop, and keeps account of them. May be used by any thread.
///
/// The first requests warm up: they open the connections. They count for `whole`, not for `steady`
/// and the latencies.
class tally
{
public:
    explicit tally(std::size_t requests, std::size_t warm_up = 0);

    /// As many requests as it takes until the other one is finished.
    tally(tally const& other, std::size_t warm_up);

    /// Requests without end, of which some may be refused.
    static tally endless() { return tally{}; }

    /// Whether another request is to be sent. Every one that is taken must be reported as done.
    bool take();

    void done(clock::time_point sent, std::string_view text);

    /// In place of `done`: the answer was 429. Throws unless the tally is endless.
    void refused();

    bool finished() const;

    struct cost
    {
        std::size_t requests = 0;
        std::chrono::microseconds processor{};
        clock::duration elapsed{};

        double processor_each() const;
        double per_second() const;
    };

    /// Of all requests.
    cost whole() const;
    /// Of those after the warm-up.
    cost steady() const;

    /// When the last one was done.
    clock::time_point ended() const { return end_.time; }

    load::latencies const& latencies() const { return latencies_; }

    /// Of an endless one, so far.
    struct progress
    {
        std::vector<std::chrono::milliseconds> answered; ///< When, since the tally was made.
        std::size_t refused = 0;
    };

    progress so_far() const;

private:
    tally();

    struct instant
    {
        std::chrono::microseconds processor = processor_time();
        clock::time_point time = clock::now();
    };

    static cost between(instant const& from, instant const& to, std::size_t requests);

    tally const* const other_ = nullptr;
    std::size_t requests_;
    std::size_t const warm_up_;
    std::size_t taken_ = 0;
    std::size_t done_ = 0;
    std::size_t refused_ = 0;
    instant begin_{}, warm_ = begin_, end_ = begin_;
    load::latencies latencies_;
    std::mutex mutable mutex_;
};

} // namespace load
