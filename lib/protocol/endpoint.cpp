#include "protocol/endpoint.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace vidi::protocol {
namespace {

namespace urls = boost::urls;

bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

std::string problem_with(urls::url_view const& url)
{
    if (url.scheme_id() != urls::scheme::https && url.scheme_id() != urls::scheme::http)
        return "it must begin with https:// or http://";
    if (url.has_userinfo())
        return "it must not contain a user name or password";
    if (url.encoded_host().empty())
        return "it has no host";
    if (!std::ranges::all_of(url.host_address(), is_visible))
        return "the host holds a character that no host name has";
    if (url.has_query() || url.has_fragment())
        return "it must not have a query or a fragment";
    if (url.has_port() && (url.port_number() == 0 || url.port().empty()))
        return "the port is not a number from 1 to 65535";
    return {};
}

std::uint16_t port_of(urls::url_view const& url)
{
    if (url.has_port())
        return url.port_number();
    return url.scheme_id() == urls::scheme::https ? 443 : 80;
}

endpoint to_endpoint(urls::url_view const& url)
{
    endpoint result;
    result.origin = {
        url.scheme_id() == urls::scheme::https, std::string{url.host_address()}, port_of(url)};
    result.path = std::string{url.encoded_path()};
    while (result.path.ends_with('/'))
        result.path.pop_back();
    return result;
}

} // namespace

bool is_loopback(std::string const& host)
{
    boost::system::error_code not_an_address;
    auto const address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address)
        return address.is_loopback();
    return host == "localhost" || host.ends_with(".localhost");
}

endpoint parse_endpoint(client_config const& config, error_code& ec, std::string& detail)
{
    // The address is quoted in messages only when it cannot hold a password.
    auto const url = urls::parse_uri(config.base_url);
    auto problem = url ? problem_with(*url) : std::string{"it is not a URL"};
    if (problem.empty()) {
        auto result = to_endpoint(*url);
        if (result.origin.tls || config.allow_plain_http || is_loopback(result.origin.host))
            return result;
        problem = "plain http would send the key unencrypted to " + result.origin.host +
                  "; use https, or set allow_plain_http";
    }
    ec = errc::invalid_configuration;
    detail = "base_url: " + problem;
    return {};
}

} // namespace vidi::protocol
