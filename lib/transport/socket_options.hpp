#pragma once

#include <vidi/client_config.hpp>
#include <vidi/error.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace vidi::transport {

// Fails with errc::invalid_configuration if the system would refuse the options.
void check_options(tcp_options const&, error_code&, std::string& detail);

// Sets up a connected socket: small writes leave at once, and a peer that is gone is noticed.
void set_options(asio::ip::tcp::socket&, tcp_options const&);

} // namespace vidi::transport
