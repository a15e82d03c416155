#include "emulator/rate_limiter.hpp"

#include <algorithm>
#include <stdexcept>

namespace vidi::emulation {

void rate_limiter::usage_log::add(time_point now, std::uint64_t amount)
{
    entries.push_back({now, amount});
    sum += amount;
}

// What was used at the very beginning of the window is outside it, so that to wait for a window is
// enough.
void rate_limiter::usage_log::forget_before(time_point begin)
{
    while (!entries.empty() && entries.front().time <= begin) {
        sum -= entries.front().amount;
        entries.pop_front();
    }
}

rate_limiter::time_point rate_limiter::usage_log::time_of(std::uint64_t amount) const
{
    std::uint64_t gone = 0;
    for (auto const& entry : entries) {
        gone += entry.amount;
        if (gone >= amount)
            return entry.time;
    }
    return entries.back().time;
}

rate_limiter::rate_limiter(testing::rate_limit_options const& limits) : limits_{limits}
{
    if (limits.window <= limits.window.zero())
        throw std::invalid_argument("the window of the rate limits must be longer than nothing");
}

std::optional<rate_refusal>
rate_limiter::admit(std::string const& model, std::uint64_t input_tokens, time_point now)
{
    auto& log = log_of(model, now);
    auto refusal = check(rate_limit_kind::requests, log.requests, limits_.requests, 1);
    if (!refusal)
        refusal = check(rate_limit_kind::tokens, log.tokens, limits_.tokens, input_tokens);
    if (refusal) {
        // Before the wait is known, of which it may be a part.
        count_refused(model, now);
        bool const of_requests = refusal->kind == rate_limit_kind::requests;
        refusal->wait = time_until_accepted(of_requests ? log.requests : log.tokens, *refusal, now);
        return refusal;
    }
    log.requests.add(now, 1);
    log.tokens.add(now, input_tokens);
    log.accepted.push_back(now);
    most_in_window_ = std::max<std::uint64_t>(most_in_window_, log.accepted.size());
    return std::nullopt;
}

void rate_limiter::count_refused(std::string const& model, time_point now)
{
    if (limits_.count_refused)
        log_of(model, now).requests.add(now, 1);
}

void rate_limiter::use_tokens(std::string const& model, std::uint64_t tokens, time_point now)
{
    log_of(model, now).tokens.add(now, tokens);
}

rate_budget rate_limiter::requests_left(std::string const& model, time_point now)
{
    return left(log_of(model, now).requests, limits_.requests, now);
}

rate_budget rate_limiter::tokens_left(std::string const& model, time_point now)
{
    return left(log_of(model, now).tokens, limits_.tokens, now);
}

rate_limiter::model_log& rate_limiter::log_of(std::string const& model, time_point now)
{
    auto& log = models_[model];
    auto const begin = now - limits_.window;
    log.requests.forget_before(begin);
    log.tokens.forget_before(begin);
    while (!log.accepted.empty() && log.accepted.front() <= begin)
        log.accepted.pop_front();
    return log;
}

std::optional<rate_refusal> rate_limiter::check(
    rate_limit_kind kind, usage_log const& log, std::uint64_t limit, std::uint64_t amount)
{
    if (limit == 0 || log.sum + amount <= limit)
        return std::nullopt;
    return rate_refusal{.kind = kind, .limit = limit, .used = log.sum, .requested = amount};
}

std::optional<rate_limiter::duration> rate_limiter::time_until_accepted(
    usage_log const& log, rate_refusal const& refusal, time_point now) const
{
    if (refusal.requested > refusal.limit)
        return std::nullopt;
    return log.time_of(log.sum + refusal.requested - refusal.limit) + limits_.window - now;
}

rate_budget rate_limiter::left(usage_log const& log, std::uint64_t limit, time_point now) const
{
    rate_budget budget{.limit = limit, .remaining = limit - std::min(limit, log.sum)};
    if (log.sum != 0)
        budget.reset = log.entries.back().time + limits_.window - now;
    return budget;
}

} // namespace vidi::emulation
