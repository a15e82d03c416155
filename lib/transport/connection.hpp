#pragma once

#include "protocol/origin.hpp"
#include "transport/operation.hpp"
#include "transport/tls_context.hpp"
#include "transport/tls_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace vidi::transport {

// An established connection, over TLS or plain TCP: a stream of bytes, and what the pool needs to
// know about it. Used by one operation at a time.
class connection
{
public:
    using clock = std::chrono::steady_clock;

    explicit connection(asio::ip::tcp::socket socket);
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    // What can be read or written at once. If that is nothing, they fail with would_block, and
    // `co_await connection.wait(…)` gives `[error]` when it is time to try again.
    std::size_t read_some(asio::mutable_buffer, error_code&);
    std::size_t write_some(asio::const_buffer, error_code&);

    auto wait(operation& on_behalf_of)
    {
        if (tls_)
            return tls_->async_wait(on_behalf_of.token());
        return proxy_tls_ ? proxy_tls_->async_wait(on_behalf_of.token())
                          : socket_.async_wait(wanted_, on_behalf_of.token());
    }

    // Encrypts the connection. On failure, `detail` holds the reason.
    task<error_code>
    start_tls(operation&, tls_context&, protocol::origin const&, std::string& detail);

    // The same up to the proxy. What is encrypted afterwards is so within it.
    task<error_code>
    start_proxy_tls(operation&, tls_context&, protocol::origin const& proxy, std::string& detail);

    bool resumed_session() const;

    // Without waiting: whether the peer has left it as it should be between two exchanges, open and
    // silent (RFC 9112, 9.3.1 and 9.5).
    bool usable();

    clock::time_point opened_at = clock::now();
    clock::time_point idle_since{};
    std::uint64_t exchanges = 0;

private:
    task<error_code>
    handshake(operation&, tls_stream&, tls_context&, protocol::origin const&, std::string& detail);

    asio::ip::tcp::socket socket_;
    std::unique_ptr<tls_stream> proxy_tls_;
    std::optional<tls_stream> tls_;
    bool drained_ = false; // the last read had all that there was
    asio::ip::tcp::socket::wait_type wanted_ = asio::ip::tcp::socket::wait_read;
};

} // namespace vidi::transport
