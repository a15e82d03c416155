#include "latencies.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace load {

void latencies::add(clock::time_point sent, clock::time_point answered)
{
    auto const took = std::chrono::duration_cast<std::chrono::microseconds>(answered - sent);
    all_.push_back({answered, static_cast<std::uint32_t>(took.count())});
}

latencies latencies::between(clock::time_point from, clock::time_point to) const
{
    latencies chosen{0};
    std::copy_if(all_.begin(), all_.end(), std::back_inserter(chosen.all_), [&](entry const& one) {
        return from <= one.answered && one.answered < to;
    });
    return chosen;
}

std::vector<std::chrono::milliseconds> latencies::answered_since(clock::time_point begin) const
{
    std::vector<std::chrono::milliseconds> times;
    times.reserve(all_.size());
    for (auto const& one : all_)
        times.push_back(std::chrono::round<std::chrono::milliseconds>(one.answered - begin));
    return times;
}

std::uint32_t latencies::at_most(double share) const
{
    if (all_.empty())
        throw std::logic_error{"no latencies"};
    auto sorted = all_;
    auto const index = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
    auto const nth =
        sorted.begin() + static_cast<std::ptrdiff_t>(std::min(index, sorted.size() - 1));
    std::nth_element(sorted.begin(), nth, sorted.end(), [](entry const& a, entry const& b) {
        return a.microseconds < b.microseconds;
    });
    return nth->microseconds;
}

} // namespace load
