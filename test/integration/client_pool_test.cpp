#include "integration/client_fixture.hpp"

#include <algorithm>
#include <vector>

namespace vidi::testing {
namespace {

class client_pool : public client_test
{
protected:
    void exchange_many(std::size_t count)
    {
        std::vector<std::shared_ptr<outcome>> results;
        for (std::size_t i = 0; i < count; ++i)
            results.push_back(begin(ask()));
        for (auto const& each : results) {
            run_until(each);
            EXPECT_FALSE(each->ec) << describe_failure(each->ec, each->response);
        }
    }
};

TEST_F(client_pool, connections_are_reused)
{
    start();
    for (int i = 0; i < 5; ++i) {
        auto const result = exchange();
        EXPECT_FALSE(result.ec);
        EXPECT_EQ(result.response.exchange.connection_reused, i > 0);
    }
    auto const s = client().statistics();
    EXPECT_EQ(s.created, 1U);
    EXPECT_EQ(s.reused, 4U);
    EXPECT_EQ(s.idle, 1U);
    EXPECT_EQ(server->statistics().connections_accepted, 1U);
}

TEST_F(client_pool, never_more_connections_than_allowed)
{
    start();
    config.pool.max_connections = 3;
    exchange_many(40);
    auto const s = client().statistics();
    EXPECT_EQ(s.created, 3U);
    EXPECT_EQ(s.reused, 37U);
    EXPECT_EQ(server->statistics().connections_accepted, 3U);
    expect_nothing_in_use();
}

TEST_F(client_pool, never_more_handshakes_at_a_time_than_allowed)
{
    // Each stalls, so that each needs a connection of its own.
    start([](request_view const&) { return behaviour::stall(); });
    config.pool.max_connections = 30;
    config.pool.max_connecting = 3;
    std::vector<std::shared_ptr<outcome>> results;
    for (int i = 0; i < 30; ++i)
        results.push_back(begin(ask()));
    std::size_t most = 0;
    run_until([&] {
        auto const now = client().statistics();
        most = std::max(most, now.connecting);
        return now.created == 30;
    });
    EXPECT_EQ(most, 3U);
    run_until([&] {
        server->release_stalled();
        return std::ranges::all_of(results, [](auto const& each) { return each->called; });
    });
    for (auto const& each : results)
        EXPECT_FALSE(each->ec) << describe_failure(each->ec, each->response);
    EXPECT_GT(client().statistics().resumed_handshakes, 0U);
    expect_nothing_in_use();
}

TEST_F(client_pool, first_come_first_served)
{
    start();
    config.pool.max_connections = 1;
    std::vector<int> order;
    for (int i = 0; i < 10; ++i) {
        client().async_create(ask(), [&order, i](error_code ec, vidi::response const&) {
            EXPECT_FALSE(ec);
            order.push_back(i);
        });
    }
    run_until([&] { return order.size() == 10; });
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST_F(client_pool, a_full_waiting_list_is_an_error_at_once)
{
    start([](request_view const&) { return behaviour::stall(); });
    config.pool.max_connections = 1;
    config.pool.max_waiting = 1;
    auto const first = begin(ask());
    auto const second = begin(ask());
    auto const third = begin(ask());
    run_until(third);
    EXPECT_EQ(third->ec, errc::pool_full);
    EXPECT_FALSE(first->called);
    EXPECT_FALSE(second->called);
    EXPECT_EQ(client().statistics().failures[errc::pool_full], 1U);

    // Each stalls in turn, so releasing goes on until both are done.
    run_until([&] {
        server->release_stalled();
        return first->called && second->called;
    });
    EXPECT_FALSE(first->ec);
    EXPECT_FALSE(second->ec);
    expect_nothing_in_use();
}

TEST_F(client_pool, connections_that_the_server_closed_while_idle_are_not_used)
{
    start();
    exchange_many(4);
    EXPECT_EQ(client().statistics().idle, 4U);
    run_until_server([](auto const& now) { return now.connections_idle == 4; });
    EXPECT_EQ(server->close_idle_connections(), 4U);
    auto const result = exchange();
    EXPECT_FALSE(result.ec) << describe_failure(result.ec, result.response);
    EXPECT_EQ(result.response.exchange.attempts, 1U) << "seen before anything was sent";
    EXPECT_EQ(client().statistics().stale, 4U);
    EXPECT_EQ(client().statistics().open, 1U);
}

TEST_F(client_pool, a_connection_that_closes_as_it_is_used_is_replaced_unnoticed)
{
    // The second request on each connection meets a server that has just decided to close it: the
    // probe before use has nothing to see.
    start([](request_view const& r) {
        return r.request_on_connection == 2 ? behaviour::close_before_response(closing::reset)
                                            : behaviour{};
    });
    EXPECT_FALSE(exchange().ec);
    auto const result = exchange();
    EXPECT_FALSE(result.ec) << describe_failure(result.ec, result.response);
    EXPECT_EQ(result.response.exchange.attempts, 2U);
    EXPECT_FALSE(result.response.exchange.connection_reused);
    EXPECT_TRUE(result.response.exchange.detail.empty()) << result.response.exchange.detail;
    EXPECT_EQ(server->statistics().connections_accepted, 2U);
    expect_nothing_in_use();
}

TEST_F(client_pool, once_a_byte_of_the_response_came_it_is_not_repeated)
{
    start([](request_view const& r) {
        return r.request_on_connection == 2 ? behaviour::close_within_response(1) : behaviour{};
    });
    EXPECT_FALSE(exchange().ec);
    auto const result = exchange();
    EXPECT_EQ(result.ec, errc::connection_closed_within_response);
    EXPECT_EQ(result.response.exchange.attempts, 1U);
    EXPECT_EQ(server->statistics().requests, 2U);
}

TEST_F(client_pool, the_server_s_wish_to_close_is_respected)
{
    emulator_options options;
    options.max_requests_per_connection = 2;
    start(std::move(options));
    for (int i = 0; i < 6; ++i)
        EXPECT_FALSE(exchange().ec);
    EXPECT_EQ(client().statistics().created, 3U);
    EXPECT_EQ(client().statistics().idle, 0U);
    EXPECT_EQ(client().statistics().stale, 0U);
}

TEST_F(client_pool, http_1_0_closes_by_itself)
{
    std::string const body = R"({"id":"resp_1","output":[]})";
    start([body](request_view const&) {
        return behaviour::raw(
            "HTTP/1.0 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
            body);
    });
    EXPECT_FALSE(exchange().ec);
    EXPECT_EQ(client().statistics().open, 0U);
}

TEST_F(client_pool, idle_connections_expire)
{
    start();
    config.pool.idle_lifetime = 1ms;
    exchange_many(2);
    run_until([&] { return client().statistics().idle == 0; });
    EXPECT_EQ(client().statistics().expired, 2U);
    run_until_server([](auto const& s) { return s.connections_open == 0; });
}

TEST_F(client_pool, old_connections_are_replaced)
{
    start([](request_view const&) { return behaviour::normal(5ms); });
    config.pool.max_age = 1ms;
    for (int i = 0; i < 3; ++i)
        EXPECT_FALSE(exchange().ec);
    EXPECT_EQ(client().statistics().created, 3U);
}

TEST_F(client_pool, idle_connections_can_be_closed)
{
    start();
    exchange_many(3);
    client().close_idle_connections();
    EXPECT_EQ(client().statistics().open, 0U);
    run_until_server([](auto const& s) { return s.connections_open == 0; });
    EXPECT_FALSE(exchange().ec);
}

TEST_F(client_pool, tls_sessions_are_resumed)
{
    for (auto const version : {tls_version::v1_2, tls_version::v1_3}) {
        emulator_options options;
        options.min_tls = options.max_tls = version;
        start(std::move(options));
        destroy_client();
        for (int i = 0; i < 4; ++i) {
            EXPECT_FALSE(exchange().ec);
            client().close_idle_connections();
        }
        EXPECT_EQ(client().statistics().full_handshakes, 1U);
        EXPECT_EQ(client().statistics().resumed_handshakes, 3U);
        EXPECT_EQ(server->statistics().tls_resumed, 3U);
    }
}

TEST_F(client_pool, one_session_is_resumed_by_many_connections)
{
    start();
    exchange_many(1);
    client().close_idle_connections();
    // More connections than sessions, of which the reading of responses then brings more.
    EXPECT_EQ(warm_up(5), 5U);
    exchange_many(5);
    client().close_idle_connections();
    EXPECT_EQ(warm_up(40), 40U);
    EXPECT_EQ(client().statistics().full_handshakes, 1U);
}

TEST_F(client_pool, connections_can_be_made_in_advance)
{
    start();
    EXPECT_EQ(warm_up(5), 5U);
    EXPECT_EQ(client().statistics().idle, 5U);
    EXPECT_EQ(warm_up(5), 0U) << "they are there already";
    exchange_many(5);
    auto const s = client().statistics();
    EXPECT_EQ(s.created, 5U);
    EXPECT_EQ(s.reused, 0U) << "each served its first request";
    EXPECT_EQ(server->statistics().connections_accepted, 5U);
}

TEST_F(client_pool, warming_up_respects_the_limit)
{
    start();
    config.pool.max_connections = 2;
    EXPECT_EQ(warm_up(50), 2U);
    EXPECT_EQ(run(client().warm_up(50)), 0U);
}

TEST_F(client_pool, warming_up_reports_failure)
{
    start();
    config.tls.ca_certificates.clear();
    EXPECT_EQ(warm_up(3, errc::tls_certificate_untrusted), 0U);
    EXPECT_EQ(client().statistics().failures[errc::tls_certificate_untrusted], 3U);
    expect_nothing_in_use();
}

TEST_F(client_pool, warming_up_can_be_cancelled)
{
    emulator_options options;
    options.connection_script = [](std::uint64_t) { return connection_behaviour::no_handshake; };
    start(std::move(options));
    asio::cancellation_signal signal;
    std::optional<error_code> result;
    client().async_warm_up(
        3, asio::bind_cancellation_slot(
               signal.slot(), [&](error_code ec, std::size_t) { result = ec; }));
    run_until_server([](auto const& s) { return s.connections_open == 3; });
    signal.emit(asio::cancellation_type::total);
    run_until([&] { return result.has_value(); });
    EXPECT_EQ(*result, asio::error::operation_aborted);
    expect_nothing_in_use();
}

TEST_F(client_pool, a_prewarmed_connection_that_went_stale_is_replaced)
{
    start();
    warm_up(1);
    run_until_server([](auto const& now) { return now.connections_idle == 1; });
    EXPECT_EQ(server->close_idle_connections(), 1U);
    auto const result = exchange();
    EXPECT_FALSE(result.ec) << describe_failure(result.ec, result.response);
}

TEST_F(client_pool, single_threaded_clients_work_alike)
{
    start();
    config.single_threaded = true;
    config.pool.max_connections = 4;
    exchange_many(50);
    EXPECT_EQ(client().statistics().created, 4U);
    asio::cancellation_signal signal;
    auto const cancelled = begin(ask(), {}, signal.slot());
    signal.emit(asio::cancellation_type::terminal);
    run_until(cancelled);
    EXPECT_EQ(cancelled->ec, asio::error::operation_aborted);
    expect_nothing_in_use();
}

} // namespace
} // namespace vidi::testing
