#pragma once

#include <vidi/client_config.hpp>
#include <vidi/exchange_info.hpp>

#include "protocol/origin.hpp"
#include "protocol/proxy.hpp"
#include "transport/connection.hpp"
#include "transport/tls_context.hpp"

#include <memory>
#include <optional>

namespace vidi::transport {

struct open_result
{
    error_code failure;
    std::unique_ptr<connection> opened;
};

// Makes the connections of a client.
class opener
{
public:
    // On failure, `detail` says which setting cannot be used and why.
    opener(client_config const&, error_code&, std::string& detail);

    // Makes a connection to an origin: resolves, connects, passes the proxy if there is one, and
    // starts TLS if the origin asks for it, each within its time limit. Notes in `exchange` how
    // long each took and, on failure, what went wrong.
    task<open_result> open(operation&, protocol::origin const& to, exchange_info& exchange);

private:
    task<error_code>
    pass_proxy(operation&, connection&, protocol::origin const& to, exchange_info& exchange);

    timeouts const timeouts_;
    std::uint32_t const longest_head_;
    tcp_options const tcp_;
    tls_context tls_;
    std::optional<protocol::proxy> proxy_;
    std::optional<tls_context> proxy_tls_; // if the proxy speaks it
};

} // namespace vidi::transport
