#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>

namespace vidi::protocol {

// How much was spent within the last while, against a limit: the client's own account of what a
// provider counts. Whatever stretch of that length is looked at, no more than the limit was
// admitted in it.
//
// Time is divided into slots, and a slot is forgotten as a whole, so no memory grows with the
// traffic. What is admitted reaches the provider a little later or earlier after the next than it
// left, so the account looks back a slot further than the provider does.
class rate_window
{
public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;
    using amount = std::uint64_t;

    static constexpr amount no_limit = std::numeric_limits<amount>::max();

    explicit rate_window(clock::duration length, amount limit = no_limit) noexcept;

    amount limit() const noexcept { return limit_; }
    void set_limit(amount limit) noexcept { limit_ = limit; }

    // What was spent within the window that ends now.
    amount spent(time_point now) noexcept;

    // Within a part of it.
    amount spent_lately(clock::duration, time_point now) noexcept;

    // When `cost` may be spent: `now` if at once. A cost above the limit may be spent when nothing
    // else was: it is for the provider to refuse it.
    time_point admits_at(amount cost, time_point now) noexcept;

    void spend(amount cost, time_point now) noexcept;

    // As if it had been spent at an even rate within the window that ends now.
    void spend_evenly(amount, time_point now) noexcept;

    // What was spent at `then` turned out to cost something else.
    void correct(amount estimate, amount actual, time_point then) noexcept;

private:
    // A window consists of so many slots. To look back as far, whatever moment of its own slot an
    // event happened at, takes one more, and the margin another.
    static constexpr std::int64_t slots_in_window = 120;
    static constexpr std::int64_t slots_kept = slots_in_window + 2;

    std::int64_t slot_of(time_point) const noexcept;
    time_point begin_of(std::int64_t slot) const noexcept;
    amount& at(std::int64_t slot) noexcept;
    void forget_until(time_point now) noexcept;

    clock::duration slot_length_;
    amount limit_;
    amount sum_ = 0;
    std::int64_t newest_;
    std::array<amount, slots_kept> slots_{};
};

} // namespace vidi::protocol
