#include "batch/account.hpp"

#include <algorithm>

namespace vidi::batch {

void account::done(result const& what, provenance how)
{
    std::lock_guard const lock{mutex_};
    if (what.failure) {
        ++progress_.failed;
        ++progress_.failures[what.failure->kind];
    }
    else {
        ++progress_.succeeded;
    }
    progress_.doubles += how == provenance::twin ? 1 : 0;
    progress_.found_before += how == provenance::journal ? 1 : 0;
}

void account::answered(verdict const& given)
{
    std::lock_guard const lock{mutex_};
    auto const& result = given.result;
    ++progress_.asked;
    progress_.refused += result.failure && given.concerns != reach::one_item ? 1 : 0;
    progress_.attempts += result.attempts;
    progress_.possibly_billed += result.possibly_billed;
    if (!given.code)
        latency_.add(result.duration);
    if (!result.usage)
        return;
    progress_.input_tokens += result.usage->input_tokens;
    progress_.output_tokens += result.usage->output_tokens;
}

void account::cancelled(response const& so_far)
{
    std::lock_guard const lock{mutex_};
    progress_.attempts += so_far.exchange.attempts;
    progress_.possibly_billed += so_far.exchange.possibly_billed;
}

void account::working_on(std::size_t items, std::size_t at_client)
{
    std::lock_guard const lock{mutex_};
    progress_.waiting = items;
    progress_.in_flight = at_client;
}

void account::asks_again()
{
    std::lock_guard const lock{mutex_};
    ++progress_.interrupted;
}

progress account::snapshot() const
{
    std::lock_guard const lock{mutex_};
    auto result = progress_;
    result.p50 = latency_.quantile(0.5).value_or(result.p50);
    result.p95 = latency_.quantile(0.95).value_or(result.p95);
    return result;
}

std::uint64_t account::requests() const
{
    std::lock_guard const lock{mutex_};
    return progress_.attempts;
}

std::uint64_t account::tokens() const
{
    std::lock_guard const lock{mutex_};
    auto const sum = progress_.input_tokens + progress_.output_tokens;
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, sum));
}

std::uint64_t account::refused_from_the_first() const
{
    std::lock_guard const lock{mutex_};
    return progress_.refused == progress_.asked ? progress_.refused : 0;
}

} // namespace vidi::batch
