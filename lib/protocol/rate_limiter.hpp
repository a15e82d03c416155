#pragma once

#include <vidi/admission.hpp>
#include <vidi/exchange_info.hpp>

#include "protocol/hold.hpp"
#include "protocol/rate_window.hpp"

#include <optional>

namespace vidi::protocol {

// When a request for one model may be sent: by the limits that were configured or learned, and by
// what the server refused.
class rate_limiter
{
public:
    using clock = rate_window::clock;
    using time_point = rate_window::time_point;
    using amount = rate_window::amount;

    // What was known when a request was admitted, to be given back with its answer.
    struct admitted
    {
        time_point at{};
        amount estimate = 0; // in tokens
        amount spent = 0;    // requests within the window, this one included
    };

    explicit rate_limiter(admission_options const&) noexcept;

    // When a request may be sent whose tokens are estimated so, `now` if at once.
    time_point admits_at(amount tokens, time_point now) noexcept;
    admitted admit(amount tokens, time_point now) noexcept;

    // What the head of an answer, good or bad, says of the limits.
    void learn(rate_limit_state const&, admitted const&, time_point now) noexcept;

    // 429. `wait` is what the server asks for.
    void on_refusal(
        rate_limit_state const&, std::optional<std::chrono::milliseconds> wait,
        time_point now) noexcept;
    void on_success(std::optional<amount> tokens, admitted const&) noexcept;

private:
    amount expected(amount estimate) const noexcept;
    void recover(time_point now) noexcept;
    void apply_limits() noexcept;
    bool is_refused_too_often(time_point now) noexcept;
    void slow_down(time_point now) noexcept;

    admission_options const& options_;
    rate_window requests_;
    rate_window tokens_;
    rate_window refused_;
    amount learned_requests_ = rate_window::no_limit;
    amount learned_tokens_ = rate_window::no_limit;
    double share_ = 1;        // of the limits, after refusals that they do not explain
    double tokens_ratio_ = 1; // actual to estimated
    time_point recovered_at_{};

    hold hold_;

    // Until then requests keep a distance: the server counts over shorter times than the window, or
    // does not tell its limit.
    time_point paced_until_{};
    time_point next_paced_{};
    clock::duration distance_{};
};

} // namespace vidi::protocol
