#include <vidi/batch/latency_histogram.hpp>

#include <gtest/gtest.h>

namespace vidi::batch {
namespace {

using namespace std::chrono_literals;

TEST(latency_histogram, of_nothing_says_nothing)
{
    latency_histogram const empty;
    EXPECT_EQ(empty.count(), 0u);
    EXPECT_EQ(empty.quantile(0.5), std::nullopt);
    EXPECT_TRUE(empty.bars().empty());
}

TEST(latency_histogram, is_exact_for_a_few_milliseconds)
{
    for (auto const time : {0ms, 1ms, 2ms, 3ms, 4ms, 7ms, 15ms, 20ms}) {
        latency_histogram histogram;
        histogram.add(time);
        EXPECT_EQ(histogram.quantile(0.5), time);
    }
}

TEST(latency_histogram, is_wrong_by_five_percent_at_most)
{
    for (std::int64_t time = 1; time < 1'000'000'000; time += 1 + time / 37) {
        latency_histogram histogram;
        histogram.add(std::chrono::milliseconds{time});
        for (double const part : {0.0, 0.5, 1.0})
            EXPECT_NEAR(
                static_cast<double>(histogram.quantile(part)->count()), static_cast<double>(time),
                0.05 * static_cast<double>(time));
    }
}

TEST(latency_histogram, orders_what_it_counts)
{
    latency_histogram histogram;
    for (int i = 1; i <= 100; ++i)
        histogram.add(std::chrono::milliseconds{i * 100});
    auto const near = [](std::optional<std::chrono::milliseconds> value, double expected) {
        return std::abs(static_cast<double>(value->count()) - expected) <= 0.05 * expected;
    };
    EXPECT_TRUE(near(histogram.quantile(0.5), 5000));
    EXPECT_TRUE(near(histogram.quantile(0.9), 9000));
    EXPECT_TRUE(near(histogram.quantile(0.99), 9900));
    EXPECT_TRUE(near(histogram.quantile(0), 100));
}

TEST(latency_histogram, has_bars_without_gaps_that_hold_all)
{
    latency_histogram histogram;
    for (auto const time : {0ms, 3ms, 5ms, 1000ms, 1001ms, 900'000ms})
        histogram.add(time);
    auto const bars = histogram.bars();
    ASSERT_FALSE(bars.empty());
    EXPECT_EQ(bars.front().from, 0ms);
    EXPECT_GT(bars.back().to, 900'000ms);
    EXPECT_NE(bars.back().count, 0u);
    std::uint64_t count = 0;
    for (std::size_t i = 0; i != bars.size(); ++i) {
        count += bars[i].count;
        EXPECT_LT(bars[i].from, bars[i].to);
        EXPECT_EQ(bars[i].from, i == 0 ? 0ms : bars[i - 1].to);
    }
    EXPECT_EQ(count, histogram.count());
}

TEST(latency_histogram, takes_what_is_out_of_its_range)
{
    latency_histogram histogram;
    histogram.add(-5ms);
    EXPECT_EQ(histogram.quantile(0.5), 0ms);
    histogram.add(std::chrono::milliseconds::max());
    EXPECT_GT(histogram.quantile(1), 24h * 11);
    EXPECT_EQ(histogram.count(), 2u);
}

} // namespace
} // namespace vidi::batch
