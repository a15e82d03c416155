#include "transport/gate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <latch>
#include <thread>
#include <vector>

namespace {

using vidi::transport::gate;

class gate_rules : public ::testing::TestWithParam<bool>
{
protected:
    gate tested{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(modes, gate_rules, ::testing::Bool(), [](auto const& tested_with) {
    return tested_with.param ? "single_threaded" : "multi_threaded";
});

TEST_P(gate_rules, the_first_gets_in)
{
    EXPECT_TRUE(tested.enter(1));
    EXPECT_EQ(tested.take(), 1u);
    EXPECT_TRUE(tested.leave());
}

TEST_P(gate_rules, nobody_gets_in_beside_the_first)
{
    EXPECT_TRUE(tested.enter(1));
    EXPECT_FALSE(tested.enter(2));
    EXPECT_FALSE(tested.enter(4));
    EXPECT_EQ(tested.take(), 7u);
    EXPECT_FALSE(tested.enter(2));
    EXPECT_EQ(tested.take(), 2u);
    EXPECT_TRUE(tested.leave());
    EXPECT_TRUE(tested.enter(4));
}

TEST_P(gate_rules, words_are_taken_once)
{
    EXPECT_TRUE(tested.enter(1));
    EXPECT_FALSE(tested.enter(1));
    EXPECT_EQ(tested.take(), 1u);
    EXPECT_EQ(tested.take(), 0u);
}

TEST_P(gate_rules, nobody_leaves_before_all_is_done)
{
    EXPECT_TRUE(tested.enter(1));
    EXPECT_FALSE(tested.leave());
    EXPECT_EQ(tested.take(), 1u);
    EXPECT_FALSE(tested.enter(2));
    EXPECT_FALSE(tested.leave());
    EXPECT_EQ(tested.take(), 2u);
    EXPECT_TRUE(tested.leave());
}

TEST_P(gate_rules, there_may_be_nothing_to_do)
{
    EXPECT_TRUE(tested.enter(0));
    EXPECT_FALSE(tested.enter(0));
    EXPECT_EQ(tested.take(), 0u);
    EXPECT_TRUE(tested.leave());
}

TEST_P(gate_rules, every_bit_but_the_highest_is_a_word)
{
    constexpr gate::words all = ~gate::words{0} >> 1;
    EXPECT_TRUE(tested.enter(all));
    EXPECT_EQ(tested.take(), all);
    EXPECT_TRUE(tested.leave());
}

// Each thread has a word of its own, and leaves it again when it has been taken: so whatever is
// lost holds a thread up forever, and whatever is taken twice is counted.
TEST(gate_of_many_threads, every_word_is_taken_once_and_by_one)
{
    constexpr int threads = 4;
    constexpr int rounds = 20'000;
    gate tested{false};
    // Not atomic: who is inside has them to itself.
    int inside = 0;
    std::array<int, threads> taken{};
    std::array<std::atomic<int>, threads> acknowledged{};

    auto const do_what_is_asked = [&](gate::words what) {
        EXPECT_EQ(++inside, 1);
        for (; what != 0; what &= what - 1) {
            auto const whose = static_cast<std::size_t>(std::countr_zero(what));
            acknowledged[whose].store(++taken[whose]);
        }
        --inside;
    };
    std::latch start{threads};
    auto const leave_words = [&](std::size_t mine) {
        start.arrive_and_wait();
        for (int round = 1; round <= rounds; ++round) {
            if (tested.enter(1U << mine)) {
                do {
                    do_what_is_asked(tested.take());
                } while (!tested.leave());
            }
            while (acknowledged[mine].load() < round)
                std::this_thread::yield();
        }
    };
    {
        std::vector<std::jthread> running;
        for (std::size_t i = 0; i < threads; ++i)
            running.emplace_back(leave_words, i);
    }
    EXPECT_TRUE(std::ranges::all_of(taken, [](int count) { return count == rounds; }));
}

} // namespace
