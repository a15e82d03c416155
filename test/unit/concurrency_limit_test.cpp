#include "protocol/concurrency_limit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>

namespace {

using namespace std::chrono_literals;
using vidi::protocol::concurrency_limit;

void answer(concurrency_limit& limit, int rounds, std::chrono::duration<double> latency)
{
    for (int i = 0; i < rounds; ++i)
        for (auto n = std::max<std::size_t>(limit.value(), 10); n != 0; --n)
            limit.on_answer(latency, limit.value());
}

TEST(concurrency_limit, doubles_each_round_at_first)
{
    concurrency_limit limit{16, 1, 200};
    EXPECT_EQ(limit.value(), 16U);
    answer(limit, 1, 1s);
    EXPECT_EQ(limit.value(), 32U);
    answer(limit, 2, 1s);
    EXPECT_EQ(limit.value(), 128U);
    answer(limit, 5, 1s);
    EXPECT_EQ(limit.value(), 200U);
}

TEST(concurrency_limit, a_refusal_shrinks_it_once_a_round)
{
    concurrency_limit limit{100, 1, 1000};
    for (int i = 0; i < 99; ++i)
        limit.on_refusal();
    EXPECT_EQ(limit.value(), 70U);
    limit.on_refusal();
    limit.on_refusal();
    EXPECT_EQ(limit.value(), 49U) << "a new round";
}

TEST(concurrency_limit, then_grows_by_a_little)
{
    concurrency_limit limit{100, 1, 1000};
    limit.on_refusal();
    answer(limit, 3, 1s);
    EXPECT_GT(limit.value(), 70U);
    EXPECT_LT(limit.value(), 90U);
}

TEST(concurrency_limit, stays_between_its_bounds)
{
    concurrency_limit limit{5, 3, 20};
    for (int i = 0; i < 1000; ++i)
        limit.on_refusal();
    EXPECT_EQ(limit.value(), 3U);
    answer(limit, 100, 1s);
    EXPECT_EQ(limit.value(), 20U);
    EXPECT_EQ((concurrency_limit{0, 0, 0}.value()), 1U);
}

TEST(concurrency_limit, does_not_grow_while_it_is_not_used)
{
    concurrency_limit limit{100, 1, 1000};
    for (int i = 0; i < 1000; ++i)
        limit.on_answer(1s, 10);
    EXPECT_EQ(limit.value(), 100U);
}

TEST(concurrency_limit, shrinks_when_answers_take_longer_and_longer)
{
    concurrency_limit limit{100, 1, 100};
    answer(limit, 5, 1s);
    EXPECT_EQ(limit.value(), 100U);
    answer(limit, 1, 2s);
    EXPECT_LT(limit.value(), 80U);
    answer(limit, 50, 2s);
    EXPECT_EQ(limit.value(), 100U) << "that is the usual latency now";
}

// A server that serves so many at a time and refuses what would wait for more than a place: the
// limit finds it, from below and without knowing.
TEST(concurrency_limit, finds_the_capacity_of_a_server)
{
    constexpr std::size_t capacity = 60;
    concurrency_limit limit{16, 1, 1000};
    std::mt19937 random{3};
    std::lognormal_distribution<double> noise{0, 0.4};
    std::deque<double> in_flight;
    double now = 0;
    std::size_t refused = 0;
    std::size_t sent = 0;
    double used = 0;
    for (sent = 0; sent < 20'000; ++sent) {
        while (in_flight.size() >= limit.value()) {
            auto const first = std::min_element(in_flight.begin(), in_flight.end());
            used += static_cast<double>(std::min(in_flight.size(), capacity)) * (*first - now);
            now = *first;
            in_flight.erase(first);
            limit.on_answer(1s, in_flight.size() + 1);
        }
        if (in_flight.size() < capacity)
            in_flight.push_back(now + noise(random));
        else {
            limit.on_refusal();
            ++refused;
        }
    }
    EXPECT_LT(refused, sent / 50);
    EXPECT_GT(used / (now * capacity), 0.75) << "mean use of the capacity";
}

} // namespace
