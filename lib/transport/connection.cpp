#include "transport/connection.hpp"

#include <boost/asio/error.hpp>

#include <poll.h>

#include <tuple>

namespace vidi::transport {
namespace {

// What a server sends this soon after a response would as likely come just after a look, which
// costs a system call.
constexpr std::chrono::microseconds too_soon_to_look{100};

} // namespace

connection::connection(asio::ip::tcp::socket socket) : socket_{std::move(socket)}
{
    error_code ignored; // a socket that cannot be used fails when it is
    socket_.non_blocking(true, ignored);
}

std::size_t connection::read_some(asio::mutable_buffer to, error_code& ec)
{
    wanted_ = asio::ip::tcp::socket::wait_read;
    if (!tls_ && proxy_tls_)
        return proxy_tls_->read_some(to, ec);
    auto const bytes = tls_ ? tls_->read_some(to, ec) : socket_.read_some(asio::buffer(to), ec);
    drained_ = tls_ ? tls_->drained() : bytes < to.size();
    return bytes;
}

std::size_t connection::write_some(asio::const_buffer from, error_code& ec)
{
    wanted_ = asio::ip::tcp::socket::wait_write;
    if (!tls_ && proxy_tls_)
        return proxy_tls_->write_some(from, ec);
    return tls_ ? tls_->write_some(from, ec) : socket_.write_some(asio::buffer(from), ec);
}

task<error_code> connection::start_tls(
    operation& on_behalf_of, tls_context& context, protocol::origin const& to, std::string& detail)
{
    if (proxy_tls_)
        tls_.emplace(*proxy_tls_, context.native());
    else
        tls_.emplace(socket_, context.native());
    return handshake(on_behalf_of, *tls_, context, to, detail);
}

task<error_code> connection::start_proxy_tls(
    operation& on_behalf_of, tls_context& context, protocol::origin const& proxy,
    std::string& detail)
{
    proxy_tls_ = std::make_unique<tls_stream>(socket_, context.native());
    return handshake(on_behalf_of, *proxy_tls_, context, proxy, detail);
}

task<error_code> connection::handshake(
    operation& on_behalf_of, tls_stream& stream, tls_context& context, protocol::origin const& to,
    std::string& detail)
{
    auto* const native = stream.native_handle();
    if (auto const ec = context.prepare(native, to)) {
        detail = ec.message();
        co_return errc::tls_handshake_failed;
    }
    // In steps, not as one composed operation, whose own steps would be taken outside of this one.
    error_code ec;
    stream.handshake(ec);
    while (ec == asio::error::would_block) {
        std::tie(ec) = co_await stream.async_wait(on_behalf_of.token());
        if (!ec)
            stream.handshake(ec);
    }
    if (!ec)
        co_return ec;
    if (auto const reason = on_behalf_of.interruption())
        co_return *reason;
    co_return classify_handshake_failure(native, ec, detail);
}

bool connection::resumed_session() const
{
    return tls_ && SSL_session_reused(tls_->native_handle()) == 1;
}

bool connection::usable()
{
    if (tls_ && tls_->has_input())
        return tls_->silent();
    if (drained_ && clock::now() - idle_since < too_soon_to_look)
        return true;
    pollfd state{socket_.native_handle(), POLLIN | POLLRDHUP, 0};
    if (::poll(&state, 1, 0) == 0)
        return true;
    // What waits to be read may be TLS's own, such as a session ticket (RFC 8446, 4.6.1).
    return state.revents == POLLIN && tls_ && tls_->silent();
}

} // namespace vidi::transport
