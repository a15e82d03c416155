// Whatever fields a server sends, what is read of them makes sense, and so does what follows from
// it: when to try again, and when to send the next request.

#include <vidi/retry.hpp>

#include "fuzz/fuzzing.hpp"
#include "protocol/classify.hpp"
#include "protocol/http_date.hpp"
#include "protocol/rate_limiter.hpp"
#include "protocol/response_head.hpp"

#include <chrono>

using namespace std::chrono_literals;
using vidi_fuzz::expect;

namespace {

constexpr std::string_view names[]{
    "retry-after",
    "Retry-After-Ms",
    "date",
    "x-should-retry",
    "x-ratelimit-limit-requests",
    "x-ratelimit-limit-tokens",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-remaining-tokens",
    "x-ratelimit-reset-requests",
    "x-ratelimit-reset-tokens",
    "content-encoding",
    "content-type",
    "x-request-id",
    "location"};

bool is_sane(std::optional<std::int64_t> const& count) { return !count || *count >= 0; }

bool is_sane(std::optional<std::chrono::milliseconds> const& time) { return !time || *time >= 0ms; }

void check(vidi::exchange_info const& e)
{
    auto const& r = e.rate_limit;
    expect(is_sane(r.limit_requests) && is_sane(r.limit_tokens));
    expect(is_sane(r.remaining_requests) && is_sane(r.remaining_tokens));
    expect(is_sane(r.reset_requests) && is_sane(r.reset_tokens));
    expect(is_sane(e.retry_after));
    expect(e.content_type.find(';') == std::string::npos);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    vidi_fuzz::script script{data, size};
    vidi::admission_options options;
    options.requests = script.byte();
    options.tokens = script.byte() * 1'000U;
    vidi::protocol::rate_limiter limiter{options};
    auto now = vidi::protocol::rate_limiter::time_point{1'000'000s};
    while (!script.done()) {
        vidi::response answer;
        auto& exchange = answer.exchange;
        for (auto fields = script.byte() % 8; fields != 0; --fields) {
            auto const name = names[script.byte() % std::size(names)];
            auto const value = script.take(script.length());
            vidi::protocol::read_header(exchange, name, value);
            (void)vidi::protocol::parse_http_date(value);
        }
        vidi::protocol::settle_retry_after(exchange, std::chrono::sys_days{2026y / 11 / 25});
        check(exchange);

        auto const tokens = script.byte() * 100U;
        auto const at = limiter.admits_at(tokens, now);
        expect(at >= now && at <= now + 2h);
        now = at + std::chrono::milliseconds{script.byte()};
        auto const admitted = limiter.admit(tokens, now);
        limiter.learn(exchange.rate_limit, admitted, now);
        if (script.byte() % 2 == 0)
            limiter.on_success(script.byte() * 1'000U, admitted);
        else
            limiter.on_refusal(exchange.rate_limit, exchange.retry_after, now);

        vidi::failed_attempt const failed{
            .failure = vidi::protocol::classify_status(script.byte() * 4U, answer.error),
            .response = answer,
            .retries = script.byte() % 4U,
            .random = script.byte() / 256.0};
        auto const wait = default_retry({}, failed);
        expect(!wait || *wait >= 0ms);
        if (wait && exchange.retry_after)
            expect(*wait >= *exchange.retry_after);
    }
    return 0;
}
