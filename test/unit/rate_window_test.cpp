#include "protocol/rate_window.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace {

using namespace std::chrono_literals;
using vidi::protocol::rate_window;
using time_point = rate_window::time_point;

time_point at(std::chrono::nanoseconds t) { return time_point{1'000'000s + t}; }

// A machine that has just started, or a window that is longer than it has run.
TEST(rate_window, works_from_the_clock_s_beginning_on)
{
    for (rate_window::clock::duration const length : {1h, 24h * 366}) {
        rate_window window{length, 3};
        time_point const start{1s};
        for (int i = 0; i < 3; ++i) {
            EXPECT_EQ(window.admits_at(1, start), start);
            window.spend(1, start);
        }
        auto const next = window.admits_at(1, start);
        EXPECT_GT(next, start + length);
        EXPECT_LE(next, start + length + length / 50);
        EXPECT_EQ(window.spent(next), 0U);
        window.spend_evenly(100, start);
        EXPECT_EQ(window.spent(start), 100U);
    }
}

TEST(rate_window, without_a_limit_all_is_admitted)
{
    rate_window window{60s};
    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(window.admits_at(1'000'000, at(0s)), at(0s));
        window.spend(1'000'000, at(0s));
    }
    EXPECT_EQ(window.spent(at(0s)), 1'000'000'000U);
}

TEST(rate_window, a_burst_of_the_whole_limit_and_then_nothing_for_a_window)
{
    rate_window window{60s, 10};
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(window.admits_at(1, at(0s)), at(0s));
        window.spend(1, at(0s));
    }
    auto const next = window.admits_at(1, at(1s));
    EXPECT_GT(next, at(60s));
    EXPECT_LE(next, at(61s));
    EXPECT_EQ(window.admits_at(1, next - 1ns), next);
    EXPECT_EQ(window.admits_at(1, next), next);
}

TEST(rate_window, what_was_spent_earlier_is_free_earlier)
{
    rate_window window{60s, 100};
    window.spend(60, at(0s));
    window.spend(40, at(30s));
    EXPECT_LE(window.admits_at(60, at(31s)), at(61s));
    EXPECT_GT(window.admits_at(61, at(31s)), at(90s));
}

TEST(rate_window, more_than_the_limit_waits_until_nothing_else_counts)
{
    rate_window window{60s, 100};
    EXPECT_EQ(window.admits_at(1000, at(0s)), at(0s));
    window.spend(1, at(0s));
    EXPECT_GT(window.admits_at(1000, at(0s)), at(60s));
    EXPECT_LE(window.admits_at(1000, at(0s)), at(61s));
}

TEST(rate_window, a_correction_counts_where_it_was_spent)
{
    rate_window window{60s, 100};
    window.spend(80, at(0s));
    window.spend(20, at(30s));
    window.correct(80, 10, at(0s));
    EXPECT_EQ(window.spent(at(31s)), 30U);
    EXPECT_EQ(window.admits_at(70, at(31s)), at(31s));
    window.correct(10, 90, at(0s));
    EXPECT_EQ(window.spent(at(31s)), 110U);
    window.correct(20, 50, at(30s));
    EXPECT_EQ(window.spent(at(62s)), 50U);
    window.correct(90, 7, at(0s));
    EXPECT_EQ(window.spent(at(62s)), 50U) << "no longer in the window";
    window.correct(1000, 0, at(30s));
    EXPECT_EQ(window.spent(at(62s)), 0U);
}

TEST(rate_window, what_was_spent_evenly_is_free_bit_by_bit)
{
    rate_window window{60s, 120};
    window.spend_evenly(120, at(0s));
    EXPECT_EQ(window.spent(at(0s)), 120U);
    EXPECT_GT(window.admits_at(1, at(0s)), at(0s));
    EXPECT_NEAR(static_cast<double>(window.spent(at(31s))), 60, 2);
    EXPECT_EQ(window.spent(at(61s)), 0U);
    window.spend_evenly(7, at(100s));
    EXPECT_EQ(window.spent(at(100s)), 7U);
}

TEST(rate_window, sums_do_not_overflow)
{
    rate_window window{60s, 100};
    window.spend(rate_window::no_limit, at(0s));
    window.spend(rate_window::no_limit, at(1s));
    EXPECT_EQ(window.spent(at(1s)), rate_window::no_limit);
    window.correct(1, rate_window::no_limit, at(0s));
    EXPECT_GT(window.admits_at(rate_window::no_limit, at(1s)), at(60s));
    EXPECT_EQ(window.spent(at(1h)), 0U);
}

// Beside an exact log of all events, as a provider may keep it, for arrivals that are up to half a
// slot late.
TEST(rate_window, no_stretch_of_time_has_more_than_the_limit)
{
    constexpr std::size_t limit = 500;
    rate_window window{60s, limit};
    std::mt19937 random{7};
    std::uniform_int_distribution<int> gap_in_ms{0, 100};
    std::uniform_int_distribution<int> delay_in_ms{0, 250};
    std::deque<time_point> arrived;
    auto now = at(0s);
    std::size_t admitted = 0;
    while (now < at(600s)) {
        now = window.admits_at(1, now + std::chrono::milliseconds{gap_in_ms(random)});
        window.spend(1, now);
        ++admitted;
        arrived.push_back(now + std::chrono::milliseconds{delay_in_ms(random)});
        std::sort(arrived.end() - std::min<std::ptrdiff_t>(10, std::ssize(arrived)), arrived.end());
        while (arrived.front() <= arrived.back() - 60s)
            arrived.pop_front();
        ASSERT_LE(arrived.size(), limit);
    }
    EXPECT_GE(admitted, limit * 10 * 95 / 100);
}

} // namespace
