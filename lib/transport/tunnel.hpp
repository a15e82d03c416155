#pragma once

#include <vidi/secret.hpp>

#include "protocol/origin.hpp"
#include "transport/connection.hpp"

#include <cstddef>
#include <string>

namespace vidi::transport {

// Asks the proxy at the other end of a connection for a tunnel to an origin. On success the
// connection leads there. `longest_answer` bounds the head of the proxy's answer, in bytes. On
// failure, `detail` holds the reason.
task<error_code> open_tunnel(
    operation&, connection&, protocol::origin const& to, secret const& proxy_authorization,
    std::size_t longest_answer, std::string& detail);

} // namespace vidi::transport
