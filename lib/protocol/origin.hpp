#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace vidi::protocol {

// Scheme, host and port (RFC 6454): what decides which connections a request can use.
struct origin
{
    bool tls = true;
    std::string host; // without the brackets of an IPv6 literal
    std::uint16_t port = 443;

    // The check takes the 0 that the compiler compares the result with for a pointer.
    // NOLINTNEXTLINE(modernize-use-nullptr)
    auto operator<=>(origin const&) const = default;
};

// The value of the Host field (RFC 9110, 7.2): the port only where it is not the scheme's own.
std::string host_field(origin const&);

// For messages: "host:port".
std::string to_string(origin const&);

} // namespace vidi::protocol
