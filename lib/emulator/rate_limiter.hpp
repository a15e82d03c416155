#pragma once

#include <vidi/testing/emulator.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace vidi::emulation {

/// Which of the limits is meant, as the API names them in an error's `type`.
enum class rate_limit_kind
{
    requests,
    tokens,
};

/// Why a request was not accepted.
struct rate_refusal
{
    rate_limit_kind kind = rate_limit_kind::requests;
    std::uint64_t limit = 0;
    std::uint64_t used = 0;
    std::uint64_t requested = 0;
    /// Until the same request would be accepted; empty if it never would, being too large.
    std::optional<std::chrono::steady_clock::duration> wait{};

    bool operator==(rate_refusal const&) const = default;
};

/// What is left of one limit.
struct rate_budget
{
    std::uint64_t limit = 0;
    std::uint64_t remaining = 0;
    /// Until all of it is there again.
    std::chrono::steady_clock::duration reset{};

    bool operator==(rate_budget const&) const = default;
};

/// The rule of the rate limits: a sliding window, and exact. It remembers all of the last window,
/// for each model by itself, and has no clock: the times that it is given must not decrease.
class rate_limiter
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    explicit rate_limiter(testing::rate_limit_options const& limits);

    /// Accepts a request with that many input tokens, which then counts, or says why not.
    std::optional<rate_refusal>
    admit(std::string const& model, std::uint64_t input_tokens, time_point now);

    /// A request that was answered with another error.
    void count_refused(std::string const& model, time_point now);

    /// What a request has used beyond what it was admitted with.
    void use_tokens(std::string const& model, std::uint64_t tokens, time_point now);

    rate_budget requests_left(std::string const& model, time_point now);
    rate_budget tokens_left(std::string const& model, time_point now);

    /// The largest number of requests accepted from one model's within any window.
    std::uint64_t most_in_window() const { return most_in_window_; }

private:
    struct entry
    {
        time_point time;
        std::uint64_t amount = 0;
    };

    /// What was used within the last window, oldest first.
    struct usage_log
    {
        std::deque<entry> entries{};
        std::uint64_t sum = 0;

        void add(time_point now, std::uint64_t amount);
        void forget_before(time_point begin);
        /// When `amount` or more of it will have left the window.
        time_point time_of(std::uint64_t amount) const;
    };

    struct model_log
    {
        usage_log requests{};
        usage_log tokens{};
        /// Accepted ones alone, whatever else counts.
        std::deque<time_point> accepted{};
    };

    model_log& log_of(std::string const& model, time_point now);
    /// Without the wait.
    static std::optional<rate_refusal>
    check(rate_limit_kind kind, usage_log const& log, std::uint64_t limit, std::uint64_t amount);
    std::optional<duration>
    time_until_accepted(usage_log const& log, rate_refusal const& refusal, time_point now) const;
    rate_budget left(usage_log const& log, std::uint64_t limit, time_point now) const;

    testing::rate_limit_options limits_;
    std::map<std::string, model_log> models_{};
    std::uint64_t most_in_window_ = 0;
};

} // namespace vidi::emulation
