#include "client/environment.hpp"

#include "protocol/endpoint.hpp"
#include "protocol/no_proxy.hpp"
#include "protocol/proxy.hpp"
#include "protocol/wipe.hpp"

#include <boost/system/system_error.hpp>

#include <cstdlib>
#include <initializer_list>
#include <optional>

namespace vidi {
namespace {

struct variable
{
    char const* name;
    std::string value;
};

// The first of these that is set.
std::optional<variable> first_of(std::initializer_list<char const*> names)
{
    for (auto const* name : names) {
        if (auto value = environment_variable(name); !value.empty())
            return variable{name, std::move(value)};
    }
    return {};
}

std::optional<variable> proxy_variable(bool tls)
{
    if (tls)
        return first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
    // In a CGI program HTTP_PROXY is the request's header field Proxy (CVE-2016-5385).
    if (!environment_variable("REQUEST_METHOD").empty())
        return first_of({"http_proxy", "all_proxy", "ALL_PROXY"});
    return first_of({"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"});
}

std::vector<std::string> readable_exceptions()
{
    std::vector<std::string> result;
    auto const set = first_of({"no_proxy", "NO_PROXY"});
    for (auto& entry : protocol::split_no_proxy(set ? set->value : "")) {
        if (protocol::parse_no_proxy(entry))
            result.push_back(std::move(entry));
    }
    return result;
}

// A variable that says something that cannot be used does not matter where it would not be used.
bool would_be_used(proxy_options options, protocol::origin const& to)
{
    options.url = "http://proxy";
    options.user.clear();
    options.password = {};
    error_code ec;
    std::string detail;
    return protocol::parse_proxy(options, ec, detail).is_for(to);
}

} // namespace

std::string environment_variable(char const* name)
{
    char const* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): read only
    return value ? value : "";
}

void set_proxy_from_environment(client_config& config)
{
    error_code ec;
    std::string detail;
    auto const to = protocol::parse_endpoint(config, ec, detail).origin;
    auto set = proxy_variable(to.tls);
    if (ec || !set)
        return; // a wrong address is refused when a client is made
    auto options = proxy_options::from_url(set->value);
    protocol::wipe(set->value);
    options.no_proxy = readable_exceptions();
    protocol::parse_proxy(options, ec, detail);
    if (!ec)
        config.proxy = std::move(options);
    else if (would_be_used(options, to))
        throw boost::system::system_error(ec, std::string{set->name} + ": " + detail);
}

} // namespace vidi
