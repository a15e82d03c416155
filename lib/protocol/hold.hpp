#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace vidi::protocol {

// Until when nothing is sent because the server refused something: for as long as it asked, or for
// longer with each time that it refuses again.
class hold
{
public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;
    using duration = std::chrono::milliseconds;

    explicit hold(duration first) noexcept : first_{first} {}

    time_point until() const noexcept { return until_; }
    bool holds(time_point now) const noexcept { return now < until_; }

    // True if it begins to hold by that. Those who were under way together are refused together:
    // where the server does not say how long to wait, they count once.
    bool on_refusal(std::optional<duration> asked_for, time_point now) noexcept
    {
        bool const begins = !holds(now);
        if (begins)
            ++in_a_row_;
        if (asked_for && *asked_for > duration::zero())
            until_ = std::max(until_, now + std::min(*asked_for, longest_asked_for));
        else if (begins)
            until_ = now + std::min(first_ * (1U << std::min(in_a_row_ - 1, 10U)), longest);
        return begins;
    }

    void on_success() noexcept { in_a_row_ = 0; }

private:
    static constexpr duration longest{30'000};

    // However long the server asks one request to wait, after this another may try.
    static constexpr duration longest_asked_for = std::chrono::hours{1};

    duration const first_;
    unsigned in_a_row_ = 0;
    time_point until_{};
};

} // namespace vidi::protocol
