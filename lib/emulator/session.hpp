#pragma once

#include "emulator/byte_stream.hpp"
#include "emulator/recorder.hpp"
#include "emulator/request_reader.hpp"
#include "emulator/site.hpp"

#include <map>
#include <memory>
#include <set>

namespace vidi::emulation {

class session;

/// What the sessions of a server share. Used on the server's thread only, except for the recorder.
struct session_context
{
    testing::emulator_options const& options;
    recorder& log;
    /// Null without TLS.
    SSL_CTX* tls = nullptr;
    emulation::site& site;
    std::set<session*> idle{};
    /// Cancelling one of these timers lets the request of that sequence number go on.
    std::map<std::uint64_t, boost::asio::steady_timer*> stalled{};
};

/// One connection: reads requests and answers them, one after the other.
class session
{
public:
    session(session_context& context, boost::asio::ip::tcp::socket socket, std::uint64_t number);
    ~session();

    session(session const&) = delete;
    session& operator=(session const&) = delete;

    boost::asio::awaitable<void> run();

    /// Sends bytes that answer nothing, and drops the token after that.
    boost::asio::awaitable<void> send_unasked(std::string bytes, std::shared_ptr<void> token);

    /// Closes the connection, which must be idle, and drops the token after that.
    void close_idle(std::shared_ptr<void> token);

private:
    struct exchange;

    boost::asio::awaitable<bool> open();
    boost::asio::awaitable<bool> handshake();
    boost::asio::awaitable<void> refuse(unsigned status);
    boost::asio::awaitable<bool> react(request_reader::result const& received);
    boost::asio::awaitable<void> leave_unanswered(http_request const& request);
    boost::asio::awaitable<bool> serve(http_request const& request);
    boost::asio::awaitable<void> answer(exchange& exchange, http_request const& request);
    void compose(exchange& exchange, http_request const& request);
    boost::asio::awaitable<bool> deliver(exchange const& exchange);
    boost::asio::awaitable<bool> deliver_rest(exchange const& exchange);
    boost::asio::awaitable<void> finish(exchange const& exchange);
    boost::asio::awaitable<bool> send(exchange const& exchange, std::size_t from, std::size_t to);
    boost::asio::awaitable<bool> write(std::string_view bytes);
    boost::asio::awaitable<bool> wait(std::chrono::microseconds time);
    boost::asio::awaitable<bool> wait_for_release(std::uint64_t sequence);
    record_ptr begin_record(http_request const& request);
    boost::asio::awaitable<void> discard_input();
    boost::asio::awaitable<void> stay();
    bool may_keep_alive(http_request const& request) const;
    testing::connection_behaviour plan_connection();
    testing::behaviour plan(http_request const& request, std::uint64_t sequence) const;
    void set_idle(bool idle);

    // Dropped last, when the connection is closed and counted as such.
    std::shared_ptr<void> closed_token_;
    session_context& context_;
    std::shared_ptr<byte_stream> stream_;
    request_reader reader_;
    std::uint64_t number_;
    std::uint64_t requests_ = 0;
    testing::next_request next_ = testing::next_request::serve;
    testing::closing next_closing_ = testing::closing::reset;
};

} // namespace vidi::emulation
