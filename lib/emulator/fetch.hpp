#pragma once

#include "emulator/openssl.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace vidi::emulation {

/// An http or https URL, taken apart.
struct web_address
{
    bool tls = false;
    std::string host{};
    std::uint16_t port = 0;
    /// With the query.
    std::string target{};
};

/// Empty if it is not such a URL.
std::optional<web_address> parse_web_address(std::string_view url);

/// Whether a host is this machine by its name alone: 127.0.0.0/8, ::1 or localhost.
bool is_loopback(std::string_view host);

struct fetch_limits
{
    std::chrono::milliseconds time;
    std::size_t bytes = 0;
};

enum class fetch_failure
{
    unreachable,
    timed_out,
    too_large,
};

/// Gets what is at an address, which must be loopback.
boost::asio::awaitable<std::variant<std::string, fetch_failure>>
fetch(web_address address, SSL_CTX& tls, fetch_limits limits);

} // namespace vidi::emulation
