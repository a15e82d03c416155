#include "protocol/response_head.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace {

using std::chrono::milliseconds;
using namespace vidi::protocol;

TEST(duration, go_style)
{
    std::vector<std::pair<std::string, std::optional<milliseconds>>> const table{
        {"1s", milliseconds{1000}},
        {"6m0s", milliseconds{360'000}},
        {"12ms", milliseconds{12}},
        {"1.5s", milliseconds{1500}},
        {"1h2m3s", milliseconds{3'723'000}},
        {"250us", milliseconds{1}},
        {"0s", milliseconds{0}},
        {"0", milliseconds{0}},
        {"20", milliseconds{20'000}},
        {"", {}},
        {"-1", {}},
        {"-1s", {}},
        {"-0s", {}},
        {"s", {}},
        {"1x", {}},
        {"1s2", {}},
        {"1 s", {}},
        {"nan", {}},
        {"inf", {}},
        {"1e5s", {}},
        {"999999999999999h", {}},
    };
    for (auto const& [text, expected] : table)
        EXPECT_EQ(parse_duration(text), expected) << text;
}

TEST(count, whole_numbers_only)
{
    EXPECT_EQ(parse_count("0"), 0);
    EXPECT_EQ(parse_count("10000"), 10'000);
    for (auto const* text : {"", "-1", "+1", "1.5", "1 ", " 1", "x", "99999999999999999999"})
        EXPECT_EQ(parse_count(text), std::nullopt) << text;
}

vidi::exchange_info read(std::vector<std::pair<std::string, std::string>> const& fields)
{
    vidi::exchange_info result;
    for (auto const& [name, value] : fields)
        read_header(result, name, value);
    return result;
}

TEST(response_head, rate_limits)
{
    auto const e = read(
        {{"x-ratelimit-limit-requests", "500"},
         {"X-RateLimit-Limit-Tokens", "200000"},
         {"x-ratelimit-remaining-requests", "499"},
         {"x-ratelimit-remaining-tokens", "199000"},
         {"x-ratelimit-reset-requests", "120ms"},
         {"x-ratelimit-reset-tokens", "6m0s"}});
    EXPECT_EQ(e.rate_limit.limit_requests, 500);
    EXPECT_EQ(e.rate_limit.limit_tokens, 200'000);
    EXPECT_EQ(e.rate_limit.remaining_requests, 499);
    EXPECT_EQ(e.rate_limit.remaining_tokens, 199'000);
    EXPECT_EQ(e.rate_limit.reset_requests, milliseconds{120});
    EXPECT_EQ(e.rate_limit.reset_tokens, milliseconds{360'000});
}

TEST(response_head, negative_rate_limits_are_absent)
{
    auto const e =
        read({{"x-ratelimit-limit-requests", "-1"}, {"x-ratelimit-remaining-tokens", "-1"}});
    EXPECT_EQ(e.rate_limit, vidi::rate_limit_state{});
}

TEST(response_head, the_finer_retry_after_wins_in_either_order)
{
    EXPECT_EQ(read({{"retry-after", "2"}}).retry_after, milliseconds{2000});
    EXPECT_EQ(read({{"retry-after", "0.5"}}).retry_after, milliseconds{500});
    EXPECT_EQ(
        read({{"retry-after", "2"}, {"retry-after-ms", "1500"}}).retry_after, milliseconds{1500});
    EXPECT_EQ(
        read({{"retry-after-ms", "1500"}, {"retry-after", "2"}}).retry_after, milliseconds{1500});
    EXPECT_EQ(read({{"retry-after", "soon"}}).retry_after, std::nullopt);
    EXPECT_EQ(read({{"retry-after", "-3"}}).retry_after, std::nullopt);
}

TEST(response_head, a_date_counts_from_the_server_s_own)
{
    auto const this_machine = std::chrono::sys_days{std::chrono::year{2026} / 11 / 25};
    auto const wait = [&](std::vector<std::pair<std::string, std::string>> const& fields) {
        auto e = read(fields);
        settle_retry_after(e, this_machine);
        return e.retry_after;
    };
    std::string const date = "Wed, 25 Nov 2026 00:00:30 GMT";
    EXPECT_EQ(wait({{"Retry-After", date}}), milliseconds{30'000});
    EXPECT_EQ(
        wait({{"Retry-After", date}, {"Date", "Wed, 25 Nov 2026 00:00:10 GMT"}}),
        milliseconds{20'000});
    EXPECT_EQ(
        wait({{"Date", "Wed, 25 Nov 2026 00:00:10 GMT"}, {"Retry-After", date}}),
        milliseconds{20'000});
    EXPECT_EQ(
        wait({{"Retry-After", date}, {"Date", "Wed, 25 Nov 2026 00:01:00 GMT"}}), milliseconds{0});
    EXPECT_EQ(wait({{"Retry-After", date}, {"retry-after-ms", "250"}}), milliseconds{250});
    EXPECT_EQ(wait({{"Date", date}}), std::nullopt);
    EXPECT_EQ(
        wait({{"Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"}}), milliseconds{1'000'000'000'000})
        << "no clock counts so far";
}

TEST(response_head, whether_to_try_again)
{
    EXPECT_EQ(read({{"x-should-retry", "true"}}).should_retry, true);
    EXPECT_EQ(read({{"X-Should-Retry", "false"}}).should_retry, false);
    for (auto const* text : {"", "1", "TRUE", "perhaps"})
        EXPECT_EQ(read({{"x-should-retry", text}}).should_retry, std::nullopt) << text;
}

TEST(response_head, identity_and_type)
{
    auto const e = read(
        {{"X-Request-ID", "req_1"},
         {"content-type", "text/html ; charset=utf-8"},
         {"location", "https://elsewhere/"},
         {"x-unknown", "ignored"}});
    EXPECT_EQ(e.request_id, "req_1");
    EXPECT_EQ(e.content_type, "text/html");
    EXPECT_EQ(e.location, "https://elsewhere/");
}

} // namespace
