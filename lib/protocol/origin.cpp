#include "protocol/origin.hpp"

namespace vidi::protocol {
namespace {

std::string bracketed(std::string const& host)
{
    return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

} // namespace

std::string host_field(origin const& o)
{
    std::uint16_t const usual = o.tls ? 443 : 80;
    return o.port == usual ? bracketed(o.host) : to_string(o);
}

std::string to_string(origin const& o) { return bracketed(o.host) + ':' + std::to_string(o.port); }

} // namespace vidi::protocol
