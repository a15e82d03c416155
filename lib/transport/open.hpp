#pragma once

#include <vidi/client_config.hpp>
#include <vidi/exchange_info.hpp>

#include "protocol/origin.hpp"
#include "transport/connection.hpp"

#include <memory>

namespace vidi::transport {

struct open_result
{
    error_code failure;
    std::unique_ptr<connection> opened;
};

// Makes a connection to an origin: resolves, connects, and starts TLS if the origin asks for it,
// each within its time limit. Notes in `exchange` how long each took and, on failure, what went
// wrong.
task<open_result>
open(operation&, protocol::origin const&, timeouts const&, tls_context&, exchange_info& exchange);

} // namespace vidi::transport
