#include "protocol/hold.hpp"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using vidi::protocol::hold;

hold::time_point at(std::chrono::nanoseconds t) { return hold::time_point{1'000s + t}; }

TEST(hold, for_longer_with_each_refusal_in_a_row)
{
    hold h{1s};
    auto now = at(0s);
    EXPECT_FALSE(h.holds(now));
    for (auto const expected : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
        EXPECT_TRUE(h.on_refusal({}, now));
        EXPECT_TRUE(h.holds(now));
        EXPECT_EQ(h.until(), now + expected);
        now = h.until();
        EXPECT_FALSE(h.holds(now));
    }
    h.on_success();
    h.on_refusal({}, now);
    EXPECT_EQ(h.until(), now + 1s);
}

TEST(hold, refusals_together_count_once)
{
    hold h{1s};
    EXPECT_TRUE(h.on_refusal({}, at(0s)));
    for (int i = 0; i < 5; ++i) {
        h.on_success();
        EXPECT_FALSE(h.on_refusal({}, at(500ms))) << "with answers to others between them, too";
    }
    EXPECT_EQ(h.until(), at(1s));
}

TEST(hold, for_as_long_as_the_server_asks)
{
    hold h{1s};
    EXPECT_TRUE(h.on_refusal(20s, at(0s)));
    EXPECT_FALSE(h.on_refusal(5s, at(1s)));
    EXPECT_EQ(h.until(), at(20s));
    EXPECT_FALSE(h.on_refusal(30s, at(2s)));
    EXPECT_EQ(h.until(), at(32s));
    h.on_refusal(std::chrono::milliseconds::max(), at(3s));
    EXPECT_EQ(h.until(), at(3s + 1h)) << "then another may try";
    h.on_refusal(0s, at(2h));
    EXPECT_EQ(h.until(), at(2h + 2s)) << "nothing is asked for";
}

} // namespace
