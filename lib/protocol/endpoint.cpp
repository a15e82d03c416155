#include "protocol/endpoint.hpp"

#include "protocol/url.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>

namespace vidi::protocol {
namespace {

namespace urls = boost::urls;

std::string problem_with(urls::url_view const& url)
{
    if (url.scheme_id() != urls::scheme::https && url.scheme_id() != urls::scheme::http)
        return "it must begin with https:// or http://";
    if (url.has_userinfo())
        return "it must not contain a user name or password";
    if (url.has_query() || url.has_fragment())
        return "it must not have a query or a fragment";
    return problem_with_authority(url);
}

endpoint to_endpoint(urls::url_view const& url)
{
    endpoint result;
    result.origin = origin_of(url);
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
