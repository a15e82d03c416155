#include "protocol/rate_window.hpp"

#include <algorithm>

namespace vidi::protocol {
namespace {

rate_window::amount add(rate_window::amount a, rate_window::amount b) noexcept
{
    return a > rate_window::no_limit - b ? rate_window::no_limit : a + b;
}

} // namespace

rate_window::rate_window(clock::duration length, amount limit) noexcept
    : slot_length_{std::max(length / slots_in_window, clock::duration{1})}, limit_{limit},
      newest_{std::numeric_limits<std::int64_t>::min() / 2}
{
}

std::int64_t rate_window::slot_of(time_point t) const noexcept
{
    return t.time_since_epoch() / slot_length_;
}

rate_window::time_point rate_window::begin_of(std::int64_t slot) const noexcept
{
    return time_point{slot * slot_length_};
}

rate_window::amount& rate_window::at(std::int64_t slot) noexcept
{
    // Slots before the clock's beginning have negative numbers.
    return slots_[static_cast<std::size_t>((slot % slots_kept + slots_kept) % slots_kept)];
}

void rate_window::forget_until(time_point now) noexcept
{
    auto const current = slot_of(now);
    if (current <= newest_)
        return;
    auto const passed = std::min(current - newest_, slots_kept);
    for (auto slot = current - passed + 1; slot <= current; ++slot) {
        sum_ -= at(slot);
        at(slot) = 0;
    }
    newest_ = current;
}

rate_window::amount rate_window::spent(time_point now) noexcept
{
    forget_until(now);
    return sum_;
}

rate_window::amount rate_window::spent_lately(clock::duration length, time_point now) noexcept
{
    forget_until(now);
    auto const slots = std::clamp<std::int64_t>(length / slot_length_, 1, slots_kept);
    amount sum = 0;
    for (auto slot = newest_ - slots + 1; slot <= newest_; ++slot)
        sum += at(slot);
    return sum;
}

rate_window::time_point rate_window::admits_at(amount cost, time_point now) noexcept
{
    forget_until(now);
    auto left = sum_;
    auto const fits = [&] { return left == 0 || add(left, cost) <= limit_; };
    if (limit_ == no_limit || fits())
        return now;
    for (auto slot = newest_ - slots_kept + 1; slot <= newest_; ++slot) {
        left -= at(slot);
        if (fits())
            return begin_of(slot + slots_kept);
    }
    return begin_of(newest_ + slots_kept);
}

void rate_window::spend(amount cost, time_point now) noexcept
{
    forget_until(now);
    cost = std::min(cost, no_limit - sum_);
    at(newest_) += cost;
    sum_ += cost;
}

void rate_window::spend_evenly(amount cost, time_point now) noexcept
{
    forget_until(now);
    cost = std::min(cost, no_limit - sum_);
    sum_ += cost;
    for (auto left = slots_in_window; left != 0; --left) {
        auto const part = cost / static_cast<amount>(left);
        at(newest_ - left + 1) += part;
        cost -= part;
    }
}

void rate_window::correct(amount estimate, amount actual, time_point then) noexcept
{
    auto const slot = slot_of(then);
    if (slot > newest_ || slot <= newest_ - slots_kept)
        return;
    auto const taken_back = std::min(estimate, at(slot));
    actual = std::min(actual, no_limit - (sum_ - taken_back));
    at(slot) = at(slot) - taken_back + actual;
    sum_ = sum_ - taken_back + actual;
}

} // namespace vidi::protocol
