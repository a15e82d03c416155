#include "transport/socket_options.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

namespace vidi::transport {
namespace {

constexpr std::chrono::seconds shortest_interval{1};
constexpr std::chrono::seconds longest_interval{32767}; // Linux's
constexpr int intervals_until_gone = 4;

void set_tcp_option(asio::ip::tcp::socket& socket, int name, int value)
{
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, name, &value, sizeof value);
}

} // namespace

void check_options(tcp_options const& options, error_code& ec, std::string& detail)
{
    auto const interval = options.keep_alive_interval;
    if (interval < shortest_interval || interval > longest_interval) {
        ec = errc::invalid_configuration;
        detail = "tcp.keep_alive_interval: must be 1 to 32767 seconds";
    }
}

void set_options(asio::ip::tcp::socket& socket, tcp_options const& options)
{
    error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay{true}, ignored);
    if (!options.keep_alive)
        return;
    auto const interval = static_cast<int>(options.keep_alive_interval.count());
    socket.set_option(asio::socket_base::keep_alive{true}, ignored);
    set_tcp_option(socket, TCP_KEEPIDLE, interval);
    set_tcp_option(socket, TCP_KEEPINTVL, interval);
    // This bounds data that is not confirmed, which else is sent again for a quarter of an hour. It
    // bounds probes too, whose number (TCP_KEEPCNT) then does not count.
    set_tcp_option(socket, TCP_USER_TIMEOUT, interval * intervals_until_gone * 1000);
}

} // namespace vidi::transport
