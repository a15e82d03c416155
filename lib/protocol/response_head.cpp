#include "protocol/response_head.hpp"

#include "protocol/http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace vidi::protocol {
namespace {

using milliseconds = std::chrono::milliseconds;

// Longer than any limit a server means, and far from overflow.
constexpr double longest_ms = 1e12;

// `name` is in lower case. One bit makes the case of a letter; in what else a field name may hold
// it is set, or would make no character that may be held.
bool is_named(std::string_view field, std::string_view name) noexcept
{
    if (field.size() != name.size())
        return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < field.size(); ++i)
        difference |= static_cast<unsigned>((field[i] | 0x20) ^ name[i]);
    return difference == 0;
}

struct unit
{
    std::string_view name;
    double in_ms;
};

// "ms" stands before "m", which begins it.
constexpr std::array<unit, 6> units{
    {{"ms", 1}, {"us", 1e-3}, {"ns", 1e-6}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}}};

unit const* take_unit(std::string_view& text) noexcept
{
    for (auto const& candidate : units) {
        if (text.starts_with(candidate.name)) {
            text.remove_prefix(candidate.name.size());
            return &candidate;
        }
    }
    return nullptr;
}

std::optional<double> take_number(std::string_view& text) noexcept
{
    double value = 0;
    auto const [end, failure] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (failure != std::errc{} || !(value >= 0) || std::signbit(value))
        return {};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

std::optional<milliseconds> to_milliseconds(double ms) noexcept
{
    if (!(ms >= 0 && ms <= longest_ms))
        return {};
    return milliseconds{static_cast<std::int64_t>(std::ceil(ms))};
}

// A delay in seconds or milliseconds, possibly fractional.
std::optional<milliseconds> parse_delay(std::string_view text, double unit_in_ms) noexcept
{
    auto const number = take_number(text);
    if (!number || !text.empty())
        return {};
    return to_milliseconds(*number * unit_in_ms);
}

std::optional<bool> parse_boolean(std::string_view text) noexcept
{
    if (text == "true")
        return true;
    if (text == "false")
        return false;
    return {};
}

std::string_view without_parameters(std::string_view media_type) noexcept
{
    auto const type = media_type.substr(0, media_type.find(';'));
    auto const last = type.find_last_not_of(" \t");
    return last == std::string_view::npos ? std::string_view{} : type.substr(0, last + 1);
}

using reader = void (*)(exchange_info&, std::string_view value);

struct field
{
    std::string_view name;
    reader read;
};

constexpr std::array<field, 14> fields{{
    {"x-request-id", [](exchange_info& e, std::string_view v) { e.request_id = v; }},
    {"content-type",
     [](exchange_info& e, std::string_view v) { e.content_type = without_parameters(v); }},
    {"content-encoding",
     [](exchange_info& e, std::string_view v) {
         // RFC 9110, 8.4.1: "identity" is no coding, though some send it.
         if (!is_named(v, "identity"))
             e.content_encoding = v;
     }},
    {"location", [](exchange_info& e, std::string_view v) { e.location = v; }},
    {"retry-after-ms",
     [](exchange_info& e, std::string_view v) {
         if (auto const delay = parse_delay(v, 1))
             e.retry_after = delay;
     }},
    {"retry-after",
     [](exchange_info& e, std::string_view v) {
         // The finer field wins, whichever came first.
         if (!e.retry_after)
             e.retry_after = parse_delay(v, 1000);
         e.retry_at = parse_http_date(v);
     }},
    {"date", [](exchange_info& e, std::string_view v) { e.server_time = parse_http_date(v); }},
    {"x-should-retry",
     [](exchange_info& e, std::string_view v) { e.should_retry = parse_boolean(v); }},
    {"x-ratelimit-limit-requests",
     [](exchange_info& e, std::string_view v) { e.rate_limit.limit_requests = parse_count(v); }},
    {"x-ratelimit-limit-tokens",
     [](exchange_info& e, std::string_view v) { e.rate_limit.limit_tokens = parse_count(v); }},
    {"x-ratelimit-remaining-requests",
     [](exchange_info& e, std::string_view v) {
         e.rate_limit.remaining_requests = parse_count(v);
     }},
    {"x-ratelimit-remaining-tokens",
     [](exchange_info& e, std::string_view v) { e.rate_limit.remaining_tokens = parse_count(v); }},
    {"x-ratelimit-reset-requests",
     [](exchange_info& e, std::string_view v) { e.rate_limit.reset_requests = parse_duration(v); }},
    {"x-ratelimit-reset-tokens",
     [](exchange_info& e, std::string_view v) { e.rate_limit.reset_tokens = parse_duration(v); }},
}};

} // namespace

void settle_retry_after(exchange_info& exchange, std::chrono::sys_seconds now)
{
    if (exchange.retry_after || !exchange.retry_at)
        return;
    constexpr std::chrono::seconds longest{static_cast<std::int64_t>(longest_ms / 1000)};
    auto const wait = *exchange.retry_at - exchange.server_time.value_or(now);
    exchange.retry_after = std::clamp(wait, std::chrono::seconds{0}, longest);
}

std::optional<milliseconds> parse_duration(std::string_view text) noexcept
{
    if (auto const seconds = parse_delay(text, 1000))
        return seconds;
    if (text.empty())
        return {};
    double total = 0;
    while (!text.empty()) {
        auto const number = take_number(text);
        if (!number)
            return {};
        auto const* const u = take_unit(text);
        if (!u)
            return {};
        total += *number * u->in_ms;
    }
    return to_milliseconds(total);
}

std::optional<std::int64_t> parse_count(std::string_view text) noexcept
{
    std::int64_t value = 0;
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size() || value < 0)
        return {};
    return value;
}

void read_header(exchange_info& exchange, std::string_view name, std::string_view value)
{
    auto const known =
        std::ranges::find_if(fields, [&](field const& f) { return is_named(name, f.name); });
    if (known != fields.end())
        known->read(exchange, value);
}

} // namespace vidi::protocol
