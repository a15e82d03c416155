#include "transport/open.hpp"

#include "transport/connect.hpp"
#include "transport/resolve.hpp"
#include "transport/socket_options.hpp"
#include "transport/stopwatch.hpp"
#include "transport/tunnel.hpp"

#include <boost/asio/error.hpp>

namespace vidi::transport {
namespace {

error_code classify_connect_failure(error_code ec)
{
    return ec == asio::error::connection_refused ? errc::connection_refused : errc::connect_failed;
}

} // namespace

opener::opener(client_config const& config, error_code& ec, std::string& detail)
    : timeouts_{config.timeouts}, longest_head_{config.limits.response_head}, tcp_{config.tcp},
      tls_{config.tls, config.single_threaded, ec, detail}
{
    if (!ec)
        check_options(tcp_, ec, detail);
    if (ec || !config.proxy)
        return;
    proxy_ = protocol::parse_proxy(*config.proxy, ec, detail);
    if (ec || !proxy_->address.tls)
        return;
    proxy_tls_.emplace(config.proxy->tls, config.single_threaded, ec, detail);
    if (ec)
        detail.insert(0, "proxy.");
}

task<open_result>
opener::open(operation& on_behalf_of, protocol::origin const& to, exchange_info& exchange)
{
    open_result result;
    bool const proxied = proxy_ && proxy_->is_for(to);
    auto const& next = proxied ? proxy_->address : to;
    std::string const who = proxied ? "proxy: " : "";
    stopwatch watch;
    on_behalf_of.begin_stage(timeouts_.connect, errc::connect_timeout);
    auto resolved = co_await resolve(on_behalf_of, next.host, next.port);
    exchange.timings.resolve = watch.lap();
    if (resolved.failure || resolved.endpoints.empty()) {
        exchange.detail = who + next.host + ": " + resolved.failure.message();
        result.failure = on_behalf_of.interruption().value_or(errc::resolve_failed);
        co_return result;
    }

    auto connected = co_await connect(on_behalf_of, std::move(resolved.endpoints));
    exchange.timings.connect = watch.lap();
    if (connected.failure) {
        exchange.detail =
            who + (connected.detail.empty() ? protocol::to_string(next) : connected.detail);
        result.failure =
            on_behalf_of.interruption().value_or(classify_connect_failure(connected.failure));
        co_return result;
    }
    set_options(*connected.socket, tcp_);
    auto made = std::make_unique<connection>(std::move(*connected.socket));

    if (proxied) {
        result.failure = co_await pass_proxy(on_behalf_of, *made, to, exchange);
        exchange.timings.connect += watch.lap();
        if (result.failure)
            exchange.detail = who + protocol::to_string(next) + ": " + exchange.detail;
    }
    if (to.tls && !result.failure) {
        on_behalf_of.begin_stage(timeouts_.tls_handshake, errc::tls_handshake_timeout);
        result.failure = co_await made->start_tls(on_behalf_of, tls_, to, exchange.detail);
        exchange.timings.tls_handshake = watch.lap();
        if (result.failure)
            exchange.detail = protocol::to_string(to) + ": " + exchange.detail;
    }
    on_behalf_of.end_stage();
    if (!result.failure)
        result.opened = std::move(made);
    co_return result;
}

task<error_code> opener::pass_proxy(
    operation& on_behalf_of, connection& through, protocol::origin const& to,
    exchange_info& exchange)
{
    auto& detail = exchange.detail;
    if (proxy_tls_) {
        on_behalf_of.begin_stage(timeouts_.tls_handshake, errc::tls_handshake_timeout);
        auto const failure =
            to.tls ? co_await through.start_proxy_tls(
                         on_behalf_of, *proxy_tls_, proxy_->address, detail)
                   : co_await through.start_tls(on_behalf_of, *proxy_tls_, proxy_->address, detail);
        if (failure || !to.tls)
            co_return failure;
    }
    if (!to.tls)
        co_return error_code{};
    on_behalf_of.begin_stage(timeouts_.connect, errc::connect_timeout);
    co_return co_await open_tunnel(
        on_behalf_of, through, to, proxy_->authorization, longest_head_, detail);
}

} // namespace vidi::transport
