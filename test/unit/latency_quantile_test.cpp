#include "protocol/latency_quantile.hpp"

#include <gtest/gtest.h>

namespace {

using std::chrono::microseconds;
using vidi::protocol::latency_quantile;

TEST(latency_quantile, says_nothing_of_a_few)
{
    latency_quantile q{0.5};
    for (int i = 0; i < 19; ++i) {
        q.add(microseconds{10});
        EXPECT_FALSE(q.value());
    }
    q.add(microseconds{10});
    EXPECT_EQ(q.value(), microseconds{10});
}

TEST(latency_quantile, of_the_latest)
{
    latency_quantile q{0.9};
    for (int i = 1; i <= 100; ++i)
        q.add(microseconds{i});
    EXPECT_EQ(q.value(), microseconds{90});
    for (int i = 0; i < 520; ++i)
        q.add(microseconds{1000});
    EXPECT_EQ(q.value(), microseconds{1000});
}

TEST(latency_quantile, the_ends)
{
    latency_quantile least{0};
    latency_quantile most{7};
    for (int i = 1; i <= 50; ++i) {
        least.add(microseconds{i});
        most.add(microseconds{i});
    }
    EXPECT_EQ(least.value(), microseconds{1});
    EXPECT_EQ(most.value(), microseconds{50});
}

} // namespace
