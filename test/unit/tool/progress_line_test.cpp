#include "expected_rest.hpp"
#include "numbers.hpp"
#include "progress_line.hpp"
#include "rate_meter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

namespace vidi_tool {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

progress some_progress()
{
    progress state;
    state.counts.succeeded = 12'339;
    state.counts.failed = 6;
    state.counts.failures = {{"rate_limited", 4}, {"timeout", 2}};
    state.counts.waiting = 300;
    state.counts.in_flight = 256;
    state.counts.input_tokens = 18'000'000;
    state.counts.output_tokens = 234'567;
    state.counts.p50 = 1234ms;
    state.counts.p95 = 4567ms;
    state.concurrency_limit = 300;
    state.per_second = 812.34;
    state.expected_rest = 3'025'624;
    return state;
}

TEST(progress_line, shows_everything_where_there_is_room)
{
    EXPECT_EQ(
        format_progress(some_progress(), 150),
        "[----------] 0 % 12,345 done, 6 failed (4 rate_limited, 2 timeout), 256/300 in flight, "
        "812.3/s, p50 1.2 s, p95 4.6 s, 18.2M tokens, 1:02:05 left");
}

TEST(progress_line, leaves_out_what_matters_least)
{
    auto const state = some_progress();
    for (
        char const* line :
        {"[----------] 0 % 12,345 done, 6 failed, 256/300 in flight, 812.3/s, p50 1.2 s, p95 4.6 s,"
         " 18.2M tokens, 1:02:05 left",
         "[----------] 0 % 12,345 done, 6 failed, 256/300 in flight, 812.3/s, p50 1.2 s, p95 4.6 s,"
         " 1:02:05 left",
         "[----------] 0 % 12,345 done, 6 failed, 256/300 in flight, 812.3/s, 1:02:05 left",
         "[----------] 0 % 12,345 done, 6 failed, 812.3/s, 1:02:05 left",
         "12,345 done, 6 failed, 812.3/s, 1:02:05 left", "12,345 done, 6 failed, 1:02:05 left",
         "12,345 done, 6 failed", "12,345 done"})
        EXPECT_EQ(format_progress(state, std::string_view{line}.size()), line);
    EXPECT_EQ(format_progress(state, 5), "");
}

TEST(progress_line, is_never_wider_than_asked)
{
    for (std::size_t width = 0; width != 200; ++width)
        EXPECT_LE(format_progress(some_progress(), width).size(), width);
}

TEST(progress_line, says_nothing_of_what_is_not_known)
{
    EXPECT_EQ(format_progress({}, 80), "0 done, 0 failed, 0 in flight, 0.0/s, 0 tokens");
}

TEST(progress_line, fills_the_bar_when_all_is_done)
{
    progress state;
    state.counts.succeeded = 999;
    state.counts.waiting = 1;
    state.expected_rest = 0;
    EXPECT_THAT(format_progress(state, 80), StartsWith("[#########-] 99 % 999 done"));
    state.counts.succeeded = 1000;
    state.counts.waiting = 0;
    EXPECT_THAT(format_progress(state, 80), StartsWith("[##########] 100 % 1,000 done"));
}

TEST(progress_line, writes_short_times_and_small_numbers)
{
    progress state;
    state.expected_rest = 59;
    state.per_second = 1;
    state.counts.input_tokens = 9'999;
    EXPECT_THAT(format_progress(state, 80), HasSubstr("1.0/s, 9,999 tokens, 0:59 left"));
    state.expected_rest = 3599;
    state.counts.input_tokens = 12'345;
    EXPECT_THAT(format_progress(state, 80), HasSubstr("1.0/s, 12k tokens, 59:59 left"));
    state.counts.input_tokens = 1'234'000'000;
    EXPECT_THAT(format_progress(state, 80), HasSubstr("1.23G tokens"));
}

TEST(progress_json, has_all_members)
{
    EXPECT_EQ(
        progress_json(some_progress(), 61'500ms, false),
        R"({"ended":false,"milliseconds":61500,"done":12345,"succeeded":12339,"failed":6,)"
        R"("failures":{"rate_limited":4,"timeout":2},"found_before":0,"doubles":0,"waiting":300,)"
        R"("in_flight":256,"concurrency_limit":300,"requests":0,"possibly_billed":0,)"
        R"("input_tokens":18000000,"output_tokens":234567,"per_second":812.34,)"
        R"("p50_milliseconds":1234,"p95_milliseconds":4567,"part_done":0.0040631688635864695,)"
        R"("seconds_left":3725})");
    EXPECT_THAT(
        progress_json({}, 0ms, true), AllOf(
                                          StartsWith(R"({"ended":true,"milliseconds":0,"done":0,)"),
                                          HasSubstr(R"("concurrency_limit":null)"),
                                          HasSubstr(R"("part_done":null,"seconds_left":null})")));
}

TEST(time_left, counts_what_is_in_work_and_what_is_not_read)
{
    progress state;
    state.counts.waiting = 4;
    state.expected_rest = 100;
    state.per_second = 8;
    EXPECT_EQ(time_left(state), 13s);
    state.expected_rest = 0;
    EXPECT_EQ(time_left(state), 1s);
    state.counts.waiting = 0;
    EXPECT_EQ(time_left(state), 0s);
}

TEST(time_left, is_unknown_before_anything_happened)
{
    progress state;
    state.per_second = 1;
    EXPECT_EQ(time_left(state), std::nullopt);
    state.expected_rest = 10;
    state.per_second = 0;
    EXPECT_EQ(time_left(state), std::nullopt);
    state.expected_rest = 1e12;
    state.per_second = 0.01;
    EXPECT_EQ(time_left(state), std::nullopt);
}

TEST(expected_rest, is_like_what_was_read)
{
    EXPECT_EQ(expected_rest(10, 1000, 11'000), 100);
    EXPECT_EQ(expected_rest(10, 1000, 1000), 0);
    EXPECT_EQ(expected_rest(0, 1000, 11'000), std::nullopt);
    EXPECT_EQ(expected_rest(10, 1000, std::nullopt), std::nullopt);
    // It has grown.
    EXPECT_EQ(expected_rest(10, 1000, 900), 0);
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
