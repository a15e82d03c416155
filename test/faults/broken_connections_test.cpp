#include "integration/client_fixture.hpp"

#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

namespace vidi::testing {
namespace {

constexpr closing all_ways[]{closing::orderly, closing::abrupt, closing::reset};

// Connections that end where a client least wants it, each replaced by a good one.
class broken_connections : public client_test
{
protected:
    // The first connection goes as planned, all others well.
    void start_with(connection_plan plan)
    {
        destroy_client();
        emulator_options options;
        options.connection_script = [plan](std::uint64_t number) {
            return number == 1 ? plan : connection_plan{};
        };
        start(std::move(options));
        config.retry.initial_delay = 1ms;
        config.admission.learn = false;
    }

    outcome once()
    {
        config.retry.max_retries = 0;
        auto result = exchange();
        expect_nothing_in_use();
        return result;
    }

    // A reset may arrive before the socket was seen to be connected.
    static void expect_ended_early(error_code ec)
    {
        EXPECT_TRUE(ec == errc::tls_handshake_interrupted || ec == errc::connect_failed)
            << ec.message();
    }

    void expect_success_if_tried_again(unsigned attempts)
    {
        config.retry.max_retries = 2;
        auto const result = exchange();
        EXPECT_FALSE(result.ec) << describe_failure(result.ec, result.response);
        EXPECT_NE(result.response.output_text().find(red_facts), std::string::npos);
        EXPECT_EQ(result.response.exchange.attempts, attempts);
        EXPECT_EQ(client().statistics().open, 1U);
        expect_nothing_in_use();
    }
};

TEST_F(broken_connections, refused)
{
    start_with({});
    server->stop_listening();
    auto const refused = once();
    EXPECT_EQ(refused.ec, errc::connection_refused);
    EXPECT_EQ(refused.response.exchange.attempts, 0U);
    destroy_client();

    config.retry.policy = [this](failed_attempt const& a) {
        EXPECT_EQ(a.failure, errc::connection_refused);
        server->listen();
        return std::optional{1ms};
    };
    expect_success_if_tried_again(1);
}

TEST_F(broken_connections, ended_before_the_handshake)
{
    for (auto const how : {connection_behaviour::close, connection_behaviour::reset}) {
        start_with(how);
        auto const result = once();
        expect_ended_early(result.ec);
        EXPECT_EQ(result.response.exchange.possibly_billed, 0U);
        start_with(how);
        expect_success_if_tried_again(1);
    }
}

TEST_F(broken_connections, without_tls)
{
    start_with(connection_behaviour::bad_handshake);
    config.retry.max_retries = 2;
    auto const result = exchange();
    EXPECT_EQ(result.ec, errc::tls_handshake_failed) << "it would not help to try again";
}

TEST_F(broken_connections, silent_from_the_beginning)
{
    start_with(connection_behaviour::no_handshake);
    config.timeouts.tls_handshake = 100ms;
    auto const result = once();
    EXPECT_EQ(result.ec, errc::tls_handshake_timeout);
    EXPECT_EQ(result.response.exchange.possibly_billed, 0U);
    start_with(connection_behaviour::no_handshake);
    config.timeouts.tls_handshake = 1s;
    expect_success_if_tried_again(1);
}

TEST_F(broken_connections, silent_after_the_handshake)
{
    start_with(connection_behaviour::never_read);
    config.timeouts.response_head = 100ms;
    auto const result = once();
    EXPECT_EQ(result.ec, errc::response_head_timeout);
    EXPECT_EQ(result.response.exchange.possibly_billed, 1U) << "all of it was sent";
    start_with(connection_behaviour::never_read);
    config.timeouts.response_head = 2s;
    expect_success_if_tried_again(2);
}

// The server sends a little more; and so does the client with its first message.
constexpr std::size_t most_of_a_handshake = 800;
constexpr std::size_t most_of_a_client_hello = 250;

TEST_F(broken_connections, within_the_handshake_after_any_byte_of_the_server_s)
{
    for (auto const how : all_ways) {
        for (std::size_t bytes = 0; bytes < most_of_a_handshake; bytes += 31) {
            SCOPED_TRACE(std::to_string(bytes) + " bytes");
            connection_plan plan;
            plan.close_after_sent = bytes;
            plan.how = how;
            start_with(plan);
            config.retry.max_retries = 2;
            auto const result = exchange();
            EXPECT_FALSE(result.ec) << describe_failure(result.ec, result.response);
            EXPECT_EQ(result.response.exchange.attempts, 1U);
            EXPECT_EQ(result.response.exchange.possibly_billed, 0U);
            expect_nothing_in_use();
        }
    }
}

TEST_F(broken_connections, within_the_handshake_after_any_byte_of_the_client_s)
{
    for (auto const how : all_ways) {
        for (std::size_t bytes = 0; bytes < most_of_a_client_hello; bytes += 11) {
            SCOPED_TRACE(std::to_string(bytes) + " bytes");
            connection_plan plan;
            plan.close_after_received = bytes;
            plan.how = how;
            start_with(plan);
            auto const result = once();
            expect_ended_early(result.ec);
            EXPECT_EQ(result.response.exchange.attempts, 0U);
        }
    }
}

// The server goes while the client still sends.
TEST_F(broken_connections, within_the_request)
{
    for (auto const how : all_ways) {
        for (std::size_t const bytes : {2'000U, 20'000U, 300'000U}) {
            SCOPED_TRACE(std::to_string(bytes) + " bytes");
            connection_plan plan;
            plan.close_after_received = bytes;
            plan.how = how;
            start_with(plan);
            config.retry.max_retries = 2;
            // More than any system keeps for a connection that nobody reads.
            auto request = ask(std::string(24'000'000, 'x'));
            auto const result = exchange(request);
            EXPECT_FALSE(result.ec) << describe_failure(result.ec, result.response);
            EXPECT_EQ(result.response.exchange.attempts, 2U);
            EXPECT_EQ(result.response.exchange.possibly_billed, 0U) << "it was not sent completely";
            EXPECT_EQ(server->statistics().requests, 1U);
            expect_nothing_in_use();
        }
    }
}

TEST_F(broken_connections, within_the_answer_after_any_byte)
{
    constexpr std::size_t most_of_an_answer = 1'800;
    for (auto const how : all_ways) {
        for (std::size_t bytes = 0; bytes < most_of_an_answer; bytes += 73) {
            SCOPED_TRACE(std::to_string(bytes) + " bytes");
            destroy_client();
            start([=](request_view const& r) {
                return r.sequence == 1 ? behaviour::close_within_response(bytes, how) : behaviour{};
            });
            config.retry.max_retries = 2;
            config.retry.initial_delay = 1ms;
            auto const result = exchange();
            EXPECT_FALSE(result.ec) << describe_failure(result.ec, result.response);
            EXPECT_EQ(result.response.exchange.attempts, 2U);
            EXPECT_EQ(result.response.exchange.possibly_billed, 1U);
            EXPECT_NE(result.response.output_text().find(red_facts), std::string::npos);
            expect_nothing_in_use();
        }
    }
}

// One byte at a time, with a pause, takes longer than any limit between two bytes allows.
TEST_F(broken_connections, that_drip_are_not_given_up_while_they_do)
{
    start([](request_view const&) { return behaviour::slices(50, 10ms); });
    config.timeouts.response_body_idle = 5s;
    auto const result = exchange();
    EXPECT_FALSE(result.ec) << describe_failure(result.ec, result.response);
}

TEST_F(broken_connections, that_drip_end_with_the_operation)
{
    start([](request_view const&) { return behaviour::slices(1, 100ms); });
    config.retry.max_retries = 2;
    request_options options;
    options.timeout = 1s;
    auto const result = exchange(options);
    EXPECT_EQ(result.ec, errc::operation_timeout);
    EXPECT_EQ(result.response.exchange.attempts, 1U);
    EXPECT_EQ(result.response.exchange.possibly_billed, 1U);
    expect_nothing_in_use();
}

// All idle connections are closed by the server while the client is about to use them.
TEST_F(broken_connections, while_they_are_idle)
{
    start();
    std::vector<std::shared_ptr<outcome>> all;
    for (int i = 0; i < 8; ++i)
        all.push_back(begin(ask()));
    for (auto const& each : all)
        run_until(each);
    run_until_server([](auto const& s) { return s.connections_idle == 8; });
    EXPECT_EQ(server->close_idle_connections(), 8U);
    config.retry.max_retries = 0;
    EXPECT_FALSE(exchange().ec);
    EXPECT_EQ(client().statistics().stale, 8U);
    expect_nothing_in_use();
}

TEST_F(broken_connections, on_which_bytes_come_that_nobody_asked_for)
{
    for (auto const* bytes : {"x", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"}) {
        destroy_client();
        start();
        EXPECT_FALSE(exchange().ec);
        run_until_server([](auto const& s) { return s.connections_idle == 1; });
        EXPECT_EQ(server->send_to_idle_connections(bytes), 1U);
        auto const result = exchange();
        EXPECT_FALSE(result.ec);
        EXPECT_NE(result.response.output_text().find(red_facts), std::string::npos);
        EXPECT_EQ(result.response.exchange.attempts, 1U);
        EXPECT_EQ(client().statistics().stale, 1U);
    }
}

} // namespace
} // namespace vidi::testing
