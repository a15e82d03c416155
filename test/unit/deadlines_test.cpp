#include "transport/deadlines.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <latch>
#include <memory>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using vidi::transport::deadlines;
using clock_type = deadlines::clock;

struct caller final : deadlines::entry, std::enable_shared_from_this<caller>
{
    explicit caller(std::function<void()> what = {}) : action{std::move(what)} {}

    void on_deadline() override
    {
        ++calls;
        called_at = clock_type::now();
        if (action)
            action();
    }

    std::shared_ptr<deadlines::entry> owner() override { return weak_from_this().lock(); }

    std::function<void()> action;
    std::atomic<int> calls = 0;
    clock_type::time_point called_at;
};

class deadline_rules : public ::testing::TestWithParam<bool>
{
protected:
    std::shared_ptr<caller> make_caller(int number)
    {
        return std::make_shared<caller>([this, number] { order.push_back(number); });
    }

    asio::io_context context;
    std::shared_ptr<deadlines> tested =
        std::make_shared<deadlines>(context.get_executor(), GetParam());
    clock_type::time_point const now = clock_type::now();
    std::vector<int> order;
};

INSTANTIATE_TEST_SUITE_P(modes, deadline_rules, ::testing::Bool(), [](auto const& tested_with) {
    return tested_with.param ? "single_threaded" : "multi_threaded";
});

TEST_P(deadline_rules, none_keeps_nobody_waiting) { EXPECT_EQ(context.run(), 0u); }

TEST_P(deadline_rules, come_once_and_not_too_early)
{
    auto const one = make_caller(1);
    tested->set(*one, now + 2ms);
    EXPECT_EQ(one->calls, 0) << "within the call";
    context.run();
    EXPECT_EQ(one->calls, 1);
    EXPECT_GE(one->called_at, now + 2ms);
}

TEST_P(deadline_rules, that_have_passed_come_at_once_but_later)
{
    auto const one = make_caller(1);
    tested->set(*one, now - 1h);
    EXPECT_EQ(one->calls, 0);
    context.run();
    EXPECT_EQ(one->calls, 1);
}

TEST_P(deadline_rules, come_in_their_order)
{
    auto const first = make_caller(1);
    auto const second = make_caller(2);
    auto const third = make_caller(3);
    tested->set(*second, now + 2ms);
    tested->set(*third, now + 3ms);
    tested->set(*first, now + 1ms);
    context.run();
    EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST_P(deadline_rules, of_equal_times_come_in_the_order_in_which_they_were_set)
{
    auto const first = make_caller(1);
    auto const second = make_caller(2);
    auto const third = make_caller(3);
    for (auto const& each : {first, second, third})
        tested->set(*each, now + 1ms);
    context.run();
    EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST_P(deadline_rules, can_be_set_earlier)
{
    auto const one = make_caller(1);
    auto const other = make_caller(2);
    tested->set(*one, now + 1h);
    tested->set(*other, now + 1ms);
    tested->set(*one, now);
    context.run();
    EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST_P(deadline_rules, can_be_set_later)
{
    auto const one = make_caller(1);
    auto const other = make_caller(2);
    tested->set(*one, now);
    tested->set(*other, now + 1ms);
    tested->set(*one, now + 2ms);
    context.run();
    EXPECT_EQ(order, (std::vector{2, 1}));
    EXPECT_GE(one->called_at, now + 2ms);
}

TEST_P(deadline_rules, can_be_set_to_what_they_are)
{
    auto const one = make_caller(1);
    tested->set(*one, now + 1ms);
    tested->set(*one, now + 1ms);
    context.run();
    EXPECT_EQ(one->calls, 1);
}

TEST_P(deadline_rules, do_not_come_when_withdrawn)
{
    auto const one = make_caller(1);
    auto const other = make_caller(2);
    tested->set(*one, now + 1ms);
    tested->set(*other, now + 2ms);
    tested->withdraw(*one);
    tested->withdraw(*one);
    context.run();
    EXPECT_EQ(order, (std::vector{2}));
}

TEST_P(deadline_rules, keep_nobody_waiting_once_withdrawn)
{
    auto const one = make_caller(1);
    tested->set(*one, now + 1h);
    tested->withdraw(*one);
    context.run();
    EXPECT_EQ(one->calls, 0);
}

TEST_P(deadline_rules, can_be_withdrawn_while_somebody_waits)
{
    auto const one = make_caller(1);
    tested->set(*one, now + 1h);
    asio::post(context, [&] { tested->withdraw(*one); });
    context.run();
    EXPECT_EQ(one->calls, 0);
}

TEST_P(deadline_rules, can_be_set_again_after_a_withdrawal)
{
    auto const one = make_caller(1);
    tested->set(*one, now + 1h);
    tested->withdraw(*one);
    tested->set(*one, now + 1ms);
    context.run();
    EXPECT_EQ(one->calls, 1);
}

TEST_P(deadline_rules, can_be_set_again_when_they_come)
{
    auto const one = std::make_shared<caller>();
    one->action = [&, raw = one.get()] {
        if (raw->calls < 3)
            tested->set(*raw, clock_type::now());
    };
    tested->set(*one, now);
    context.run();
    EXPECT_EQ(one->calls, 3);
}

// All that are due at the same time have been taken off by then.
TEST_P(deadline_rules, can_touch_each_other_when_they_come)
{
    auto const other = make_caller(2);
    auto const one = std::make_shared<caller>([&] { tested->set(*other, now + 2ms); });
    tested->set(*one, now);
    tested->set(*other, now + 1h);
    context.run();
    EXPECT_EQ(other->calls, 1);
    EXPECT_GE(other->called_at, now + 2ms);
}

TEST_P(deadline_rules, let_go_of_who_is_destroyed)
{
    auto gone = make_caller(1);
    auto const other = make_caller(2);
    tested->set(*gone, now + 1ms);
    tested->set(*other, now + 2ms);
    tested->withdraw(*gone);
    gone.reset();
    context.run();
    EXPECT_EQ(order, (std::vector{2}));
}

// As in its destructor: it is there still, but nobody can own it any more.
TEST_P(deadline_rules, pass_over_who_is_being_destroyed)
{
    caller unowned{[this] { order.push_back(1); }};
    auto const other = make_caller(2);
    tested->set(unowned, now);
    tested->set(*other, now);
    context.run();
    EXPECT_EQ(order, (std::vector{2}));
}

TEST_P(deadline_rules, keep_alive_who_is_called)
{
    std::weak_ptr<caller> watched;
    auto one = std::make_shared<caller>();
    watched = one;
    one->action = [&] {
        one.reset();
        EXPECT_FALSE(watched.expired());
    };
    tested->set(*one, now);
    context.run();
    EXPECT_TRUE(watched.expired());
}

TEST_P(deadline_rules, live_as_long_as_somebody_waits)
{
    auto const one = make_caller(1);
    tested->set(*one, now + 1ms);
    tested.reset();
    context.run();
    EXPECT_EQ(one->calls, 1);
}

TEST_P(deadline_rules, can_be_very_many)
{
    std::mt19937 random{1};
    std::vector<std::shared_ptr<caller>> callers;
    std::vector<clock_type::time_point> times;
    clock_type::time_point last;
    bool in_order = true;
    for (std::size_t i = 0; i < 10'000; ++i) {
        times.push_back(now + std::chrono::microseconds{random() % 5000});
        callers.push_back(std::make_shared<caller>([&, i] {
            in_order = in_order && times[i] >= last && clock_type::now() >= times[i];
            last = times[i];
        }));
        tested->set(*callers.back(), now + std::chrono::microseconds{random() % 5000});
        tested->set(*callers.back(), times[i]);
    }
    for (std::size_t i = 0; i < callers.size(); i += 3)
        tested->withdraw(*callers[i]);
    context.run();
    EXPECT_TRUE(in_order);
    for (std::size_t i = 0; i < callers.size(); ++i)
        EXPECT_EQ(callers[i]->calls, i % 3 == 0 ? 0 : 1);
}

// Those who set them, and those who are called, are on several threads.
TEST(deadlines_of_many_threads, come_once_or_are_withdrawn)
{
    constexpr int threads = 4;
    asio::io_context context;
    auto unfinished = asio::make_work_guard(context);
    auto const tested = std::make_shared<deadlines>(context.get_executor(), false);
    std::vector<std::shared_ptr<caller>> kept(threads * 500);
    for (auto& each : kept)
        each = std::make_shared<caller>();
    std::latch start{threads};
    auto const use = [&](std::size_t mine) {
        start.arrive_and_wait();
        for (std::size_t i = mine; i < kept.size(); i += threads) {
            tested->set(*kept[i], clock_type::now() + 1h);
            if (i / threads % 2 == 0)
                tested->withdraw(*kept[i]);
            else
                tested->set(*kept[i], clock_type::now() + std::chrono::microseconds{i % 100});
            context.poll();
        }
    };
    {
        std::vector<std::jthread> running;
        for (std::size_t i = 0; i < threads; ++i)
            running.emplace_back(use, i);
    }
    unfinished.reset();
    context.run();
    for (std::size_t i = 0; i < kept.size(); ++i)
        EXPECT_EQ(kept[i]->calls, i / threads % 2 == 0 ? 0 : 1);
}

} // namespace
