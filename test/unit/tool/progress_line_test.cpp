#include "numbers.hpp"
#include "progress_line.hpp"
#include "rate_meter.hpp"

#include <gtest/gtest.h>

namespace vidi_tool {
namespace {

using namespace std::chrono_literals;

progress some_progress()
{
    return {
        .done = 12'345,
        .failed = 6,
        .in_flight = 256,
        .per_second = 812.34,
        .tokens = 18'234'567,
        .left = 3725s};
}

TEST(progress_line, shows_everything_where_there_is_room)
{
    EXPECT_EQ(
        format_progress(some_progress(), 80),
        "12,345 done, 6 failed, 256 in flight, 812.3/s, 18.2M tokens, 1:02:05 left");
}

TEST(progress_line, leaves_out_what_matters_least)
{
    auto const state = some_progress();
    EXPECT_EQ(
        format_progress(state, 72), "12,345 done, 6 failed, 256 in flight, 812.3/s, 1:02:05 left");
    EXPECT_EQ(format_progress(state, 50), "12,345 done, 6 failed, 812.3/s, 1:02:05 left");
    EXPECT_EQ(format_progress(state, 40), "12,345 done, 6 failed, 1:02:05 left");
    EXPECT_EQ(format_progress(state, 30), "12,345 done, 6 failed");
    EXPECT_EQ(format_progress(state, 12), "12,345 done");
    EXPECT_EQ(format_progress(state, 5), "");
}

TEST(progress_line, is_never_wider_than_asked)
{
    for (std::size_t width = 0; width != 100; ++width)
        EXPECT_LE(format_progress(some_progress(), width).size(), width);
}

TEST(progress_line, says_nothing_of_the_time_left_if_it_is_not_known)
{
    EXPECT_EQ(format_progress({}, 80), "0 done, 0 failed, 0 in flight, 0.0/s, 0 tokens");
}

TEST(progress_line, writes_short_times_and_small_numbers)
{
    EXPECT_EQ(
        format_progress({.done = 1, .tokens = 9'999, .left = 59s}, 80),
        "1 done, 0 failed, 0 in flight, 0.0/s, 9,999 tokens, 0:59 left");
    EXPECT_EQ(
        format_progress({.tokens = 12'345, .left = 3599s}, 80),
        "0 done, 0 failed, 0 in flight, 0.0/s, 12k tokens, 59:59 left");
    EXPECT_EQ(
        format_progress({.tokens = 1'234'000'000}, 80),
        "0 done, 0 failed, 0 in flight, 0.0/s, 1.23G tokens");
}

TEST(time_left, counts_what_is_in_flight_and_what_is_not_read)
{
    list_position const position{.bytes = 1000, .all_bytes = 11'000, .images = 10, .in_flight = 4};
    EXPECT_EQ(time_left(position, 8), 13s);
    EXPECT_EQ(time_left({.bytes = 50, .all_bytes = 50, .images = 5, .in_flight = 3}, 2), 2s);
    EXPECT_EQ(time_left({.bytes = 50, .all_bytes = 50, .images = 5, .in_flight = 0}, 2), 0s);
}

TEST(time_left, is_unknown_before_anything_happened)
{
    EXPECT_EQ(time_left({}, 1), std::nullopt);
    EXPECT_EQ(time_left({.bytes = 1, .all_bytes = 9, .images = 1}, 0), std::nullopt);
    EXPECT_EQ(
        time_left({.bytes = 1, .all_bytes = 1'000'000'000'000, .images = 1}, 0.01), std::nullopt);
}

TEST(rate_meter, forgets_what_is_long_past)
{
    rate_meter meter;
    EXPECT_EQ(meter.per_second(), 0);
    meter.observe(1s, 100);
    EXPECT_EQ(meter.per_second(), 100);
    for (int second = 2; second <= 30; ++second)
        meter.observe(std::chrono::seconds{second}, 100);
    EXPECT_EQ(meter.per_second(), 0);
    meter.observe(35s, 150);
    EXPECT_EQ(meter.per_second(), 5);
}

TEST(numbers, are_grouped_by_thousands)
{
    EXPECT_EQ(with_separators(0), "0");
    EXPECT_EQ(with_separators(999), "999");
    EXPECT_EQ(with_separators(1000), "1,000");
    EXPECT_EQ(with_separators(18446744073709551615u), "18,446,744,073,709,551,615");
    EXPECT_EQ(decimal(2.25, 1), "2.2");
    EXPECT_EQ(decimal(1e300, 0).size(), 301u);
}

} // namespace
} // namespace vidi_tool
