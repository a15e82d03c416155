#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace vidi_tool {

/// How fast a counter grows at present: over the last ten seconds, so that a pause or a new pace
/// shows soon.
class rate_meter
{
public:
    using duration = std::chrono::steady_clock::duration;

    /// @param elapsed Since the counter was 0; never less than before.
    void observe(duration elapsed, std::uint64_t count)
    {
        while (samples_.size() > 1 && samples_[1].elapsed + window <= elapsed)
            samples_.pop_front();
        samples_.push_back({elapsed, count});
    }

    double per_second() const
    {
        using seconds = std::chrono::duration<double>;
        auto const& first = samples_.front();
        auto const& last = samples_.back();
        auto const time = seconds{last.elapsed - first.elapsed}.count();
        return time > 0 ? static_cast<double>(last.count - first.count) / time : 0;
    }

private:
    static constexpr std::chrono::seconds window{10};

    struct sample
    {
        duration elapsed;
        std::uint64_t count;
    };

    std::deque<sample> samples_{{duration::zero(), 0}};
};

} // namespace vidi_tool
