#pragma once

#include <vidi/admission.hpp>
#include <vidi/detail/config.hpp>
#include <vidi/hedging.hpp>
#include <vidi/observer.hpp>
#include <vidi/proxy.hpp>
#include <vidi/retry.hpp>
#include <vidi/secret.hpp>
#include <vidi/tls_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vidi {

/// Time limits of one operation. Each expiry has an @ref errc of its own. Zero means no limit.
struct timeouts
{
    using duration = std::chrono::milliseconds;

    /// Waiting to be admitted, each time: `errc::admission_timeout`.
    duration admission{900'000};

    /// Waiting for a connection of the pool: `errc::pool_timeout`.
    duration pool{0};

    /// Resolving the name and connecting, over all addresses: `errc::connect_timeout`. Through a
    /// proxy that is for the way to the proxy, and once more for the proxy's way to the server.
    duration connect{10'000};

    /// The TLS handshake: `errc::tls_handshake_timeout`.
    duration tls_handshake{10'000};

    /// Between two parts of the request that the network accepts: `errc::write_timeout`.
    duration write{60'000};

    /// From the last byte of the request to the end of the response head:
    /// `errc::response_head_timeout`. The model thinks in this time, so it is long.
    duration response_head{600'000};

    /// Between two parts of the response body: `errc::response_body_timeout`.
    duration response_body_idle{60'000};

    /// The whole operation, all attempts and the waits between them included, but not the wait for
    /// admission: `errc::operation_timeout`. What would be tried again only after that is given up
    /// at once, with its own error.
    duration operation{900'000};
};

/// Bounds of what is accepted from the server, in bytes.
struct limits
{
    std::uint32_t response_head = 64 * 1024;               ///< `errc::response_head_too_large`
    std::uint64_t response_body = std::uint64_t{64} << 20; ///< `errc::response_body_too_large`
};

/// How many connections are kept, and for how long.
///
/// Over HTTP/1.1 a request has a connection to itself, so `max_connections` is also the number of
/// requests in flight to one host.
struct pool_options
{
    /// Connections to one host, idle ones included. At least 1.
    std::size_t max_connections = 256;

    /// Connections to one host that may be in the making at the same time. At least 1. Handshakes
    /// are what costs most; this keeps a burst of them from holding up the requests on connections
    /// that are open, and bounds what a server that is down or slow is asked for.
    std::size_t max_connecting = 64;

    /// Operations that may wait for a connection to one host. One more fails with
    /// `errc::pool_full`.
    std::size_t max_waiting = 100'000;

    /// A connection that was idle for longer is closed rather than used. Zero: no limit.
    ///
    /// The pool keeps no timer of its own, so that `io_context::run()` returns when the requests
    /// are done. Connections past their time are closed whenever the client is used;
    /// `client::close_idle_connections()` closes them at once.
    std::chrono::milliseconds idle_lifetime{60'000};

    /// A connection older than this is closed after its exchange. Zero: no limit.
    std::chrono::milliseconds max_age{600'000};
};

/// How connections are kept alive while nothing is sent.
struct tcp_options
{
    /// Probe a silent connection. Without it, one that was forgotten on the way, by a NAT or a
    /// firewall, is noticed by the time limits alone: they forget after a minute or more, while a
    /// model may think for longer.
    bool keep_alive = true;

    /// The silence before a probe, and before the next. 1 to 32767 seconds. A peer that confirms
    /// nothing for four times as long, probes or data, counts as gone.
    std::chrono::seconds keep_alive_interval{45};
};

/// Everything a @ref client needs to know.
struct VIDI_DECL client_config
{
    /// `https://host[:port]/prefix`, usually ending in `/v1`.
    ///
    /// Plain `http` is for servers on this machine: for any other host it is refused, unless
    /// `allow_plain_http` says that the key may travel unencrypted.
    std::string base_url = "https://api.openai.com/v1";

    /// Sent as `Authorization: Bearer …`. Empty: no such header, for local servers.
    secret api_key;

    std::string organization; ///< `OpenAI-Organization`, if not empty.
    std::string project;      ///< `OpenAI-Project`, if not empty.

    /// Further header fields, sent with each request. They must not repeat a field that the client
    /// sets itself.
    std::vector<std::pair<std::string, std::string>> headers;

    bool allow_plain_http = false;

    /// The client's executor runs on one thread, and the client is used from that thread alone. It
    /// then takes no lock and executes no locked instruction, but for what shared pointers do.
    bool single_threaded = false;

    vidi::timeouts timeouts;
    vidi::limits limits;
    pool_options pool;
    tcp_options tcp;
    tls_options tls;
    retry_options retry;
    admission_options admission;
    hedging_options hedging;

    /// Is told what happens, if set.
    std::shared_ptr<vidi::observer> observer;

    /// The proxy to go through, if any.
    std::optional<proxy_options> proxy;

    /// OpenAI, at `https://api.openai.com/v1`.
    static client_config openai(secret key);

    /// DMXAPI, at `https://www.dmxapi.cn/v1`.
    static client_config dmxapi(secret key);

    /// What the environment says: `DMXAPI_API_KEY` selects DMXAPI, else `OPENAI_API_KEY` selects
    /// OpenAI. `OPENAI_BASE_URL` overrides the address; `OPENAI_ORG_ID` and `OPENAI_PROJECT_ID` are
    /// sent if set. An empty variable counts as unset. A loopback address needs no key.
    ///
    /// The proxy for an https address is that of `https_proxy`, else of `HTTPS_PROXY`; for an http
    /// address that of `http_proxy`, else of `HTTP_PROXY`, unless `REQUEST_METHOD` is set: then
    /// this is a CGI program, and whoever sent the request chose the value. For both, `all_proxy`
    /// and `ALL_PROXY` come last. `no_proxy`, else `NO_PROXY`, has the exceptions, separated by
    /// commas or spaces; those that cannot be read are left out. See @ref proxy_options.
    ///
    /// @throws boost::system::system_error `errc::missing_api_key` if no key is set; the message
    /// names the variables. `errc::invalid_configuration` if the address would be reached through a
    /// proxy that cannot be used; the message names the variable.
    static client_config from_environment();
};

} // namespace vidi
