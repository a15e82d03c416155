#include "emulator/byte_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <tuple>

namespace vidi::emulation {
namespace {

namespace net = boost::asio;

constexpr auto use_result = net::as_tuple(net::use_awaitable);

// Each TLS record costs a copy of this size at most.
constexpr std::size_t write_chunk = std::size_t{256} * 1024;

constexpr std::chrono::seconds close_limit{2};

} // namespace

byte_stream::byte_stream(net::ip::tcp::socket socket)
    : socket_{std::move(socket)}, timer_{socket_.get_executor()}
{
    if (!socket_.is_open())
        return;
    error_code ignored;
    socket_.set_option(net::ip::tcp::no_delay(true), ignored);
}

net::awaitable<error_code> byte_stream::connect(net::ip::tcp::endpoint peer)
{
    auto [error] = co_await socket_.async_connect(peer, use_result);
    if (!error)
        socket_.set_option(net::ip::tcp::no_delay(true), error);
    co_return explain(error);
}

net::awaitable<error_code> byte_stream::handshake(SSL_CTX& context, tls_engine::side side)
{
    engine_.emplace(context, side);
    for (;;) {
        auto const outcome = engine_->handshake();
        // An alert that says why the handshake failed leaves as well.
        auto error = co_await flush();
        if (outcome == tls_engine::outcome::done || error)
            co_return error;
        if (outcome != tls_engine::outcome::needs_input)
            co_return net::error::connection_aborted;
        error = co_await fill();
        if (error)
            co_return error;
    }
}

net::awaitable<byte_stream::read_result> byte_stream::read_some(net::mutable_buffer to)
{
    if (!engine_)
        co_return co_await receive(to);
    for (;;) {
        std::size_t size = 0;
        auto const outcome = engine_->read(to, size);
        auto error = co_await flush();
        if (outcome == tls_engine::outcome::done)
            co_return read_result{{}, size};
        if (outcome == tls_engine::outcome::closed)
            error = net::error::eof;
        else if (outcome == tls_engine::outcome::failed)
            error = net::error::connection_aborted;
        else if (!error)
            error = co_await fill();
        if (error)
            co_return read_result{error, 0};
    }
}

net::awaitable<error_code> byte_stream::write(std::string_view bytes)
{
    if (!engine_)
        co_return co_await write_raw(bytes);
    while (!bytes.empty()) {
        auto const chunk = bytes.substr(0, write_chunk);
        if (engine_->write(net::buffer(chunk)) != tls_engine::outcome::done)
            co_return net::error::connection_aborted;
        auto const error = co_await flush();
        if (error)
            co_return error;
        bytes.remove_prefix(chunk.size());
    }
    co_return error_code{};
}

net::awaitable<error_code> byte_stream::write_raw(std::string_view bytes)
{
    auto const allowed = bytes.substr(0, limits_.sent.value_or(bytes.size()));
    auto const [error, size] = co_await net::async_write(socket_, net::buffer(allowed), use_result);
    if (error || !limits_.sent)
        co_return explain(error);
    *limits_.sent -= size;
    if (*limits_.sent != 0)
        co_return error_code{};
    limits_.sent.reset();
    co_await close(limits_.how);
    co_return net::error::connection_aborted;
}

net::awaitable<error_code> byte_stream::wait_for_input()
{
    if (engine_ && engine_->has_input())
        co_return error_code{};
    auto const [error] = co_await socket_.async_wait(net::socket_base::wait_read, use_result);
    co_return explain(error);
}

net::awaitable<void> byte_stream::end_output(testing::closing how)
{
    error_code ignored;
    if (how == testing::closing::reset) {
        socket_.set_option(net::socket_base::linger(true, 0), ignored);
        co_return;
    }
    if (how == testing::closing::orderly && engine_) {
        engine_->close_notify();
        co_await flush();
    }
    socket_.shutdown(net::socket_base::shutdown_send, ignored);
}

net::awaitable<void> byte_stream::close(testing::closing how)
{
    expires_after(close_limit);
    co_await end_output(how);
    expires_never();
    error_code ignored;
    socket_.close(ignored);
}

// Closing while the client still sends would reset the connection, and the reset could overtake
// what the client has not read yet.
net::awaitable<void> byte_stream::close_gently()
{
    expires_after(close_limit);
    co_await end_output(testing::closing::orderly);
    error_code error;
    while (!error)
        std::tie(error, std::ignore) =
            co_await socket_.async_read_some(net::buffer(input_), use_result);
    expires_never();
    socket_.close(error);
}

void byte_stream::expires_after(std::chrono::steady_clock::duration limit)
{
    expired_ = false;
    timer_.expires_after(limit);
    timer_.async_wait([self = weak_from_this()](error_code error) {
        auto const stream = self.lock();
        // The limit may have been moved after this wait had ended.
        if (error || !stream || stream->timer_.expiry() > std::chrono::steady_clock::now())
            return;
        stream->expired_ = true;
        stream->cancel();
    });
}

void byte_stream::expires_never()
{
    timer_.expires_at(std::chrono::steady_clock::time_point::max());
}

void byte_stream::cancel()
{
    error_code ignored;
    socket_.cancel(ignored);
}

net::awaitable<error_code> byte_stream::flush()
{
    auto const output = engine_->take_output();
    if (output.empty())
        co_return error_code{};
    co_return co_await write_raw(output);
}

net::awaitable<error_code> byte_stream::fill()
{
    // A coroutine cancelled between two reads must not begin another that nothing would end.
    auto const state = co_await net::this_coro::cancellation_state;
    if (state.cancelled() != net::cancellation_type::none)
        co_return net::error::operation_aborted;
    auto const [error, size] = co_await receive(net::buffer(input_));
    if (!error)
        engine_->add_input(net::buffer(input_.data(), size));
    co_return error;
}

net::awaitable<byte_stream::read_result> byte_stream::receive(net::mutable_buffer to)
{
    if (limits_.received)
        to = net::buffer(to, *limits_.received);
    std::size_t size = 0;
    error_code error;
    if (to.size() != 0)
        std::tie(error, size) = co_await socket_.async_read_some(to, use_result);
    if (error || !limits_.received)
        co_return read_result{explain(error), size};
    *limits_.received -= size;
    if (*limits_.received != 0)
        co_return read_result{{}, size};
    limits_.received.reset();
    co_await close(limits_.how);
    co_return read_result{net::error::connection_aborted, 0};
}

error_code byte_stream::explain(error_code error) const
{
    return error == net::error::operation_aborted && expired_ ? net::error::timed_out : error;
}

} // namespace vidi::emulation
