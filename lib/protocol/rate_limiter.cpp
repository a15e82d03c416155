#include "protocol/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace vidi::protocol {
namespace {

using amount = rate_window::amount;

constexpr auto no_limit = rate_window::no_limit;

// Additive increase, multiplicative decrease of the share of a limit that is used.
constexpr double share_after_refusal = 0.8;
constexpr double least_share = 0.1;
constexpr double share_regained_in_a_window = 0.1;

// The same for the distance between requests, where the limit is not known: it begins at what the
// client sent lately, which was too much.
constexpr int steps_in_a_window = 12;
constexpr double pace_after_refusal = 0.7;
constexpr double distance_after_a_step = 0.9;
constexpr double slowest_pace = 300; // in a window

constexpr std::chrono::milliseconds first_hold{1'000};

constexpr amount one_in_so_many = 100;

constexpr double newest_ratio = 0.2;

amount limit_of(std::uint64_t configured) noexcept
{
    return configured == 0 ? no_limit : configured;
}

amount scaled(amount limit, double share) noexcept
{
    if (limit == no_limit)
        return limit;
    return std::max<amount>(1, static_cast<amount>(static_cast<double>(limit) * share));
}

amount positive(std::optional<std::int64_t> const& value) noexcept
{
    return value && *value > 0 ? static_cast<amount>(*value) : no_limit;
}

} // namespace

rate_limiter::rate_limiter(admission_options const& options) noexcept
    : options_{options}, requests_{options.window}, tokens_{options.window},
      refused_{options.window}, hold_{first_hold}
{
    apply_limits();
}

void rate_limiter::apply_limits() noexcept
{
    requests_.set_limit(scaled(std::min(limit_of(options_.requests), learned_requests_), share_));
    tokens_.set_limit(scaled(std::min(limit_of(options_.tokens), learned_tokens_), share_));
}

amount rate_limiter::expected(amount estimate) const noexcept
{
    return static_cast<amount>(std::lround(static_cast<double>(estimate) * tokens_ratio_));
}

void rate_limiter::recover(time_point now) noexcept
{
    auto const step = clock::duration{options_.window} / steps_in_a_window;
    while ((share_ < 1 || recovered_at_ < paced_until_) && recovered_at_ + step <= now) {
        recovered_at_ += step;
        share_ = std::min(1.0, share_ + share_regained_in_a_window / steps_in_a_window);
        distance_ = std::chrono::duration_cast<clock::duration>(distance_ * distance_after_a_step);
        apply_limits();
    }
}

rate_limiter::time_point rate_limiter::admits_at(amount tokens, time_point now) noexcept
{
    recover(now);
    auto at = std::max(
        {requests_.admits_at(1, now), tokens_.admits_at(expected(tokens), now), hold_.until()});
    if (now < paced_until_)
        at = std::max(at, next_paced_);
    return at;
}

rate_limiter::admitted rate_limiter::admit(amount tokens, time_point now) noexcept
{
    auto const estimate = expected(tokens);
    requests_.spend(1, now);
    tokens_.spend(estimate, now);
    if (now < paced_until_)
        next_paced_ = now + distance_;
    return {now, estimate, requests_.spent(now)};
}

void rate_limiter::learn(
    rate_limit_state const& server, admitted const& then, time_point now) noexcept
{
    auto const limit = positive(server.limit_requests);
    auto const token_limit = positive(server.limit_tokens);
    if (limit != no_limit)
        learned_requests_ = limit;
    if (token_limit != no_limit)
        learned_tokens_ = token_limit;
    apply_limits();

    // What the server counted and this client did not send was sent by others with the same key.
    // They are taken to have sent it evenly.
    if (limit == no_limit || !server.remaining_requests || *server.remaining_requests < 0)
        return;
    auto const remaining = static_cast<amount>(*server.remaining_requests);
    auto const own = std::max(then.spent, requests_.spent(now));
    if (remaining <= limit && limit - remaining > own)
        requests_.spend_evenly(limit - remaining - own, now);
}

void rate_limiter::on_refusal(
    rate_limit_state const& server, std::optional<std::chrono::milliseconds> wait,
    time_point now) noexcept
{
    refused_.spend(1, now);
    bool const begins = hold_.on_refusal(wait, now);
    bool const explained = server.remaining_requests == 0 || server.remaining_tokens == 0;
    if (begins && !explained && is_refused_too_often(now))
        slow_down(now);
}

// A few refusals are not worth much: gateways have reasons of their own.
bool rate_limiter::is_refused_too_often(time_point now) noexcept
{
    return refused_.spent(now) * one_in_so_many > requests_.spent(now);
}

void rate_limiter::slow_down(time_point now) noexcept
{
    auto const window = clock::duration{options_.window};
    recovered_at_ = hold_.until();
    paced_until_ = hold_.until() + window;
    if (requests_.limit() != no_limit) {
        share_ = std::max(least_share, share_ * share_after_refusal);
        apply_limits();
        distance_ =
            window / static_cast<clock::rep>(std::min<amount>(requests_.limit(), 1'000'000));
        return;
    }
    auto const lately = requests_.spent_lately(window / steps_in_a_window, now);
    auto const a_window = static_cast<double>(lately) * steps_in_a_window * pace_after_refusal;
    distance_ =
        std::chrono::duration_cast<clock::duration>(window / std::max(a_window, slowest_pace));
}

void rate_limiter::on_success(std::optional<amount> tokens, admitted const& then) noexcept
{
    hold_.on_success();
    if (!tokens)
        return;
    tokens_.correct(then.estimate, *tokens, then.at);
    if (then.estimate == 0)
        return;
    auto const seen =
        tokens_ratio_ * static_cast<double>(*tokens) / static_cast<double>(then.estimate);
    tokens_ratio_ = std::clamp(tokens_ratio_ + (seen - tokens_ratio_) * newest_ratio, 0.01, 100.0);
}

} // namespace vidi::protocol
