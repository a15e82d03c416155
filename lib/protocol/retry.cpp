#include "protocol/retry.hpp"

#include <vidi/retry.hpp>

#include <algorithm>
#include <cmath>

namespace vidi {
namespace {

using milliseconds = std::chrono::milliseconds;

constexpr milliseconds most_jitter{10'000};

// What may pass by itself; less what this client refused, where waiting has had its limit already.
bool is_transient(error_code failure) noexcept
{
    if (failure == errc::admission_full || failure == errc::admission_timeout ||
        failure == errc::pool_full || failure == errc::pool_timeout)
        return false;
    return failure == condition::retryable;
}

bool is_worth_a_retry(failed_attempt const& attempt) noexcept
{
    auto const server_says = attempt.response.exchange.should_retry;
    bool const is_status = attempt.failure == condition::api;
    if (attempt.failure == errc::insufficient_quota)
        return false;
    auto const transient = is_transient(attempt.failure);
    return is_status ? server_says.value_or(transient) : transient;
}

milliseconds rounded(double ms)
{
    return milliseconds{static_cast<milliseconds::rep>(std::llround(ms))};
}

milliseconds backoff(retry_options const& options, unsigned retries, double random)
{
    auto const most = static_cast<double>(options.max_delay.count());
    auto const doubled = std::ldexp(
        static_cast<double>(options.initial_delay.count()),
        static_cast<int>(std::min(retries, 60U)));
    return rounded(std::min(doubled, most) * (1 + random) / 2);
}

milliseconds with_jitter(milliseconds wait, double random)
{
    auto const range = std::min(wait / 4, most_jitter);
    return wait + rounded(static_cast<double>(range.count()) * random);
}

} // namespace

std::optional<milliseconds>
default_retry(retry_options const& options, failed_attempt const& attempt)
{
    if (attempt.retries >= options.max_retries || !is_worth_a_retry(attempt))
        return {};
    if (attempt.possibly_billed && !options.retry_possibly_billed)
        return {};
    auto const& asked_for = attempt.response.exchange.retry_after;
    if (asked_for && *asked_for > milliseconds::zero())
        return with_jitter(*asked_for, attempt.random);
    return backoff(options, attempt.retries, attempt.random);
}

bool protocol::is_server_in_trouble(error_code failure) noexcept
{
    if (failure == errc::conflict || failure == errc::image_download_failed ||
        failure == errc::rate_limited)
        return false;
    return is_transient(failure);
}

} // namespace vidi
