#include "integration/client_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vidi::testing {
namespace {

class client_admission : public client_test
{
protected:
    std::shared_ptr<outcome>
    begin_named(std::string const& id, std::string const& model = "gpt-5-mini")
    {
        auto request = ask();
        request.model = model;
        request_options options;
        options.client_request_id = id;
        return begin(std::move(request), options);
    }

    // In the order of their arrival.
    std::vector<std::string> arrived() const
    {
        std::vector<std::string> result;
        for (auto const& record : server->ledger())
            result.push_back(record.client_request_id);
        return result;
    }

    static void expect_success(outcome const& o)
    {
        EXPECT_FALSE(o.ec) << describe_failure(o.ec, o.response);
    }
};

TEST_F(client_admission, keeps_to_a_configured_limit)
{
    start();
    config.admission.requests = 2;
    config.admission.window = 200ms;
    std::vector<std::shared_ptr<outcome>> all;
    for (auto const* id : {"a", "b", "c", "d", "e"})
        all.push_back(begin_named(id));
    run_until([&] { return client().admission().waiting == 3; });
    EXPECT_EQ(client().admission().in_flight, 2U);
    for (auto const& each : all) {
        run_until(each);
        expect_success(*each);
    }
    EXPECT_EQ(client().admission().delayed, 3U);
    EXPECT_EQ(all[0]->response.exchange.timings.admission.count(), 0);
    EXPECT_GE(all[2]->response.exchange.timings.admission, 150ms);
    EXPECT_GE(all[4]->response.exchange.timings.admission, 350ms);
    EXPECT_EQ(client().admission().in_flight, 0U);
    expect_nothing_in_use();
}

TEST_F(client_admission, keeps_to_a_limit_that_the_server_tells)
{
    emulator_options options;
    options.rate_limits.requests = 10;
    options.rate_limits.window = 1s;
    start(std::move(options));
    // What delays a request, a handshake or a busy machine, brings it to the server within a later
    // second than that which it was counted for.
    config.admission.window = 1300ms;
    EXPECT_EQ(warm_up(10), 10U);
    expect_success(exchange());
    std::vector<std::shared_ptr<outcome>> all;
    for (int i = 0; i < 25; ++i)
        all.push_back(begin(ask()));
    for (auto const& each : all) {
        run_until(each);
        expect_success(*each);
    }
    EXPECT_EQ(server->statistics().rate_limited, 0U);
    EXPECT_EQ(client().admission().rate_limited, 0U);
}

TEST_F(client_admission, serves_in_order_and_those_that_are_tried_again_first)
{
    start([](request_view const& r) {
        return r.sequence == 1
                   ? behaviour::error(429, "rate_limit_exceeded", "", {{"retry-after-ms", "50"}})
                   : behaviour{};
    });
    config.retry.max_retries = 2;
    config.admission.adaptive_concurrency = true;
    config.admission.initial_concurrency = 1;
    config.admission.max_concurrency = 1;
    std::vector<std::shared_ptr<outcome>> all;
    for (auto const* id : {"a", "b", "c", "d"})
        all.push_back(begin_named(id));
    for (auto const& each : all) {
        run_until(each);
        expect_success(*each);
    }
    auto const order = arrived();
    ASSERT_EQ(order.size(), 5U);
    EXPECT_EQ(order[0], "a-1");
    std::vector<std::string> others;
    std::copy_if(order.begin(), order.end(), std::back_inserter(others), [](auto const& id) {
        return id.front() != 'a';
    });
    EXPECT_THAT(others, ::testing::ElementsAre("b-1", "c-1", "d-1"));
    // It waited for its time as those behind it did for the server's; then its turn came first.
    EXPECT_LE(std::find(order.begin(), order.end(), "a-2") - order.begin(), 2);
}

TEST_F(client_admission, a_refusal_holds_back_the_others_for_the_same_model)
{
    start([](request_view const& r) {
        return r.sequence == 1
                   ? behaviour::error(429, "rate_limit_exceeded", "", {{"retry-after-ms", "300"}})
                   : behaviour{};
    });
    EXPECT_EQ(exchange().ec, errc::rate_limited);
    auto const same = begin_named("same");
    auto const other = begin_named("other", "gpt-5");
    run_until(other);
    expect_success(*other);
    EXPECT_EQ(other->response.exchange.timings.admission.count(), 0);
    run_until(same);
    expect_success(*same);
    EXPECT_GT(same->response.exchange.timings.admission.count(), 0);
    EXPECT_THAT(arrived(), ::testing::ElementsAre(::testing::_, "other-1", "same-1"));
}

TEST_F(client_admission, an_overload_holds_back_all)
{
    start([](request_view const& r) {
        return r.sequence == 1
                   ? behaviour::error(503, "overloaded", "", {{"retry-after-ms", "200"}})
                   : behaviour{};
    });
    EXPECT_EQ(exchange().ec, errc::server_error);
    auto const other = begin_named("other", "gpt-5");
    run_until(other);
    expect_success(*other);
    EXPECT_GT(other->response.exchange.timings.admission.count(), 0);
    EXPECT_EQ(client().admission().overloaded, 1U);
}

TEST_F(client_admission, the_wait_does_not_count_against_the_operation)
{
    start();
    config.admission.requests = 1;
    config.admission.window = 3s;
    config.timeouts.operation = 2s;
    expect_success(exchange());
    auto const waited = exchange();
    expect_success(waited);
    EXPECT_GT(waited.response.exchange.timings.admission, 2s);
}

TEST_F(client_admission, a_wait_has_a_limit_and_an_error_of_its_own)
{
    start();
    config.admission.requests = 1;
    config.admission.max_waiting = 1;
    config.timeouts.admission = 50ms;
    expect_success(exchange());
    auto const waits = begin_named("waits");
    auto const one_too_many = begin_named("one too many");
    run_until(one_too_many);
    EXPECT_EQ(one_too_many->ec, errc::admission_full);
    EXPECT_EQ(one_too_many->response.exchange.attempts, 0U);
    run_until(waits);
    EXPECT_EQ(waits->ec, errc::admission_timeout);
    EXPECT_EQ(waits->ec, condition::timeout);
    EXPECT_EQ(waits->response.exchange.attempts, 0U);
    EXPECT_EQ(client().admission().waiting, 0U);
    EXPECT_EQ(server->statistics().requests, 1U);
    expect_nothing_in_use();
}

TEST_F(client_admission, a_wait_is_cancelled_without_effect)
{
    for (auto const type :
         {asio::cancellation_type::total, asio::cancellation_type::partial,
          asio::cancellation_type::terminal})
    {
        destroy_client();
        start();
        config.admission.requests = 1;
        expect_success(exchange());
        asio::cancellation_signal signal;
        auto const cancelled = begin(ask(), {}, signal.slot());
        auto const behind = begin(ask());
        run_until([&] { return client().admission().waiting == 2; });
        signal.emit(type);
        run_until(cancelled);
        EXPECT_EQ(cancelled->ec, asio::error::operation_aborted);
        EXPECT_EQ(client().admission().waiting, 1U);
        EXPECT_FALSE(behind->called);
        destroy_client();
        run_until(behind);
        EXPECT_EQ(behind->ec, asio::error::operation_aborted);
        context.restart();
        context.run();
    }
}

// Nothing runs any more that could cancel it.
TEST_F(client_admission, a_wait_ends_with_the_context)
{
    start();
    config.admission.requests = 1;
    auto const held = std::make_shared<int>(1);
    {
        asio::io_context own_context;
        vidi::client own_client{own_context, config};
        for (int i = 0; i < 3; ++i)
            own_client.async_create(ask(), [held](error_code, vidi::response const&) {});
        while (own_client.admission().waiting != 2)
            own_context.run_one_for(5ms);
    }
    EXPECT_EQ(held.use_count(), 1) << "nothing holds the handlers any more";
}

TEST_F(client_admission, leaves_nothing_to_do_when_nobody_waits)
{
    start([](request_view const&) {
        return behaviour::error(429, "rate_limit_exceeded", "", {{"retry-after", "3600"}});
    });
    config.timeouts.admission = 20ms;
    EXPECT_EQ(exchange().ec, errc::rate_limited);
    EXPECT_EQ(exchange().ec, errc::admission_timeout);
    context.restart();
    context.run();
    SUCCEED() << "the context has nothing to wait for";
}

TEST_F(client_admission, those_behind_one_that_gives_up_need_not_wait_for_its_time)
{
    start();
    config.admission.tokens = 5'000;
    auto dear = ask(std::string(20'000, 'x'));
    EXPECT_FALSE(exchange().ec);
    asio::cancellation_signal signal;
    auto const large = begin(dear, {}, signal.slot());
    auto const small = begin(ask());
    run_until([&] { return client().admission().waiting == 2; });
    signal.emit(asio::cancellation_type::total);
    run_until(small);
    expect_success(*small);
    EXPECT_EQ(large->ec, asio::error::operation_aborted);
}

TEST_F(client_admission, of_as_many_as_the_server_can_take)
{
    emulator_options options;
    options.script = [](request_view const&) { return behaviour::stall(); };
    start(std::move(options));
    config.admission.adaptive_concurrency = true;
    config.admission.initial_concurrency = 2;
    std::vector<std::shared_ptr<outcome>> all;
    for (int i = 0; i < 5; ++i)
        all.push_back(begin(ask()));
    run_until_server([](auto const& s) { return s.stalled == 2; });
    EXPECT_EQ(client().admission().waiting, 3U);
    EXPECT_EQ(client().admission().in_flight, 2U);
    EXPECT_EQ(client().admission().concurrency_limit, 2U);
    for (auto const& each : all) {
        server->release_stalled();
        run_until_server([&](auto const& s) { return s.stalled != 0 || each->called; });
        server->release_stalled();
        run_until(each);
        expect_success(*each);
    }
    EXPECT_EQ(client().admission().in_flight, 0U);
}

TEST_F(client_admission, can_be_switched_off)
{
    start([](request_view const& r) {
        return r.sequence == 1
                   ? behaviour::error(429, "rate_limit_exceeded", "", {{"retry-after", "600"}})
                   : behaviour{};
    });
    config.admission.learn = false;
    EXPECT_EQ(exchange().ec, errc::rate_limited);
    expect_success(exchange());
    EXPECT_EQ(client().admission().delayed, 0U);
}

} // namespace
} // namespace vidi::testing
