#pragma once

#include "transport/operation.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace vidi::transport {

// The order in which addresses are tried: families alternate, beginning with the first address's,
// and otherwise in the resolver's order (RFC 8305, 4).
std::vector<asio::ip::tcp::endpoint> interleave_families(std::vector<asio::ip::tcp::endpoint>);

// RFC 8305, 8: Connection Attempt Delay.
inline constexpr std::chrono::milliseconds connection_attempt_delay{250};

struct connect_result
{
    error_code failure; // of the system; connection_refused only if every address refused
    std::string detail; // each address that failed, and why
    std::optional<asio::ip::tcp::socket> socket;
};

// Connects to whichever address answers first: the next one is tried when the one before failed, or
// after the connection attempt delay (RFC 8305, 5). `endpoints` is not empty.
task<connect_result> connect(operation&, std::vector<asio::ip::tcp::endpoint> endpoints);

} // namespace vidi::transport
