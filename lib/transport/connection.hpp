#pragma once

#include "protocol/origin.hpp"
#include "transport/operation.hpp"
#include "transport/tls_context.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>

namespace vidi::transport {

// An established connection, over TLS or plain TCP: a stream of bytes, and what the pool needs to
// know about it. Used by one operation at a time.
class connection
{
public:
    using clock = std::chrono::steady_clock;

    explicit connection(asio::ip::tcp::socket socket) : socket_{std::move(socket)} {}
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    ~connection();

    // With these two, `co_await connection.read_some(…)` gives `[error, bytes]`.
    task<std::tuple<error_code, std::size_t>> read_some(operation&, asio::mutable_buffer);
    task<std::tuple<error_code, std::size_t>> write_some(operation&, asio::const_buffer);

    // Encrypts the connection. On failure, `detail` holds the reason.
    task<error_code>
    start_tls(operation&, tls_context&, protocol::origin const&, std::string& detail);

    bool resumed_session() const;

    // Without waiting: whether the peer has left it as it should be between two exchanges, open and
    // silent (RFC 9112, 9.3.1 and 9.5).
    bool usable();

    // What was read beyond the last message.
    boost::beast::flat_buffer& input() noexcept { return input_; }

    clock::time_point opened_at = clock::now();
    clock::time_point idle_since{};
    std::uint64_t exchanges = 0;

private:
    asio::ip::tcp::socket socket_;
    std::unique_ptr<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
    boost::beast::flat_buffer input_;
};

} // namespace vidi::transport
