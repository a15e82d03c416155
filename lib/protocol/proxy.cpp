#include "protocol/proxy.hpp"

#include "model/base64.hpp"
#include "protocol/endpoint.hpp"
#include "protocol/url.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>

namespace vidi::protocol {
namespace {

namespace urls = boost::urls;

std::string problem_with(urls::url_view const& url)
{
    if (url.scheme().starts_with("socks"))
        return "SOCKS is not supported; it must begin with http:// or https://";
    if (url.scheme_id() != urls::scheme::https && url.scheme_id() != urls::scheme::http)
        return "it must begin with http:// or https://";
    if (url.has_userinfo())
        return "it must not contain a user name or password; see proxy.user";
    if (!url.encoded_path().empty() && url.encoded_path() != "/")
        return "it must not have a path";
    if (url.has_query() || url.has_fragment())
        return "it must not have a query or a fragment";
    return problem_with_authority(url);
}

// RFC 7617, 2.
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }

std::string problem_with_credentials(proxy_options const& options)
{
    if (std::ranges::any_of(options.user, is_control) ||
        options.user.find(':') != std::string::npos)
        return "proxy.user: holds a colon or a control character";
    if (std::ranges::any_of(options.password.reveal(), is_control))
        return "proxy.password: holds a control character";
    return {};
}

secret make_authorization(proxy_options const& options)
{
    if (options.user.empty() && options.password.empty())
        return {};
    constexpr std::string_view scheme = "Basic ";
    auto const& password = options.password.reveal();
    auto const size = options.user.size() + 1 + password.size();
    // Of its full size from the beginning, so that no part of it stays behind elsewhere.
    std::string credentials;
    credentials.reserve(size);
    credentials.append(options.user).append(":").append(password);
    secret const wiped{std::move(credentials)};
    std::string result;
    result.reserve(scheme.size() + model::base64_size(size));
    result += scheme;
    model::append_base64(result, wiped.reveal());
    return result;
}

std::vector<no_proxy_rule>
parse_exceptions(std::vector<std::string> const& entries, std::string& problem)
{
    std::vector<no_proxy_rule> result;
    for (auto const& entry : entries) {
        if (auto rule = parse_no_proxy(entry))
            result.push_back(*std::move(rule));
        else
            problem = "proxy.no_proxy: number " + std::to_string(result.size() + 1) +
                      " is neither a host nor an address nor a network";
        if (!problem.empty())
            break;
    }
    return result;
}

bool names_loopback(origin const& to)
{
    static auto const rules = [] {
        std::vector<no_proxy_rule> made;
        for (auto const* entry : {"localhost", "127.0.0.0/8", "::1"})
            made.push_back(parse_no_proxy(entry).value());
        return made;
    }();
    return std::ranges::any_of(rules, [&](no_proxy_rule const& rule) { return rule.matches(to); });
}

} // namespace

bool proxy::is_for(origin const& to) const
{
    if (!loopback_too && names_loopback(to))
        return false;
    return std::ranges::none_of(
        exceptions, [&](no_proxy_rule const& rule) { return rule.matches(to); });
}

proxy parse_proxy(proxy_options const& options, error_code& ec, std::string& detail)
{
    proxy result;
    auto const url = urls::parse_uri(options.url);
    auto problem = url ? problem_with(*url) : std::string{"it is not a URL"};
    if (!problem.empty()) {
        problem.insert(0, "proxy.url: ");
    }
    else {
        result.address = origin_of(*url);
        problem = problem_with_credentials(options);
    }
    if (problem.empty())
        result.exceptions = parse_exceptions(options.no_proxy, problem);
    if (!problem.empty()) {
        ec = errc::invalid_configuration;
        detail = std::move(problem);
        return {};
    }
    result.authorization = make_authorization(options);
    result.loopback_too = options.proxy_loopback;
    return result;
}

std::optional<proxy> find_forwarding_proxy(
    client_config const& config, origin const& to, error_code& ec, std::string& detail)
{
    if (to.tls || !config.proxy)
        return {};
    auto found = parse_proxy(*config.proxy, ec, detail);
    if (ec || !found.is_for(to))
        return {};
    if (!config.allow_plain_http && !is_loopback(found.address.host)) {
        ec = errc::invalid_configuration;
        detail = "base_url: plain http would send the key unencrypted through the proxy " +
                 found.address.host + "; use https, or set allow_plain_http";
    }
    return found;
}

} // namespace vidi::protocol
