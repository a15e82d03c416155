#pragma once

#include "protocol/origin.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vidi::protocol {

// An exception from the use of a proxy: an entry of `proxy_options::no_proxy`, read.
struct no_proxy_rule
{
    struct everything
    {
    };

    struct domain
    {
        std::string suffix; // in lower case, with a dot before it
        bool itself;        // the host without the dot, too
    };

    struct network
    {
        std::array<std::uint8_t, 16>
            prefix; // of an IPv6 address, or of the one an IPv4 one maps to
        unsigned bits;
    };

    std::variant<everything, domain, network> what;
    std::optional<std::uint16_t> port;

    bool matches(origin const&) const;
};

// Nothing if it cannot be read.
std::optional<no_proxy_rule> parse_no_proxy(std::string_view entry);

// The entries of a variable, separated by commas or spaces.
std::vector<std::string> split_no_proxy(std::string_view variable);

} // namespace vidi::protocol
