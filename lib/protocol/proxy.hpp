#pragma once

#include <vidi/client_config.hpp>
#include <vidi/error.hpp>
#include <vidi/proxy.hpp>

#include "protocol/no_proxy.hpp"
#include "protocol/origin.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vidi::protocol {

// A proxy, and what it is for.
struct proxy
{
    origin address;
    secret authorization; // the value of Proxy-Authorization; empty: none
    std::vector<no_proxy_rule> exceptions;
    bool loopback_too = false;

    bool is_for(origin const&) const;
};

// Reads and checks the options of a proxy. On failure, `detail` says what is wrong.
proxy parse_proxy(proxy_options const&, error_code&, std::string& detail);

// The proxy that requests to an http origin are sent to, if there is one for it. Fails with
// errc::invalid_configuration if the key would travel unencrypted, and nobody allowed it.
std::optional<proxy>
find_forwarding_proxy(client_config const&, origin const&, error_code&, std::string& detail);

} // namespace vidi::protocol
