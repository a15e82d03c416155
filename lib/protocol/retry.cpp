#include "protocol/retry.hpp"

#include <vidi/retry.hpp>

#include <algorithm>
#include <cmath>

namespace vidi {
namespace {

using milliseconds = std::chrono::milliseconds;

constexpr milliseconds most_jitter{10'000};

bool is_transient(errc e) noexcept
{
    switch (e) {
    case errc::resolve_failed:
    case errc::connection_refused:
    case errc::connect_failed:
    case errc::connect_timeout:
    case errc::proxy_failed:
    case errc::tls_handshake_interrupted:
    case errc::tls_handshake_timeout:
    case errc::write_timeout:
    case errc::response_head_timeout:
    case errc::response_body_timeout:
    case errc::connection_closed_before_response:
    case errc::connection_closed_within_response:
    case errc::request_timeout:
    case errc::conflict:
    case errc::image_download_failed:
    case errc::rate_limited:
    case errc::server_error:
        return true;
    default:
        return false;
    }
}

bool is_worth_a_retry(failed_attempt const& attempt) noexcept
{
    if (attempt.failure.category() != error_category())
        return false;
    auto const kind = static_cast<errc>(attempt.failure.value());
    auto const server_says = attempt.response.exchange.should_retry;
    bool const is_status = attempt.failure == condition::api;
    if (kind == errc::insufficient_quota)
        return false;
    return is_status ? server_says.value_or(is_transient(kind)) : is_transient(kind);
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
    if (failure.category() != error_category())
        return false;
    switch (static_cast<errc>(failure.value())) {
    case errc::conflict:
    case errc::image_download_failed:
    case errc::rate_limited:
        return false;
    default:
        return is_transient(static_cast<errc>(failure.value()));
    }
}

} // namespace vidi
