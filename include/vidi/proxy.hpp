#pragma once

#include <vidi/detail/config.hpp>
#include <vidi/secret.hpp>
#include <vidi/tls_options.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace vidi {

/// An HTTP proxy, and what it is for.
///
/// An https origin is reached through a tunnel (CONNECT): the proxy learns its host name and port,
/// and neither the key nor what is sent. A request to an http origin is sent to the proxy as it is,
/// with the key; so if the proxy is not on this machine, `client_config::allow_plain_http` must
/// allow it. SOCKS is not spoken.
struct VIDI_DECL proxy_options
{
    /// `http://host[:port]` or `https://host[:port]`; the ports are 80 and 443 if none is given.
    /// With `https`, the connection to the proxy is encrypted too.
    std::string url;

    /// Sent to the proxy, and to nobody else, if not both empty (Basic, RFC 7617). Unencrypted,
    /// unless `url` begins with `https`.
    std::string user;
    secret password;

    /// What is reached without the proxy:
    /// - `example.com`, a host and all below it; `.example.com` and `*.example.com`, what is below
    ///   it alone;
    /// - `192.0.2.1`, `2001:db8::1`, `10.0.0.0/8`: addresses, if the origin is given as one. Names
    ///   are not resolved for it;
    /// - any of these but the last with a port, `example.com:8443`, `[2001:db8::1]:8443`;
    /// - `*`, everything.
    std::vector<std::string> no_proxy;

    /// Use the proxy for loopback addresses, `localhost` and its subdomains, too. To the proxy they
    /// are its own machine's.
    bool proxy_loopback = false;

    /// For a proxy with `https`. Nothing of `client_config::tls` holds for the proxy, neither its
    /// authorities nor its pins and client certificate, and nothing of this for the origin.
    tls_options tls;

    /// Reads a URL as environment variables have it: with user name and password, percent-encoded,
    /// if need be, and without a scheme if that is `http`. What cannot be used is refused when a
    /// client is made.
    static proxy_options from_url(std::string_view url);
};

} // namespace vidi
