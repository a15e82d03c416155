#pragma once

#include "usage.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace load {

/// How long requests took.
class latencies
{
public:
    /// For so many no memory need be allocated later.
    explicit latencies(std::size_t expected) { all_.reserve(expected); }

    void add(clock::time_point sent, clock::time_point answered);

    std::size_t count() const { return all_.size(); }

    /// Those that were answered in this time.
    latencies between(clock::time_point from, clock::time_point to) const;

    /// When each of them was answered.
    std::vector<std::chrono::milliseconds> answered_since(clock::time_point) const;

    /// In microseconds, what the given share of the requests took at most.
    std::uint32_t at_most(double share) const;

private:
    struct entry
    {
        clock::time_point answered;
        std::uint32_t microseconds;
    };

    std::vector<entry> all_;
};

} // namespace load
