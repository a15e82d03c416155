#include "time_series.hpp"

#include <gtest/gtest.h>

namespace vidi_tool {
namespace {

using namespace std::chrono_literals;

time_series::time at(std::chrono::milliseconds since_1970) { return time_series::time{since_1970}; }

TEST(time_series, adds_up_what_falls_into_an_interval)
{
    time_series series{10};
    series.add(at(1000ms), {.succeeded = 1, .input_tokens = 5});
    series.add(at(1999ms), {.failed = 1, .output_tokens = 7});
    series.add(at(2000ms), {.succeeded = 1});
    EXPECT_EQ(series.width(), 1s);
    ASSERT_EQ(series.intervals().size(), 2u);
    EXPECT_EQ(
        series.intervals().at(1),
        (interval_totals{.succeeded = 1, .failed = 1, .input_tokens = 5, .output_tokens = 7}));
    EXPECT_EQ(series.intervals().at(2).succeeded, 1u);
}

TEST(time_series, has_wider_intervals_rather_than_more)
{
    time_series series{10};
    for (int second = 0; second != 100'000; ++second)
        series.add(at(std::chrono::seconds{second}), {.succeeded = 1});
    EXPECT_EQ(series.width(), 6h);
    EXPECT_EQ(series.intervals().size(), 5u);
    EXPECT_EQ(series.intervals().at(0).succeeded, 21'600u);
    std::uint64_t all = 0;
    for (auto const& [number, totals] : series.intervals())
        all += totals.succeeded;
    EXPECT_EQ(all, 100'000u);
}

TEST(time_series, does_not_mind_a_pause)
{
    time_series series{4};
    for (std::int64_t const second : {0, 1, 31'536'000, 31'536'001})
        series.add(at(std::chrono::seconds{second}), {.succeeded = 1});
    EXPECT_EQ(series.width(), 1s);
    EXPECT_EQ(series.intervals().size(), 4u);
}

TEST(time_series, takes_any_order_and_times_before_1970)
{
    time_series series{2};
    for (std::int64_t const second : {-1L, 10L, -11L, 3L, -3'456'000'000L, 3'456'000'000L})
        series.add(at(std::chrono::seconds{second}), {.succeeded = 1});
    EXPECT_LE(series.intervals().size(), 2u);
    std::uint64_t all = 0;
    for (auto const& [number, totals] : series.intervals())
        all += totals.succeeded;
    EXPECT_EQ(all, 6u);
}

} // namespace
} // namespace vidi_tool
