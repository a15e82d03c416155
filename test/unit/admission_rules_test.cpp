#include "admission/rules.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using vidi::admission_options;
using vidi::errc;
using vidi::error_code;
using vidi::exchange_info;
using vidi::admission::lane;
using vidi::admission::outcome;
using vidi::admission::rules;
using vidi::admission::ticket;
using time_point = rules::time_point;

time_point at(std::chrono::nanoseconds t) { return time_point{1'000'000s + t}; }

class waiting : public rules::waiter
{
public:
    using rules::waiter::waiter;
    void on_admitted() override {}
};

outcome answered(error_code failure, exchange_info const& exchange)
{
    return {failure, exchange, std::nullopt};
}

exchange_info with_status(unsigned status)
{
    exchange_info result;
    result.http_status = status;
    return result;
}

TEST(admission_rules, admit_in_order_of_arrival_within_a_model)
{
    rules r{{.requests = 1}, 100};
    auto& one = r.lane_of("one");
    EXPECT_TRUE(r.admit(one, 1, 1, at(0s)));
    waiting second{one, 1, 2};
    waiting third{one, 1, 3};
    EXPECT_FALSE(r.admit(one, 1, 2, at(0s)));
    EXPECT_TRUE(r.enqueue(second));
    EXPECT_TRUE(r.enqueue(third));
    EXPECT_EQ(r.next(at(1s)), nullptr);
    auto const wake = r.wake_at(at(1s));
    EXPECT_GT(wake, at(60s));
    EXPECT_FALSE(r.admit(one, 1, 4, wake)) << "others are to go first";
    EXPECT_EQ(r.next(wake), &second);
    EXPECT_EQ(second.given().of, &one);
    EXPECT_EQ(r.next(wake), nullptr);
    EXPECT_FALSE(r.withdraw(second)) << "it was admitted";
    EXPECT_TRUE(r.withdraw(third));
    EXPECT_EQ(r.wake_at(wake), rules::never) << "nobody waits";
}

TEST(admission_rules, one_that_comes_again_goes_first)
{
    rules r{{.requests = 1}, 100};
    auto& one = r.lane_of("one");
    r.admit(one, 1, 1, at(0s));
    waiting second{one, 1, 2};
    waiting third{one, 1, 3};
    waiting again{one, 1, 1};
    for (auto* each : {&second, &third, &again})
        EXPECT_TRUE(r.enqueue(*each));
    auto now = at(0s);
    for (auto* expected : {&again, &second, &third}) {
        now = r.wake_at(now);
        EXPECT_EQ(r.next(now), expected);
    }
}

TEST(admission_rules, models_do_not_wait_for_each_other)
{
    rules r{{.requests = 1}, 100};
    auto& one = r.lane_of("one");
    EXPECT_TRUE(r.admit(one, 1, 1, at(0s)));
    waiting second{one, 1, 2};
    EXPECT_TRUE(r.enqueue(second));
    EXPECT_TRUE(r.admit(r.lane_of("two"), 1, 3, at(0s)));
    EXPECT_EQ(&r.lane_of("one"), &one);
    EXPECT_TRUE(r.withdraw(second));
}

TEST(admission_rules, an_overload_holds_all_models_and_for_longer_each_time)
{
    rules r{admission_options{}, 100};
    auto& one = r.lane_of("one");
    auto& two = r.lane_of("two");
    auto const overloaded = with_status(503);
    auto now = at(0s);
    for (auto const wait : {250ms, 500ms, 1000ms}) {
        auto const t = r.admit(one, 1, 1, now).value();
        r.learn(one, t, answered(errc::server_error, overloaded), now);
        r.learn(one, t, answered(errc::server_error, overloaded), now);
        r.on_end(t);
        EXPECT_FALSE(r.admit(two, 1, 2, now + wait - 1ms));
        now += wait;
        EXPECT_TRUE(r.admit(two, 1, 2, now));
    }
    EXPECT_EQ(r.statistics().overloaded, 6U);
}

TEST(admission_rules, a_server_that_asks_for_more_time_gets_it)
{
    rules r{admission_options{}, 100};
    auto& one = r.lane_of("one");
    auto const t = r.admit(one, 1, 1, at(0s)).value();
    auto overloaded = with_status(529);
    overloaded.retry_after = 10s;
    r.learn(one, t, answered(errc::server_error, overloaded), at(0s));
    waiting second{one, 1, 2};
    EXPECT_TRUE(r.enqueue(second));
    EXPECT_EQ(r.wake_at(at(1s)), at(10s));
    EXPECT_EQ(r.next(at(10s)), &second);
}

TEST(admission_rules, not_more_in_flight_than_the_server_can_take)
{
    admission_options const options{.adaptive_concurrency = true, .initial_concurrency = 2};
    rules r{options, 100};
    auto& one = r.lane_of("one");
    auto const first = r.admit(one, 1, 1, at(0s)).value();
    EXPECT_TRUE(r.admit(one, 1, 2, at(0s)));
    EXPECT_FALSE(r.admit(one, 1, 3, at(0s)));
    waiting third{one, 1, 3};
    EXPECT_TRUE(r.enqueue(third));
    EXPECT_EQ(r.wake_at(at(0s)), rules::never) << "only an answer makes room";
    r.learn(one, first, answered({}, with_status(200)), at(1s));
    r.on_end(first);
    EXPECT_EQ(r.next(at(1s)), &third);
    EXPECT_EQ(r.statistics().in_flight, 2U);
    EXPECT_EQ(r.statistics().waiting, 0U);
    EXPECT_EQ(r.statistics().delayed, 1U);
    EXPECT_EQ(r.statistics().concurrency_limit, 2U);
}

TEST(admission_rules, refusals_lower_the_limit)
{
    admission_options const options{.adaptive_concurrency = true, .initial_concurrency = 50};
    for (auto const e :
         {errc::rate_limited, errc::connection_refused, errc::connect_timeout,
          errc::tls_handshake_timeout, errc::response_head_timeout})
    {
        rules r{options, 100};
        auto& one = r.lane_of("one");
        r.learn(one, r.admit(one, 1, 1, at(0s)).value(), answered(e, with_status(0)), at(0s));
        EXPECT_EQ(r.statistics().concurrency_limit, 35U) << error_code{e}.message();
    }
    rules r{options, 100};
    auto& one = r.lane_of("one");
    r.learn(
        one, r.admit(one, 1, 1, at(0s)).value(), answered(errc::bad_request, with_status(400)),
        at(0s));
    EXPECT_EQ(r.statistics().concurrency_limit, 50U);
}

TEST(admission_rules, the_pool_bounds_the_limit_unless_the_caller_does)
{
    admission_options options{.adaptive_concurrency = true, .initial_concurrency = 50};
    EXPECT_EQ((rules{options, 20}.statistics().concurrency_limit), 20U);
    options.max_concurrency = 30;
    EXPECT_EQ((rules{options, 20}.statistics().concurrency_limit), 30U);
}

TEST(admission_rules, not_more_may_wait_than_is_allowed)
{
    rules r{{.requests = 1, .max_waiting = 1}, 100};
    auto& one = r.lane_of("one");
    r.admit(one, 1, 1, at(0s));
    waiting second{one, 1, 2};
    waiting third{one, 1, 3};
    EXPECT_TRUE(r.enqueue(second));
    EXPECT_FALSE(r.enqueue(third));
    EXPECT_TRUE(r.withdraw(second));
    EXPECT_TRUE(r.enqueue(third));
    EXPECT_TRUE(r.withdraw(third));
}

TEST(admission_rules, remember_no_more_models_than_a_client_can_mean)
{
    rules r{admission_options{}, 100};
    for (int i = 0; i < 1'100; ++i)
        r.lane_of("model " + std::to_string(i));
    EXPECT_EQ(&r.lane_of("model 1050"), &r.lane_of("model 1060")) << "these share one";
    EXPECT_NE(&r.lane_of("model 1"), &r.lane_of("model 2"));
}

} // namespace
