#include "transport/open.hpp"

#include "transport/connect.hpp"
#include "transport/resolve.hpp"
#include "transport/socket_options.hpp"
#include "transport/stopwatch.hpp"

#include <boost/asio/error.hpp>

namespace vidi::transport {
namespace {

error_code classify_connect_failure(error_code ec)
{
    return ec == asio::error::connection_refused ? errc::connection_refused : errc::connect_failed;
}

} // namespace

opener::opener(client_config const& config, error_code& ec, std::string& detail)
    : timeouts_{config.timeouts}, tcp_{config.tcp}, tls_{
                                                        config.tls, config.single_threaded, ec,
                                                        detail}
{
    if (!ec)
        check_options(tcp_, ec, detail);
}

task<open_result>
opener::open(operation& on_behalf_of, protocol::origin const& to, exchange_info& exchange)
{
    open_result result;
    stopwatch watch;
    on_behalf_of.begin_stage(timeouts_.connect, errc::connect_timeout);
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
    set_options(*connected.socket, tcp_);
    result.opened = std::make_unique<connection>(std::move(*connected.socket));

    if (to.tls) {
        on_behalf_of.begin_stage(timeouts_.tls_handshake, errc::tls_handshake_timeout);
        result.failure = co_await result.opened->start_tls(on_behalf_of, tls_, to, exchange.detail);
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
