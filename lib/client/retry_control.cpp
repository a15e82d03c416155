#include "client/retry_control.hpp"

#include "protocol/retry.hpp"

#include <mutex>
#include <random>

namespace vidi {
namespace {

std::uint64_t seed()
{
    std::random_device source;
    std::uint64_t const high = source();
    return (high << 32) | source();
}

// The mixing step of SplitMix64 (G. Steele, D. Lea, C. Flood, 2014): a counter becomes random.
std::uint64_t mixed(std::uint64_t z) noexcept
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

} // namespace

retry_control::retry_control(client_config const& config)
    : options_{config.retry}, hedging_enabled_{config.hedging.enabled},
      mutex_{config.single_threaded}, budget_{config.retry.budget, config.retry.budget_refill},
      hedging_{config.hedging}, random_state_{seed()}
{
}

double retry_control::random() noexcept
{
    auto const state = random_state_.fetch_add(0x9e3779b97f4a7c15, std::memory_order_relaxed);
    return static_cast<double>(mixed(state) >> 11) * 0x1p-53;
}

void retry_control::count(error_code failure)
{
    if (!failure && budget_full_.load(std::memory_order_relaxed))
        return;
    std::lock_guard const lock{mutex_};
    if (!failure)
        budget_.count_success();
    else if (protocol::is_server_in_trouble(failure))
        budget_.count_failure();
    budget_full_.store(budget_.full(), std::memory_order_relaxed);
}

void retry_control::count_possibly_billed()
{
    std::lock_guard const lock{mutex_};
    ++counts_.possibly_billed;
}

// A policy that throws, though it must not, gives up.
std::optional<retry_control::duration>
retry_control::ask_policy(retry_options const& options, failed_attempt const& attempt)
{
    if (!options.policy)
        return default_retry(options, attempt);
    try {
        return options.policy(attempt);
    }
    catch (...) {
        return {};
    }
}

std::optional<retry_control::duration> retry_control::decide(
    failed_attempt attempt, std::optional<unsigned> limit, std::optional<bool> retry_billed)
{
    bool const unwanted = attempt.possibly_billed && retry_billed == false;
    if (unwanted || (limit && attempt.retries >= *limit))
        return {};
    auto options = options_;
    options.max_retries = limit.value_or(options.max_retries);
    options.retry_possibly_billed = retry_billed.value_or(options.retry_possibly_billed);
    attempt.random = random();
    auto const wait = ask_policy(options, attempt);
    if (!wait || !protocol::is_server_in_trouble(attempt.failure))
        return wait;
    std::lock_guard const lock{mutex_};
    if (budget_.allows_retry())
        return wait;
    ++counts_.withheld;
    return {};
}

void retry_control::count_retry()
{
    std::lock_guard const lock{mutex_};
    ++counts_.retries;
}

std::optional<retry_control::duration> retry_control::hedge_after(bool first)
{
    if (!hedging_enabled_)
        return {};
    std::lock_guard const lock{mutex_};
    if (first)
        hedging_.on_request();
    return hedging_.slow_after();
}

bool retry_control::take_hedge()
{
    std::lock_guard const lock{mutex_};
    if (!budget_.allows_retry() || !hedging_.take_hedge())
        return false;
    ++counts_.hedges;
    return true;
}

void retry_control::give_back_hedge()
{
    std::lock_guard const lock{mutex_};
    hedging_.give_back_hedge();
    --counts_.hedges;
}

void retry_control::on_answer(std::chrono::microseconds latency)
{
    if (!hedging_enabled_)
        return;
    std::lock_guard const lock{mutex_};
    hedging_.on_answer(latency);
}

retry_statistics retry_control::statistics() const
{
    std::lock_guard const lock{mutex_};
    auto result = counts_;
    result.budget = budget_.tokens();
    return result;
}

} // namespace vidi
