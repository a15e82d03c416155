#include "integration/client_fixture.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace vidi::testing {
namespace {

class client_hedging : public client_test
{
protected:
    // As many answers as it takes to know what is usual.
    void start_with_usual_answers(
        std::function<behaviour(request_view const&)> then,
        std::function<void(client_config&)> const& configure = [](client_config&) {})
    {
        start([then = std::move(then)](request_view const& r) {
            return r.sequence <= usual ? behaviour{} : then(r);
        });
        config.hedging.enabled = true;
        config.hedging.min_delay = 1ms;
        config.hedging.max_share = 1;
        configure(config);
        for (std::uint64_t i = 0; i < usual; ++i)
            EXPECT_FALSE(exchange().ec);
        EXPECT_EQ(client().retries().hedges, 0U);
    }

    std::vector<std::string> latest_ids() const
    {
        std::vector<std::string> result;
        for (auto const& record : server->ledger())
            if (record.sequence > usual)
                result.push_back(record.client_request_id);
        return result;
    }

    static constexpr std::uint64_t usual = 20;
};

TEST_F(client_hedging, the_first_answer_wins)
{
    start_with_usual_answers([](request_view const& r) {
        return r.sequence == usual + 1 ? behaviour::stall() : behaviour{};
    });
    auto const result = exchange();
    EXPECT_FALSE(result.ec) << describe_failure(result.ec, result.response);
    EXPECT_NE(result.response.output_text().find(red_facts), std::string::npos);
    auto const& e = result.response.exchange;
    EXPECT_EQ(e.attempts, 2U);
    EXPECT_EQ(e.hedges, 1U);
    EXPECT_EQ(e.possibly_billed, 1U) << "the slow one was sent";
    EXPECT_THAT(
        latest_ids(),
        ::testing::ElementsAre(e.client_request_id + "-1", e.client_request_id + "-2"));
    run_until_server([](auto const& s) { return s.aborted == 1; });
    EXPECT_EQ(client().retries().hedges, 1U);
    EXPECT_EQ(client().retries().retries, 0U);
    expect_nothing_in_use();
}

TEST_F(client_hedging, also_if_it_is_that_of_the_slow_one)
{
    start_with_usual_answers([](request_view const&) { return behaviour::stall(); });
    auto const result = begin(ask());
    run_until_server([](auto const& s) { return s.stalled == 2; });
    server->release_stalled(usual + 1);
    run_until(result);
    EXPECT_FALSE(result->ec);
    EXPECT_EQ(result->response.exchange.possibly_billed, 1U);
    EXPECT_EQ(result->response.exchange.attempts, 2U);
    run_until_server([](auto const& s) { return s.aborted == 1; });
    expect_nothing_in_use();
}

TEST_F(client_hedging, a_failure_that_may_pass_is_no_answer)
{
    start_with_usual_answers([](request_view const& r) {
        return r.sequence == usual + 1 ? behaviour::stall() : behaviour::error(500, "");
    });
    auto const result = begin(ask());
    run_until([&] { return server->statistics().answered[500] == 1; });
    server->release_stalled();
    run_until(result);
    EXPECT_FALSE(result->ec);
    EXPECT_EQ(result->response.exchange.attempts, 2U);
    EXPECT_EQ(result->response.exchange.possibly_billed, 0U);
}

TEST_F(client_hedging, if_all_fail_it_is_tried_again)
{
    auto const script = [](request_view const& r) {
        auto late = behaviour::error(500, "");
        late.stall_after = 0;
        return r.sequence <= usual + 2 ? late : behaviour{};
    };
    start_with_usual_answers(script, [](client_config& c) {
        c.retry.max_retries = 1;
        c.retry.initial_delay = 1ms;
    });
    auto const result = begin(ask());
    run_until_server([](auto const& s) { return s.stalled == 2; });
    server->release_stalled();
    run_until(result);
    EXPECT_FALSE(result->ec);
    EXPECT_GE(result->response.exchange.attempts, 3U);
    EXPECT_EQ(latest_ids().at(2), result->response.exchange.client_request_id + "-3");
    EXPECT_EQ(client().retries().retries, 1U);
}

TEST_F(client_hedging, a_failure_that_will_not_pass_is_an_answer)
{
    start_with_usual_answers([](request_view const& r) {
        return r.sequence == usual + 1 ? behaviour::stall() : behaviour::error(401, "");
    });
    auto const result = exchange();
    EXPECT_EQ(result.ec, errc::authentication_failed);
    EXPECT_EQ(result.response.exchange.possibly_billed, 1U);
}

TEST_F(client_hedging, what_never_reached_the_server_is_no_answer)
{
    emulator_options options;
    options.script = [](request_view const& r) {
        return r.sequence == usual + 1 ? behaviour::stall() : behaviour{};
    };
    options.connection_script = [](std::uint64_t number) -> connection_plan {
        if (number == 1)
            return {};
        return connection_behaviour::bad_handshake;
    };
    start(std::move(options));
    config.hedging.enabled = true;
    config.hedging.min_delay = 1ms;
    config.hedging.max_share = 1;
    for (std::uint64_t i = 0; i < usual; ++i)
        EXPECT_FALSE(exchange().ec);
    auto const result = begin(ask());
    run_until([&] { return client().statistics().failures[errc::tls_handshake_failed] == 1; });
    EXPECT_FALSE(result->called);
    server->release_stalled();
    run_until(result);
    EXPECT_FALSE(result->ec) << describe_failure(result->ec, result->response);
    EXPECT_EQ(result->response.exchange.attempts, 1U);
    EXPECT_EQ(result->response.exchange.hedges, 0U);
    EXPECT_EQ(client().retries().hedges, 0U) << "it was none";
    expect_nothing_in_use();
}

TEST_F(client_hedging, only_a_share_of_the_requests)
{
    start_with_usual_answers(
        [](request_view const&) { return behaviour::normal(100ms); },
        [](client_config& c) { c.hedging.max_share = 0.04; });
    // After 20 requests, and four more, a share of 0.04 is less than one.
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(exchange().response.exchange.hedges, 0U);
    unsigned hedges = 0;
    for (int i = 0; i < 4; ++i)
        hedges += exchange().response.exchange.hedges;
    EXPECT_EQ(hedges, 1U);
}

TEST_F(client_hedging, both_are_cancelled_together)
{
    start_with_usual_answers([](request_view const&) { return behaviour::stall(); });
    asio::cancellation_signal signal;
    auto const result = begin(ask(), {}, signal.slot());
    run_until_server([](auto const& s) { return s.stalled == 2; });
    signal.emit(asio::cancellation_type::terminal);
    run_until(result);
    EXPECT_EQ(result->ec, asio::error::operation_aborted);
    EXPECT_EQ(result->response.exchange.possibly_billed, 2U);
    run_until_server([](auto const& s) { return s.aborted == 2; });
    expect_nothing_in_use();
}

TEST_F(client_hedging, both_end_with_the_client)
{
    start_with_usual_answers([](request_view const&) { return behaviour::stall(); });
    auto const result = begin(ask());
    run_until_server([](auto const& s) { return s.stalled == 2; });
    destroy_client();
    run_until(result);
    EXPECT_EQ(result->ec, asio::error::operation_aborted);
    context.restart();
    context.run();
}

TEST_F(client_hedging, both_end_at_the_limit_of_the_operation)
{
    start_with_usual_answers([](request_view const&) { return behaviour::stall(); });
    request_options options;
    options.timeout = 500ms;
    auto const result = exchange(options);
    EXPECT_EQ(result.ec, errc::operation_timeout);
    EXPECT_GE(result.response.exchange.possibly_billed, 1U);
    expect_nothing_in_use();
}

// Outstanding operations are destroyed with the context, not called.
TEST_F(client_hedging, nothing_is_left_when_the_context_goes)
{
    start_with_usual_answers([](request_view const&) { return behaviour::stall(); });
    auto const held = std::make_shared<int>(1);
    {
        asio::io_context own_context;
        vidi::client own_client{own_context, config};
        // The emulator stalls from now on, so that what is usual has to come from elsewhere.
        for (std::uint64_t i = 0; i < usual; ++i) {
            own_client.async_create(ask(), [](error_code, vidi::response const&) {});
            while (server->statistics().stalled == 0)
                own_context.run_one_for(5ms);
            server->release_stalled();
            own_context.run();
            own_context.restart();
        }
        own_client.async_create(ask(), [held](error_code, vidi::response const&) {});
        while (server->statistics().stalled != 2)
            own_context.run_one_for(5ms);
    }
    EXPECT_EQ(held.use_count(), 1) << "nothing holds the handler any more";
}

} // namespace
} // namespace vidi::testing
