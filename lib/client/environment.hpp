#pragma once

#include <vidi/client_config.hpp>

#include <string>

namespace vidi {

// An environment variable; empty if it is not set.
std::string environment_variable(char const* name);

// Sets the proxy that the environment names for the address of a configuration, if there is one.
// Throws boost::system::system_error if it would be used and cannot be.
void set_proxy_from_environment(client_config&);

} // namespace vidi
