#pragma once

#include <vidi/exchange_info.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vidi::protocol {

// Takes over what one field of a response head says of the exchange. Unknown fields and unreadable
// values are ignored: gateways send both.
void read_header(exchange_info&, std::string_view name, std::string_view value);

// Makes a date of Retry-After into `retry_after`, if no field said how long to wait. `now` is this
// machine's time, for a response without a date of its own.
void settle_retry_after(exchange_info&, std::chrono::sys_seconds now);

// "1s", "6m0s", "12ms", "1.5s", "1h2m3s": Go's time.Duration, as the x-ratelimit-reset-* fields
// have it. A plain number counts as seconds. Nothing for a negative or unreadable one.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view) noexcept;

// A whole number that is not negative.
std::optional<std::int64_t> parse_count(std::string_view) noexcept;

} // namespace vidi::protocol
