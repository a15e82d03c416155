#include "protocol/url.hpp"

#include <algorithm>

namespace vidi::protocol {
namespace {

namespace urls = boost::urls;

bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

std::uint16_t port_of(urls::url_view const& url)
{
    if (url.has_port())
        return url.port_number();
    return url.scheme_id() == urls::scheme::https ? 443 : 80;
}

} // namespace

std::string problem_with_authority(urls::url_view const& url)
{
    if (url.encoded_host().empty())
        return "it has no host";
    if (!std::ranges::all_of(url.host_address(), is_visible))
        return "the host holds a character that no host name has";
    if (url.has_port() && (url.port_number() == 0 || url.port().empty()))
        return "the port is not a number from 1 to 65535";
    return {};
}

origin origin_of(urls::url_view const& url)
{
    return {url.scheme_id() == urls::scheme::https, std::string{url.host_address()}, port_of(url)};
}

} // namespace vidi::protocol
