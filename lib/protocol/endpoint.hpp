#pragma once

#include <vidi/client_config.hpp>
#include <vidi/error.hpp>

#include "protocol/origin.hpp"

#include <string>

namespace vidi::protocol {

// Where requests go: an origin, and the path before "/responses".
struct endpoint
{
    protocol::origin origin;
    std::string path; // without a trailing slash

    bool operator==(endpoint const&) const = default;
};

// Reads and checks a configuration's address. On failure, `detail` says what is wrong.
endpoint parse_endpoint(client_config const&, error_code&, std::string& detail);

// "localhost", its subdomains, and the loopback addresses.
bool is_loopback(std::string const& host);

} // namespace vidi::protocol
