#pragma once

#include <vidi/error.hpp>

#include "emulator/tls.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace vidi::emulation {

/// How many more bytes may be received and sent, and how the connection ends when they have been.
struct wire_limits
{
    std::optional<std::size_t> received{};
    std::optional<std::size_t> sent{};
    testing::closing how = testing::closing::reset;
};

/// A connection, with or without TLS, with a time limit.
///
/// No operation throws: what goes wrong is an error code. An operation that meets the time limit
/// ends with `asio::error::timed_out`, one that `cancel` ended with
/// `asio::error::operation_aborted`.
class byte_stream : public std::enable_shared_from_this<byte_stream>
{
public:
    explicit byte_stream(boost::asio::ip::tcp::socket socket);

    boost::asio::awaitable<error_code> connect(boost::asio::ip::tcp::endpoint peer);
    /// What is read and written afterwards goes through TLS.
    boost::asio::awaitable<error_code> handshake(SSL_CTX& context, tls_engine::side side);
    bool resumed() const { return engine_ && engine_->resumed(); }

    struct read_result
    {
        error_code error;
        std::size_t size = 0;
    };

    boost::asio::awaitable<read_result> read_some(boost::asio::mutable_buffer to);
    boost::asio::awaitable<error_code> write(std::string_view bytes);
    /// Writes without TLS, whatever was agreed.
    boost::asio::awaitable<error_code> write_raw(std::string_view bytes);

    /// Waits until something can be read, without reading it.
    boost::asio::awaitable<error_code> wait_for_input();

    /// Sets when the connection ends by itself: after that many bytes from or to the network.
    void limit(wire_limits limits) { limits_ = limits; }

    /// Closes at once. What the client has sent and nobody has read turns it into a reset.
    boost::asio::awaitable<void> close(testing::closing how);
    /// Closes in an orderly way, and reads on until the client has seen it.
    boost::asio::awaitable<void> close_gently();

    void expires_after(std::chrono::steady_clock::duration limit);
    void expires_never();

    /// Ends the operation under way.
    void cancel();

private:
    boost::asio::awaitable<error_code> flush();
    boost::asio::awaitable<error_code> fill();
    boost::asio::awaitable<read_result> receive(boost::asio::mutable_buffer to);
    boost::asio::awaitable<void> end_output(testing::closing how);
    error_code explain(error_code error) const;

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    std::optional<tls_engine> engine_;
    std::array<char, 16384> input_;
    bool expired_ = false;
    wire_limits limits_;
};

} // namespace vidi::emulation
