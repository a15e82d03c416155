#include "integration/client_fixture.hpp"
#include "integration/full_listener.hpp"

#include <gmock/gmock.h>

namespace vidi::testing {
namespace {

// Each limit in turn is short, and the others are long: what expires is what is told.
class client_timeouts : public client_test
{
protected:
    void expect_timeout(errc expected, vidi::request request)
    {
        auto const [called, ec, response] = exchange(std::move(request));
        EXPECT_EQ(ec, expected) << describe_failure(ec, response);
        EXPECT_EQ(ec, condition::timeout);
        expect_nothing_in_use();
        EXPECT_EQ(client().statistics().open, 0U);
        EXPECT_EQ(client().statistics().failures[expected], 1U);
    }

    void expect_timeout(errc expected) { expect_timeout(expected, ask()); }
};

TEST_F(client_timeouts, connect)
{
    start();
    full_listener const nobody;
    config.base_url = nobody.base_url();
    config.timeouts.connect = 50ms;
    expect_timeout(errc::connect_timeout);
}

TEST_F(client_timeouts, tls_handshake)
{
    emulator_options options;
    options.connection_script = [](std::uint64_t) { return connection_behaviour::no_handshake; };
    start(std::move(options));
    config.timeouts.tls_handshake = 50ms;
    expect_timeout(errc::tls_handshake_timeout);
}

TEST_F(client_timeouts, write)
{
    emulator_options options;
    options.connection_script = [](std::uint64_t) { return connection_behaviour::never_read; };
    start(std::move(options));
    config.timeouts.write = 50ms;
    expect_timeout(errc::write_timeout, ask(std::string(32'000'000, 'x')));
}

TEST_F(client_timeouts, response_head)
{
    start([](request_view const&) { return behaviour::stall(); });
    config.timeouts.response_head = 50ms;
    expect_timeout(errc::response_head_timeout);
}

TEST_F(client_timeouts, a_head_that_drips_does_not_extend_its_limit)
{
    start([](request_view const&) { return behaviour::slices(1, 10ms); });
    config.timeouts.response_head = 100ms;
    expect_timeout(errc::response_head_timeout);
}

TEST_F(client_timeouts, response_body_idle)
{
    start([](request_view const&) { return behaviour::stall(1000); });
    config.timeouts.response_body_idle = 50ms;
    expect_timeout(errc::response_body_timeout);
}

TEST_F(client_timeouts, a_body_that_goes_on_does_not_expire)
{
    // Some 2 KB in slices, each well within the limit, all together well beyond it.
    start([](request_view const&) { return behaviour::slices(100, 20ms); });
    config.timeouts.response_body_idle = 200ms;
    auto const [called, ec, response] = exchange();
    EXPECT_FALSE(ec) << describe_failure(ec, response);
    EXPECT_GT(response.exchange.timings.receive, 200ms);
}

TEST_F(client_timeouts, operation)
{
    start([](request_view const&) { return behaviour::stall(); });
    config.timeouts.operation = 50ms;
    expect_timeout(errc::operation_timeout);
}

TEST_F(client_timeouts, a_request_may_have_its_own)
{
    start([](request_view const&) { return behaviour::stall(); });
    auto const [called, ec, response] = exchange(50'000us);
    EXPECT_EQ(ec, errc::operation_timeout);
    expect_nothing_in_use();
    EXPECT_EQ(request_options{30s}.timeout, 30'000ms);
    EXPECT_EQ(request_options{1us}.timeout, 1ms) << "no limit would be the opposite";
}

TEST_F(client_timeouts, waiting_for_a_connection)
{
    start([](request_view const& r) { return r.sequence == 1 ? behaviour::stall() : behaviour{}; });
    config.pool.max_connections = 1;
    config.timeouts.pool = 50ms;
    auto const first = begin(ask());
    run_until_server([](auto const& s) { return s.stalled == 1; });
    auto const second = exchange();
    EXPECT_EQ(second.ec, errc::pool_timeout);
    EXPECT_FALSE(first->called);
    server->release_stalled();
    run_until(first);
    EXPECT_FALSE(first->ec);
    expect_nothing_in_use();
}

// Without a limit for the wait, it is the operation's that expires: nothing was sent, and the
// server is not to blame.
TEST_F(client_timeouts, operation_says_if_it_waited_for_a_connection)
{
    start([](request_view const&) { return behaviour::stall(); });
    config.pool.max_connections = 1;
    config.timeouts.pool = 0ms;
    auto const holder = begin(ask());
    run_until_server([](auto const& s) { return s.stalled == 1; });
    auto const starved = exchange(50ms);
    EXPECT_EQ(starved.ec, errc::operation_timeout);
    EXPECT_THAT(
        describe_failure(starved.ec, starved.response),
        ::testing::HasSubstr("waited for a free connection of the pool"));
    EXPECT_GT(starved.response.exchange.timings.queue.count(), 0);
    EXPECT_EQ(starved.response.exchange.attempts, 0U);
    EXPECT_EQ(starved.response.exchange.possibly_billed, 0U);
    server->release_stalled();
    run_until(holder);

    auto const unanswered = exchange(300ms);
    EXPECT_EQ(unanswered.ec, errc::operation_timeout);
    EXPECT_THAT(
        describe_failure(unanswered.ec, unanswered.response),
        ::testing::Not(::testing::HasSubstr("pool")));
    EXPECT_EQ(unanswered.response.exchange.attempts, 1U);
    EXPECT_EQ(unanswered.response.exchange.possibly_billed, 1U);
}

TEST_F(client_timeouts, zero_means_no_limit)
{
    start([](request_view const&) { return behaviour::normal(50ms); });
    config.timeouts = {0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 0ms};
    EXPECT_FALSE(exchange().ec);
}

TEST_F(client_timeouts, the_longest_duration_is_no_limit_either)
{
    start();
    auto const forever = timeouts::duration::max();
    config.timeouts = {forever, forever, forever, forever, forever, forever, forever};
    EXPECT_FALSE(exchange().ec);
}

} // namespace
} // namespace vidi::testing
