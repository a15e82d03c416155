#include "transport/connection.hpp"

#include <boost/asio/error.hpp>

#include <poll.h>

namespace vidi::transport {

task<std::tuple<error_code, std::size_t>>
connection::read_some(operation& on_behalf_of, asio::mutable_buffer buffer)
{
    if (tls_)
        co_return co_await tls_->async_read_some(buffer, on_behalf_of.token());
    co_return co_await socket_.async_read_some(buffer, on_behalf_of.token());
}

task<std::tuple<error_code, std::size_t>>
connection::write_some(operation& on_behalf_of, asio::const_buffer buffer)
{
    if (tls_)
        co_return co_await tls_->async_write_some(buffer, on_behalf_of.token());
    co_return co_await socket_.async_write_some(buffer, on_behalf_of.token());
}

task<error_code> connection::start_tls(
    operation& on_behalf_of, tls_context& context, protocol::origin const& to, std::string& detail)
{
    tls_ = std::make_unique<asio::ssl::stream<asio::ip::tcp::socket&>>(socket_, context.native());
    auto* const native = tls_->native_handle();
    if (auto const ec = context.prepare(native, to)) {
        detail = ec.message();
        co_return errc::tls_handshake_failed;
    }
    auto const [ec] =
        co_await tls_->async_handshake(asio::ssl::stream_base::client, on_behalf_of.token());
    if (!ec)
        co_return ec;
    if (auto const reason = on_behalf_of.interruption())
        co_return *reason;
    co_return classify_handshake_failure(native, ec, detail);
}

// OpenSSL takes a connection that ends without a shutdown for a failed one, and refuses to resume
// its session.
connection::~connection()
{
    if (tls_)
        SSL_set_shutdown(tls_->native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

bool connection::resumed_session() const
{
    return tls_ && SSL_session_reused(tls_->native_handle()) == 1;
}

bool connection::usable()
{
    if (input_.size() != 0)
        return false;
    pollfd state{socket_.native_handle(), POLLIN | POLLRDHUP, 0};
    if (::poll(&state, 1, 0) == 0)
        return true;
    // A server's session tickets wait to be read until the first response is (RFC 8446, 4.6.1).
    return state.revents == POLLIN && tls_ && exchanges == 0;
}

} // namespace vidi::transport
