#include "support/scripted_peer.hpp"
#include "transport/tls_context.hpp"
#include "transport/tls_stream.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/stream_traits.hpp>

#include <gtest/gtest.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace asio = boost::asio;
using asio::cancellation_type;
using vidi::error_code;
using vidi::transport::tls_context;
using vidi::transport::tls_stream;
using vidi_test::scripted_peer;
using vidi_test::stream_socket;

static_assert(boost::beast::is_async_stream<tls_stream>::value);

// How many of OpenSSL's blocks of memory are large enough for a record.
std::atomic<int> record_buffers = 0;

bool is_record_buffer(void* block)
{
    return block && ::malloc_usable_size(block) >= std::size_t{16} * 1024;
}

void* note(void* block)
{
    record_buffers += is_record_buffer(block) ? 1 : 0;
    return block;
}

void forget(void* block) { record_buffers -= is_record_buffer(block) ? 1 : 0; }

// OpenSSL lets its memory be watched from before its first allocation only.
[[gnu::constructor]] void watch_openssl()
{
    CRYPTO_set_mem_functions(
        [](std::size_t size, char const*, int) { return note(std::malloc(size)); },
        [](void* block, std::size_t size, char const*, int) {
            forget(block);
            return note(std::realloc(block, size));
        },
        [](void* block, char const*, int) {
            forget(block);
            std::free(block);
        });
}

// What became of an asynchronous operation.
struct outcome
{
    auto handler()
    {
        return [this](error_code ec, std::size_t transferred = 0) {
            called = true;
            failure = ec;
            bytes = transferred;
        };
    }

    bool called = false;
    error_code failure;
    std::size_t bytes = 0;
};

bool is_openssl_error(error_code ec) { return ec.category() == asio::error::get_ssl_category(); }

std::string random_text(std::size_t size)
{
    std::mt19937 random{static_cast<unsigned>(size)};
    std::string text(size, '\0');
    for (auto& c : text)
        c = static_cast<char>(random());
    return text;
}

// A client and the server that the test plays. All happens in the test's own thread.
class conversation : public ::testing::Test
{
protected:
    explicit conversation(int version = TLS1_3_VERSION)
        : server_context{vidi_test::make_server_context(version)},
          client_context{vidi_test::trust_in_peer(), true, context_failure, context_detail}
    {
        EXPECT_FALSE(context_failure) << context_detail;
        connect();
    }

    void connect() { connect(vidi_test::make_socket_pair(context)); }

    void connect(std::pair<stream_socket, stream_socket> ends)
    {
        client.reset();
        socket.emplace(std::move(ends.first));
        server.emplace(server_context.get(), std::move(ends.second));
        client.emplace(*socket, client_context.native());
        EXPECT_FALSE(client_context.prepare(
            client->native_handle(), {.tls = true, .host = "localhost", .port = 443}));
    }

    void run()
    {
        context.restart();
        context.poll();
    }

    // Until neither side can do anything more.
    void settle()
    {
        do {
            run();
        } while (server->work() != 0);
    }

    // Where the network takes its time.
    template <class Condition>
    void work_until(Condition met)
    {
        while (!met()) {
            server->work();
            run();
        }
    }

    void shake_hands()
    {
        outcome handshake;
        client->async_handshake(handshake.handler());
        work_until([&] { return handshake.called; });
        ASSERT_FALSE(handshake.failure) << handshake.failure.message();
        settle();
    }

    void say(std::string_view text)
    {
        server->say(text);
        settle();
    }

    // Reads what has arrived.
    std::string read(std::size_t size = 1024)
    {
        std::string text(size, '\0');
        auto bytes = client->read_some(asio::buffer(text), last_failure);
        while (last_failure == asio::error::would_block && becomes_readable())
            bytes = client->read_some(asio::buffer(text), last_failure);
        text.resize(bytes);
        return text;
    }

    bool becomes_readable()
    {
        outcome wait;
        asio::cancellation_signal stop;
        client->async_wait(asio::bind_cancellation_slot(stop.slot(), wait.handler()));
        run();
        bool const readable = wait.called;
        stop.emit(cancellation_type::terminal);
        run();
        return readable;
    }

    // Writes until the connection takes no more; the last write is outstanding.
    void fill_the_connection(outcome& write)
    {
        do {
            write = {};
            client->async_write_some(asio::buffer(flood), write.handler());
            run();
        } while (write.called);
    }

    void expect_use_to_fail()
    {
        read();
        EXPECT_TRUE(last_failure) << "read";
        EXPECT_NE(last_failure, asio::error::would_block);
        error_code ec;
        client->write_some(asio::buffer("x", 1), ec);
        EXPECT_TRUE(ec) << "write";
        EXPECT_NE(ec, asio::error::would_block);
        EXPECT_FALSE(client->silent());
        client->shutdown(ec);
    }

    asio::io_context context;
    vidi::emulation::ssl_ctx_ptr server_context;
    error_code context_failure;
    std::string context_detail;
    tls_context client_context;
    std::optional<stream_socket> socket;
    std::optional<scripted_peer> server;
    std::optional<tls_stream> client;
    error_code last_failure;
    std::string const flood = random_text(16 * 1024);
};

class tls_stream_of_each_version : public conversation, public ::testing::WithParamInterface<int>
{
protected:
    tls_stream_of_each_version() : conversation{GetParam()} {}

    // Asks, and reads the answer, which comes in two records, and the end of the stream.
    void have_a_talk(std::string const& answer)
    {
        shake_hands();
        std::string text;
        outcome asked;
        outcome answered;
        asio::async_write(*client, asio::buffer("question", 8), asked.handler());
        asio::async_read(*client, asio::dynamic_buffer(text), answered.handler());
        settle();
        EXPECT_TRUE(asked.called);
        EXPECT_EQ(asked.failure, error_code{});
        EXPECT_EQ(server->received, "question");
        server->say(std::string_view{answer}.substr(0, answer.size() / 2));
        server->say(std::string_view{answer}.substr(answer.size() / 2));
        server->say_close_notify();
        settle();
        EXPECT_TRUE(answered.called);
        EXPECT_EQ(answered.failure, asio::error::eof);
        EXPECT_EQ(text, answer);
    }
};

INSTANTIATE_TEST_SUITE_P(
    tls, tls_stream_of_each_version, ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
    [](auto const& tested_with) { return tested_with.param == TLS1_2_VERSION ? "v1_2" : "v1_3"; });

TEST_P(tls_stream_of_each_version, reads_and_writes)
{
    have_a_talk("answer");
    EXPECT_EQ(SSL_version(client->native_handle()), GetParam());
}

TEST_P(tls_stream_of_each_version, takes_records_byte_by_byte)
{
    server->piece = 1;
    have_a_talk("answer");
}

TEST_P(tls_stream_of_each_version, takes_records_cut_anywhere)
{
    SSL_CTX_set_num_tickets(server_context.get(), 1);
    connect();
    have_a_talk("answer");
    auto const whole = server->sent;
    for (std::size_t cut = 1; cut < whole && !HasFailure(); ++cut) {
        SCOPED_TRACE(cut);
        connect();
        SSL_set_session(client->native_handle(), nullptr);
        server->cut_at = cut;
        have_a_talk("answer");
    }
}

TEST_P(tls_stream_of_each_version, carries_megabytes_both_ways_at_once)
{
    shake_hands();
    auto const up = random_text(4'000'000);
    auto const down = random_text(4'000'001);
    std::string text(down.size(), '\0');
    outcome written;
    outcome read_all;
    asio::async_write(*client, asio::buffer(up), written.handler());
    asio::async_read(*client, asio::buffer(text), read_all.handler());
    say(down);
    EXPECT_EQ(written.bytes, up.size());
    EXPECT_EQ(read_all.bytes, down.size());
    EXPECT_TRUE(server->received == up);
    EXPECT_TRUE(text == down);
}

TEST_P(tls_stream_of_each_version, gives_every_record_of_a_segment)
{
    shake_hands();
    EXPECT_TRUE(client->silent());
    for (auto const* text : {"one", "two", "three"})
        server->say(text);
    settle();

    EXPECT_EQ(read(), "one");
    EXPECT_TRUE(client->has_input());
    EXPECT_FALSE(client->silent());
    EXPECT_EQ(read(1), "t");
    EXPECT_TRUE(client->has_input());
    EXPECT_FALSE(client->silent());
    EXPECT_EQ(read(), "wo");
    EXPECT_EQ(read(), "three");
    EXPECT_FALSE(client->has_input());
    EXPECT_TRUE(client->silent());
    read();
    EXPECT_EQ(last_failure, asio::error::would_block);
}

TEST_P(tls_stream_of_each_version, is_not_silent_within_a_record)
{
    shake_hands();
    EXPECT_TRUE(client->silent());
    server->piece = 7;
    server->say("text");
    server->send_piece();
    EXPECT_FALSE(client->silent());
    EXPECT_TRUE(client->has_input());
    settle();
    EXPECT_FALSE(client->silent());
    EXPECT_EQ(read(), "text");
}

TEST_P(tls_stream_of_each_version, is_not_silent_at_its_end)
{
    shake_hands();
    server->say_close_notify();
    settle();
    EXPECT_FALSE(client->silent());

    connect();
    shake_hands();
    EXPECT_TRUE(client->silent());
    server->socket().close();
    EXPECT_FALSE(client->silent());
}

TEST_P(tls_stream_of_each_version, ends_with_close_notify)
{
    shake_hands();
    server->say("last words");
    server->say_close_notify();
    settle();
    EXPECT_EQ(read(), "last words");
    for (int i = 0; i < 2; ++i) {
        read();
        EXPECT_EQ(last_failure, asio::error::eof);
    }
}

TEST_P(tls_stream_of_each_version, says_that_it_was_truncated)
{
    shake_hands();
    server->say("last wor");
    settle();
    server->socket().close();
    EXPECT_EQ(read(), "last wor");
    outcome end;
    char byte;
    client->async_read_some(asio::buffer(&byte, 1), end.handler());
    run();
    EXPECT_TRUE(end.called);
    EXPECT_EQ(end.failure, asio::ssl::error::stream_truncated);
    expect_use_to_fail();
}

TEST_P(tls_stream_of_each_version, says_that_it_was_truncated_within_a_record)
{
    shake_hands();
    server->piece = 9;
    server->say("last words");
    server->send_piece();
    server->socket().close();
    outcome end;
    char byte;
    client->async_read_some(asio::buffer(&byte, 1), end.handler());
    run();
    EXPECT_EQ(end.failure, asio::ssl::error::stream_truncated);
    expect_use_to_fail();
}

TEST_P(tls_stream_of_each_version, gives_the_systems_reason)
{
    connect(vidi_test::make_loopback_pair(context));
    shake_hands();
    outcome end;
    char byte;
    client->async_read_some(asio::buffer(&byte, 1), end.handler());
    run();
    server->socket().set_option(asio::socket_base::linger{true, 0});
    server->socket().close();
    while (!end.called)
        run();
    EXPECT_EQ(end.failure, asio::error::connection_reset);
    expect_use_to_fail();
}

TEST_P(tls_stream_of_each_version, gives_the_peers_alert)
{
    shake_hands();
    server->hear("what is this?");
    settle();
    read();
    EXPECT_TRUE(is_openssl_error(last_failure)) << last_failure.message();
    expect_use_to_fail();
}

TEST_P(tls_stream_of_each_version, refuses_what_is_not_tls)
{
    shake_hands();
    server->send("HTTP/1.1 400 Bad Request\r\n\r\n");
    read();
    EXPECT_TRUE(is_openssl_error(last_failure)) << last_failure.message();
    expect_use_to_fail();
}

TEST_P(tls_stream_of_each_version, refuses_what_was_changed_on_the_way)
{
    shake_hands();
    server->say("text");
    server->unsent.back() = static_cast<char>(server->unsent.back() ^ 1);
    settle();
    read();
    EXPECT_TRUE(is_openssl_error(last_failure)) << last_failure.message();
    expect_use_to_fail();
}

TEST_P(tls_stream_of_each_version, refuses_what_is_not_tls_while_a_write_waits)
{
    shake_hands();
    outcome write;
    fill_the_connection(write);
    server->send("HTTP/1.1 400 Bad Request\r\n\r\n");
    read();
    EXPECT_TRUE(is_openssl_error(last_failure)) << last_failure.message();
    expect_use_to_fail();
    server->socket().close();
    run();
    EXPECT_TRUE(write.called);
    EXPECT_TRUE(write.failure);
}

// Of its failure the stream would tell the peer, and there is no room for that.
TEST_P(tls_stream_of_each_version, does_not_wait_for_room_for_its_alert)
{
    shake_hands();
    error_code full;
    while (!full)
        socket->write_some(asio::buffer(flood), full);
    server->send("HTTP/1.1 400 Bad Request\r\n\r\n");
    read();
    EXPECT_TRUE(is_openssl_error(last_failure)) << last_failure.message();
    expect_use_to_fail();
}

// Telling the peer fails in its turn, which is not the reason.
TEST_P(tls_stream_of_each_version, gives_the_first_reason)
{
    shake_hands();
    server->send("HTTP/1.1 400 Bad Request\r\n\r\n");
    server->socket().close();
    read();
    EXPECT_TRUE(is_openssl_error(last_failure)) << last_failure.message();
    auto const first = last_failure;
    read();
    EXPECT_EQ(last_failure, first);
}

TEST_P(tls_stream_of_each_version, refuses_what_is_not_tls_in_the_handshake)
{
    outcome handshake;
    client->async_handshake(handshake.handler());
    run();
    server->send("HTTP/1.1 400 Bad Request\r\n\r\n");
    run();
    EXPECT_TRUE(handshake.called);
    EXPECT_TRUE(is_openssl_error(handshake.failure)) << handshake.failure.message();
    expect_use_to_fail();
}

TEST_P(tls_stream_of_each_version, says_close_notify_on_shutdown)
{
    shake_hands();
    outcome shutdown;
    client->async_shutdown(shutdown.handler());
    settle();
    EXPECT_TRUE(shutdown.called);
    EXPECT_FALSE(shutdown.failure);
    EXPECT_EQ(server->outcome, SSL_ERROR_ZERO_RETURN);
}

TEST_P(tls_stream_of_each_version, says_close_notify_on_destruction)
{
    shake_hands();
    client.reset();
    server->listen();
    EXPECT_EQ(server->outcome, SSL_ERROR_ZERO_RETURN);
}

TEST_P(tls_stream_of_each_version, says_nothing_on_destruction_within_a_write)
{
    shake_hands();
    outcome write;
    fill_the_connection(write);
    socket->cancel();
    run();
    EXPECT_EQ(write.failure, asio::error::operation_aborted);
    client.reset();
    server->listen();
    EXPECT_EQ(server->outcome, SSL_ERROR_WANT_READ);
}

TEST_P(tls_stream_of_each_version, resumes_a_session)
{
    shake_hands();
    EXPECT_TRUE(client->silent());
    EXPECT_EQ(SSL_session_reused(client->native_handle()), 0);
    for (int i = 0; i < 3; ++i) {
        connect();
        shake_hands();
        EXPECT_TRUE(client->silent());
        EXPECT_EQ(SSL_session_reused(client->native_handle()), 1);
    }
}

TEST_P(tls_stream_of_each_version, resumes_the_session_of_a_connection_that_the_server_left)
{
    shake_hands();
    say("text");
    EXPECT_EQ(read(), "text");
    server->socket().close();
    connect();
    shake_hands();
    EXPECT_EQ(SSL_session_reused(client->native_handle()), 1);
}

TEST_P(tls_stream_of_each_version, holds_no_buffer_while_it_waits)
{
    if (!vidi::transport::may_free_buffers(OpenSSL_version_num()))
        GTEST_SKIP() << "this OpenSSL must not be told to free them";
    shake_hands();
    char bytes[16];
    // The first read takes in the tickets, if there are any.
    for (auto const* text : {"one", "two"}) {
        EXPECT_GE(record_buffers, 1) << "nothing is counted";
        SSL_free_buffers(server->native_handle());
        outcome reading;
        client->async_read_some(asio::buffer(bytes), reading.handler());
        run();
        EXPECT_EQ(record_buffers, 0) << "before " << text;
        say(text);
        EXPECT_EQ(reading.bytes, 3u);
    }
}

TEST_P(tls_stream_of_each_version, does_not_mind_stale_errors)
{
    auto const leave_an_error = [] { ERR_raise(ERR_LIB_USER, 1); };
    leave_an_error();
    shake_hands();
    leave_an_error();
    EXPECT_TRUE(client->silent());
    leave_an_error();
    read();
    EXPECT_EQ(last_failure, asio::error::would_block);
    leave_an_error();
    error_code ec;
    EXPECT_EQ(client->write_some(asio::buffer("x", 1), ec), 1u);
    EXPECT_FALSE(ec);
    say("text");
    leave_an_error();
    EXPECT_EQ(read(), "text");
    server->say_close_notify();
    settle();
    leave_an_error();
    read();
    EXPECT_EQ(last_failure, asio::error::eof);
    leave_an_error();
    client->shutdown(ec);
    EXPECT_FALSE(ec);
    ERR_clear_error();
}

TEST_P(tls_stream_of_each_version, survives_writing_to_a_peer_that_is_gone)
{
    auto* const before = std::signal(SIGPIPE, SIG_DFL);
    shake_hands();
    server->socket().close();
    error_code ec;
    client->write_some(asio::buffer("x", 1), ec);
    EXPECT_EQ(ec, asio::error::broken_pipe);
    expect_use_to_fail();
    client.reset();
    std::signal(SIGPIPE, before);
}

TEST_P(tls_stream_of_each_version, goes_on_after_a_cancelled_read)
{
    shake_hands();
    for (auto const type :
         {cancellation_type::total, cancellation_type::partial, cancellation_type::terminal})
    {
        asio::cancellation_signal stop;
        outcome reading;
        char bytes[16];
        client->async_read_some(
            asio::buffer(bytes), asio::bind_cancellation_slot(stop.slot(), reading.handler()));
        // Half a record has been taken in by then.
        server->say("text");
        server->piece = 8;
        server->send_piece();
        run();
        EXPECT_FALSE(reading.called);
        stop.emit(type);
        EXPECT_FALSE(reading.called);
        run();
        EXPECT_EQ(reading.failure, asio::error::operation_aborted);
        EXPECT_EQ(reading.bytes, 0u);
        settle();
        EXPECT_EQ(read(), "text");
    }
}

TEST_P(tls_stream_of_each_version, gives_what_was_read_before_the_cancellation)
{
    shake_hands();
    server->say("some");
    say("text");
    EXPECT_EQ(read(), "some");
    asio::cancellation_signal stop;
    outcome reading;
    char bytes[16];
    client->async_read_some(
        asio::buffer(bytes), asio::bind_cancellation_slot(stop.slot(), reading.handler()));
    stop.emit(cancellation_type::total);
    run();
    EXPECT_FALSE(reading.failure);
    EXPECT_EQ(reading.bytes, 4u);
}

// Both waits end in the same turn, and the writer stops the reader, whose turn has come already.
TEST_P(tls_stream_of_each_version, can_be_cancelled_when_the_wait_is_over)
{
    shake_hands();
    asio::cancellation_signal stop;
    outcome reading;
    char bytes[16];
    error_code ec;
    while (!ec)
        client->write_some(asio::buffer(flood), ec);
    ASSERT_EQ(ec, asio::error::would_block);
    client->async_write_some(
        asio::buffer(flood), [&](error_code, std::size_t) { stop.emit(cancellation_type::total); });
    client->async_read_some(
        asio::buffer(bytes), asio::bind_cancellation_slot(stop.slot(), reading.handler()));
    server->piece = 8;
    server->say("text");
    server->send_piece();
    server->listen();
    run();
    EXPECT_TRUE(reading.called);
    EXPECT_EQ(reading.failure, asio::error::operation_aborted);
}

TEST_P(tls_stream_of_each_version, ends_a_handshake_for_good_only)
{
    asio::cancellation_signal stop;
    outcome handshake;
    client->async_handshake(asio::bind_cancellation_slot(stop.slot(), handshake.handler()));
    run();
    stop.emit(cancellation_type::total);
    stop.emit(cancellation_type::partial);
    run();
    EXPECT_FALSE(handshake.called);
    stop.emit(cancellation_type::terminal);
    EXPECT_FALSE(handshake.called);
    run();
    EXPECT_EQ(handshake.failure, asio::error::operation_aborted);
}

TEST_P(tls_stream_of_each_version, ends_a_write_for_good_only)
{
    for (auto const type : {cancellation_type::partial, cancellation_type::terminal}) {
        connect();
        shake_hands();
        error_code ec;
        while (!ec)
            client->write_some(asio::buffer(flood), ec);
        asio::cancellation_signal stop;
        outcome write;
        client->async_write_some(
            asio::buffer(flood), asio::bind_cancellation_slot(stop.slot(), write.handler()));
        run();
        stop.emit(cancellation_type::total);
        run();
        EXPECT_FALSE(write.called);
        stop.emit(type);
        EXPECT_FALSE(write.called);
        run();
        EXPECT_EQ(write.failure, asio::error::operation_aborted);
        EXPECT_EQ(write.bytes, 0u);
    }
}

TEST_P(tls_stream_of_each_version, reads_on_while_a_write_waits)
{
    shake_hands();
    say("text");
    EXPECT_EQ(read(1), "t");
    outcome write;
    fill_the_connection(write);
    EXPECT_EQ(read(), "ext");
    server->say("more");
    server->send_piece();
    outcome reading;
    char bytes[16];
    client->async_read_some(asio::buffer(bytes), reading.handler());
    run();
    EXPECT_EQ(reading.bytes, 4u);
    EXPECT_FALSE(write.called);
    settle();
    EXPECT_TRUE(write.called);
    EXPECT_FALSE(write.failure);
}

TEST_P(tls_stream_of_each_version, calls_back_later)
{
    outcome handshake;
    client->async_handshake(handshake.handler());
    EXPECT_FALSE(handshake.called);
    settle();
    EXPECT_TRUE(handshake.called);
    say("text");
    outcome reading;
    outcome writing;
    outcome nothing;
    outcome failing;
    char bytes[16];
    client->async_read_some(asio::buffer(bytes), reading.handler());
    client->async_write_some(asio::buffer("x", 1), writing.handler());
    client->async_read_some(asio::mutable_buffer{}, nothing.handler());
    EXPECT_FALSE(reading.called || writing.called || nothing.called);
    run();
    EXPECT_TRUE(reading.called && writing.called && nothing.called);
    EXPECT_FALSE(reading.failure || writing.failure || nothing.failure);
    server->socket().close();
    client->async_write_some(asio::buffer("x", 1), failing.handler());
    EXPECT_FALSE(failing.called);
    run();
    EXPECT_TRUE(failing.failure);
}

TEST_P(tls_stream_of_each_version, calls_back_on_the_handlers_executor)
{
    asio::io_context other;
    auto const there = [&](outcome& o) {
        return asio::bind_executor(other.get_executor(), o.handler());
    };
    shake_hands();
    outcome at_once;
    outcome after_waiting;
    char bytes[16];
    say("text");
    client->async_read_some(asio::buffer(bytes), there(at_once));
    run();
    EXPECT_FALSE(at_once.called);
    other.poll();
    EXPECT_TRUE(at_once.called);

    client->async_read_some(asio::buffer(bytes), there(after_waiting));
    say("text");
    EXPECT_FALSE(after_waiting.called);
    other.restart();
    other.run_one();
    EXPECT_TRUE(after_waiting.called);
    EXPECT_EQ(after_waiting.bytes, 4u);
}

TEST_P(tls_stream_of_each_version, can_be_destroyed_with_operations_outstanding)
{
    shake_hands();
    outcome write;
    outcome reading;
    char bytes[16];
    fill_the_connection(write);
    client->async_read_some(asio::buffer(bytes), reading.handler());
    run();
    EXPECT_FALSE(write.called || reading.called);
}

TEST(tls_stream, has_no_buffers_freed_that_may_be_in_use)
{
    struct row
    {
        unsigned long major;
        unsigned long minor;
        unsigned long patch;
        bool expected;
    };
    row const table[]{
        {1, 1, 1, false}, {3, 0, 0, false}, {3, 0, 13, false}, {3, 0, 14, true}, {3, 0, 19, true},
        {3, 1, 0, false}, {3, 1, 5, false}, {3, 1, 6, true},   {3, 1, 20, true}, {3, 2, 0, false},
        {3, 2, 1, false}, {3, 2, 2, true},  {3, 3, 0, false},  {3, 3, 1, true},  {3, 4, 0, true},
        {3, 10, 0, true}, {4, 0, 0, true},
    };
    for (auto const& [major, minor, patch, expected] : table) {
        auto const version = (major << 28) | (minor << 20) | (patch << 4);
        EXPECT_EQ(vidi::transport::may_free_buffers(version), expected)
            << major << '.' << minor << '.' << patch;
    }
}

class tls_1_3_stream : public conversation
{
};

TEST_F(tls_1_3_stream, follows_key_updates)
{
    shake_hands();
    for (auto const kind : {SSL_KEY_UPDATE_NOT_REQUESTED, SSL_KEY_UPDATE_REQUESTED}) {
        server->received.clear();
        server->say("before");
        ASSERT_EQ(SSL_key_update(server->native_handle(), kind), 1);
        server->say_what_was_asked();
        server->say("after");
        settle();
        error_code ec;
        EXPECT_EQ(read(), "before");
        client->write_some(asio::buffer("one", 3), ec);
        EXPECT_EQ(read(), "after");
        client->write_some(asio::buffer("two", 3), ec);
        EXPECT_FALSE(ec);
        settle();
        EXPECT_EQ(server->received, "onetwo");
        EXPECT_TRUE(client->silent());
    }
}

TEST_F(tls_1_3_stream, answers_a_key_update_when_there_is_room)
{
    shake_hands();
    outcome write;
    fill_the_connection(write);
    outcome reading;
    char bytes[16];
    client->async_read_some(asio::buffer(bytes), reading.handler());
    SSL_key_update(server->native_handle(), SSL_KEY_UPDATE_REQUESTED);
    server->say_what_was_asked();
    server->say("after");
    server->send_piece();
    run();
    EXPECT_EQ(reading.bytes, 5u);
    EXPECT_FALSE(write.called);
    settle();
    EXPECT_TRUE(write.called);
    EXPECT_FALSE(write.failure);
    auto const flooded = server->received.size();
    error_code ec;
    client->write_some(asio::buffer("end", 3), ec);
    EXPECT_FALSE(ec);
    settle();
    EXPECT_EQ(server->received.substr(flooded), "end");
}

TEST_F(tls_1_3_stream, updates_keys_amid_megabytes)
{
    shake_hands();
    auto const up = random_text(1'000'000);
    auto const part = random_text(100'000);
    std::string text(part.size() * 10, '\0');
    outcome written;
    outcome read_all;
    asio::async_write(*client, asio::buffer(up), written.handler());
    asio::async_read(*client, asio::buffer(text), read_all.handler());
    std::string expected;
    server->piece = 10'000;
    for (int i = 0; i < 10; ++i) {
        server->say(part);
        expected += part;
        SSL_key_update(
            server->native_handle(),
            i % 2 == 0 ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED);
        server->say_what_was_asked();
        server->work();
        run();
    }
    settle();
    EXPECT_FALSE(written.failure || read_all.failure);
    EXPECT_TRUE(text == expected);
    EXPECT_TRUE(server->received == up);
}

TEST_F(tls_1_3_stream, keeps_tickets_that_come_with_data)
{
    SSL_CTX_set_num_tickets(server_context.get(), 0);
    for (bool const ticket_first : {true, false}) {
        connect();
        SSL_set_session(client->native_handle(), nullptr);
        shake_hands();
        EXPECT_EQ(SSL_session_reused(client->native_handle()), 0);
        if (!ticket_first)
            server->say("text");
        SSL_new_session_ticket(server->native_handle());
        server->say_what_was_asked();
        if (ticket_first)
            server->say("text");
        settle();
        EXPECT_EQ(read(), "text");
        EXPECT_TRUE(client->silent());
        EXPECT_FALSE(client->has_input());

        connect();
        shake_hands();
        EXPECT_EQ(SSL_session_reused(client->native_handle()), 1);
    }
}

TEST_F(tls_1_3_stream, is_silent_when_a_ticket_comes)
{
    shake_hands();
    EXPECT_TRUE(client->silent());
    SSL_new_session_ticket(server->native_handle());
    server->say_what_was_asked();
    settle();
    EXPECT_TRUE(client->silent());
    EXPECT_FALSE(client->has_input());
    say("text");
    EXPECT_FALSE(client->silent());
}

TEST_F(tls_1_3_stream, is_not_silent_when_it_ends_behind_a_ticket)
{
    shake_hands();
    EXPECT_TRUE(client->silent());
    SSL_new_session_ticket(server->native_handle());
    server->say_what_was_asked();
    settle();
    server->socket().close();
    EXPECT_FALSE(client->silent());
}

class tls_1_2_stream : public conversation
{
protected:
    tls_1_2_stream() : conversation{TLS1_2_VERSION} {}
};

TEST_F(tls_1_2_stream, does_not_renegotiate)
{
    shake_hands();
    outcome reading;
    char bytes[16];
    client->async_read_some(asio::buffer(bytes), reading.handler());
    ASSERT_EQ(SSL_renegotiate(server->native_handle()), 1);
    server->say_what_was_asked();
    settle();
    EXPECT_EQ(ERR_GET_REASON(server->why), SSL_R_NO_RENEGOTIATION);
    EXPECT_TRUE(reading.called);
    EXPECT_TRUE(is_openssl_error(reading.failure)) << reading.failure.message();
    EXPECT_EQ(SSL_num_renegotiations(client->native_handle()), 0);
    expect_use_to_fail();
}

} // namespace
