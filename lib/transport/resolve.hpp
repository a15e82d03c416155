#pragma once

#include "transport/operation.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace vidi::transport {

struct resolve_result
{
    error_code failure;
    std::vector<asio::ip::tcp::endpoint> endpoints;
};

// Resolves a host name, or reads an address, off the calling thread.
//
// An operation that is stopped does not wait for the system's resolver, which cannot be: it leaves
// the look-up behind.
task<resolve_result> resolve(operation&, std::string const& host, std::uint16_t port);

} // namespace vidi::transport
