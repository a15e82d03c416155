#include "protocol/response_head.hpp"
#include "support/scripted_peer.hpp"
#include "transport/exchange.hpp"
#include "transport/operation.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace asio = boost::asio;
using namespace vidi::transport;
using namespace std::chrono_literals;
using vidi::errc;

// Longer than what a connection that nobody reads from takes.
std::string const long_request(std::size_t{16} * 1024 * 1024, 'x');

std::string const refusal = "HTTP/1.1 413 Too much\r\nContent-Length: 4\r\n\r\nless";

class one_exchange final : public operation
{
public:
    one_exchange(
        operation_environment const& environment, vidi_test::stream_socket socket,
        std::string_view request, vidi::timeouts const& times)
        : operation{environment}, connection_{std::move(socket)}, request_{request}, times_{times}
    {
    }

    void start() { operation::start(run()); }

    vidi::exchange_info exchange;
    std::optional<exchange_result> ended;

private:
    task<void> run()
    {
        ended = co_await exchange_messages(
            *this, connection_, request_, times_, bounds_, &vidi::protocol::read_header, exchange);
    }

    void on_cancel(asio::cancellation_type) override { stop(asio::error::operation_aborted); }
    void finished(vidi::error_code failure) override { EXPECT_FALSE(failure); }

    connection connection_;
    std::string_view const request_;
    vidi::timeouts const times_;
    vidi::limits const bounds_{.response_head = 1024, .response_body = 4096};
};

// One exchange and the server that the test plays. All happens in the test's own thread.
class exchange : public ::testing::Test
{
protected:
    void
    begin(std::string_view request, vidi::timeouts const& times = {}, std::string_view answer = {})
    {
        auto ends = vidi_test::make_socket_pair(context);
        server.emplace(std::move(ends.second));
        asio::write(*server, asio::buffer(answer));
        tested = std::make_shared<one_exchange>(environment, std::move(ends.first), request, times);
        tested->start();
        run();
    }

    // A request that the server does not read, though it answers.
    void begin_in_vain(std::string_view answer, std::chrono::milliseconds to_write)
    {
        begin(long_request, {.write = to_write}, answer);
    }

    void say(std::string_view text)
    {
        asio::write(*server, asio::buffer(text));
        run();
    }

    void run()
    {
        context.restart();
        context.poll();
    }

    exchange_result const& result()
    {
        context.restart();
        while (!tested->ended)
            context.run_one();
        return *tested->ended;
    }

    asio::io_context context;
    operation_environment const environment{context.get_executor(), true};
    std::shared_ptr<one_exchange> tested;
    std::optional<vidi_test::stream_socket> server;
};

TEST_F(exchange, takes_a_head_and_a_body_in_any_pieces)
{
    std::string const answer = "HTTP/1.1 103 Early\r\nA: b\r\n\r\n"
                               "HTTP/1.1 200 OK\r\nX-Request-Id: id\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n"
                               "3\r\nabc\r\n2;e=f\r\nde\r\n0\r\nT: u\r\n\r\n";
    for (std::size_t size = 1; size <= answer.size(); ++size) {
        begin("?");
        for (std::size_t at = 0; at < answer.size(); at += size)
            say(std::string_view{answer}.substr(at, size));
        ASSERT_FALSE(result().failure) << result().failure.message() << ' ' << size;
        EXPECT_EQ(result().status, 200U);
        EXPECT_EQ(result().body, "abcde");
        EXPECT_TRUE(result().reusable);
        EXPECT_EQ(tested->exchange.request_id, "id");
    }
}

// Each piece ends where the parser can take in all of it but one byte.
TEST_F(exchange, bounds_a_head_that_comes_field_by_field)
{
    begin("?");
    say("HTTP/1.1 200 OK\r\nA");
    std::size_t sent = 0;
    for (std::string_view const field = ": b\r\nA"; !tested->ended && sent < 4096;) {
        say(field);
        sent += field.size();
    }
    ASSERT_TRUE(tested->ended);
    EXPECT_EQ(result().failure, errc::response_head_too_large);
    EXPECT_FALSE(tested->exchange.detail.empty());
    EXPECT_LT(sent, 1100U);
}

TEST_F(exchange, bounds_a_head_whatever_its_body)
{
    for (auto const& [size, expected] :
         {std::pair{1024, vidi::error_code{}},
          std::pair{1025, vidi::error_code{errc::response_head_too_large}}})
    {
        std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\nA: ";
        head.append(static_cast<std::size_t>(size) - head.size() - 4, 'b').append("\r\n\r\n");
        begin("?");
        say(head + std::string(2000, ' '));
        EXPECT_EQ(result().failure, expected);
    }
}

TEST_F(exchange, bounds_all_interim_heads_together)
{
    begin("?");
    std::string const interim = "HTTP/1.1 103 Early\r\nA: " + std::string(300, 'b') + "\r\n\r\n";
    for (int i = 0; i < 3; ++i)
        say(interim);
    EXPECT_FALSE(tested->ended);
    say(interim);
    ASSERT_TRUE(tested->ended);
    EXPECT_EQ(result().failure, errc::response_head_too_large);
}

TEST_F(exchange, takes_the_answer_of_a_server_that_has_stopped_reading)
{
    begin_in_vain(refusal, 10ms);
    EXPECT_FALSE(result().failure) << result().failure.message();
    EXPECT_EQ(result().status, 413U);
    EXPECT_EQ(result().body, "less");
    EXPECT_FALSE(result().sent);
    EXPECT_FALSE(result().reusable);
}

TEST_F(exchange, waits_for_no_answer_when_it_cannot_write)
{
    for (auto const& answer :
         {std::string{}, refusal.substr(0, 20), refusal.substr(0, refusal.size() - 1),
          std::string{"SSH-2.0-OpenSSH_9.2p1\r\n\r\n"}})
    {
        begin_in_vain(answer, 10ms);
        EXPECT_EQ(result().failure, errc::write_timeout) << answer;
        EXPECT_EQ(result().status, 0U);
        EXPECT_FALSE(result().reusable);
        EXPECT_TRUE(tested->exchange.detail.empty()) << tested->exchange.detail;
        EXPECT_FALSE(tested->interruption());
    }
}

TEST_F(exchange, takes_no_answer_once_it_is_stopped)
{
    begin_in_vain(refusal, 0ms);
    EXPECT_FALSE(tested->ended);
    tested->cancel(asio::cancellation_type::terminal);
    EXPECT_EQ(result().failure, asio::error::operation_aborted);
    EXPECT_EQ(result().status, 0U);
}

} // namespace
