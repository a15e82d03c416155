#include "transport/open.hpp"

#include "transport/connect.hpp"
#include "transport/resolve.hpp"
#include "transport/stopwatch.hpp"

#include <boost/asio/error.hpp>

#include <sys/socket.h>

namespace vidi::transport {
namespace {

error_code classify_connect_failure(error_code ec)
{
    return ec == asio::error::connection_refused ? errc::connection_refused : errc::connect_failed;
}

// Small writes leave at once, and a connection that a middlebox forgot is noticed: NATs drop silent
// connections after a minute or more, while a model may think for longer.
void set_options(asio::ip::tcp::socket& socket)
{
    error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay{true}, ignored);
    socket.set_option(asio::socket_base::keep_alive{true}, ignored);
    int const seconds = 45;
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_KEEPIDLE, &seconds, sizeof seconds);
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_KEEPINTVL, &seconds, sizeof seconds);
}

} // namespace

task<open_result> open(
    operation& on_behalf_of, protocol::origin const& to, timeouts const& limits,
    tls_context& context, exchange_info& exchange)
{
    open_result result;
    stopwatch watch;
    on_behalf_of.begin_stage(limits.connect, errc::connect_timeout);
    auto resolved = co_await resolve(on_behalf_of, to.host, to.port);
    exchange.timings.resolve = watch.lap();
    if (resolved.failure || resolved.endpoints.empty()) {
        exchange.detail = to.host + ": " + resolved.failure.message();
        result.failure = on_behalf_of.interruption().value_or(errc::resolve_failed);
        co_return result;
    }

    auto connected = co_await connect(on_behalf_of, std::move(resolved.endpoints));
    exchange.timings.connect = watch.lap();
    if (connected.failure) {
        exchange.detail = connected.detail.empty() ? protocol::to_string(to) : connected.detail;
        result.failure =
            on_behalf_of.interruption().value_or(classify_connect_failure(connected.failure));
        co_return result;
    }
    set_options(*connected.socket);
    result.opened = std::make_unique<connection>(std::move(*connected.socket));

    if (to.tls) {
        on_behalf_of.begin_stage(limits.tls_handshake, errc::tls_handshake_timeout);
        result.failure =
            co_await result.opened->start_tls(on_behalf_of, context, to, exchange.detail);
        exchange.timings.tls_handshake = watch.lap();
        if (result.failure) {
            exchange.detail = protocol::to_string(to) + ": " + exchange.detail;
            result.opened.reset();
        }
    }
    on_behalf_of.end_stage();
    co_return result;
}

} // namespace vidi::transport
