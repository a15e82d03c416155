#pragma once

#include "server_process.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace vidi::testing {

// A tinyproxy of this machine on loopback. All its files are in a temporary directory.
class tinyproxy
{
public:
    // Whether there is a tinyproxy to run.
    static bool is_installed();

    // `directives` are further lines of its configuration. Returns when it serves.
    // @throws std::runtime_error With what tinyproxy said.
    explicit tinyproxy(std::string const& directives = {});

    std::uint16_t port() const noexcept { return port_; }

    // How many requests it has received whose request line begins so.
    std::size_t requests(std::string const& line = {});

private:
    std::optional<server_process> process_;
    std::uint16_t port_ = 0;
};

} // namespace vidi::testing
