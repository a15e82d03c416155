#include "emulator/fetch.hpp"

#include "emulator/byte_stream.hpp"
#include "emulator/message.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <vector>

namespace vidi::emulation {
namespace {

namespace http = boost::beast::http;
namespace net = boost::asio;
using net::ip::tcp;

using reply_parser = http::response_parser<http::string_body>;

std::vector<tcp::endpoint> endpoints_of(web_address const& address)
{
    if (equal_ignoring_case(address.host, "localhost"))
        return {
            {net::ip::address_v4::loopback(), address.port},
            {net::ip::address_v6::loopback(), address.port}};
    return {{net::ip::make_address(address.host), address.port}};
}

std::string request_text(web_address const& address)
{
    bool const v6 = address.host.find(':') != std::string::npos;
    std::string text = "GET ";
    text.append(address.target).append(" HTTP/1.1\r\nHost: ");
    text.append(v6 ? "[" : "").append(address.host).append(v6 ? "]" : "");
    text.append(":").append(std::to_string(address.port)).append("\r\n");
    return text.append("User-Agent: vidi-emulator\r\n"
                       "Accept: image/*\r\n"
                       "Connection: close\r\n\r\n");
}

fetch_failure failure_of(error_code error)
{
    if (error == net::error::timed_out)
        return fetch_failure::timed_out;
    return error == http::error::body_limit ? fetch_failure::too_large : fetch_failure::unreachable;
}

net::awaitable<error_code> read_reply(byte_stream& stream, reply_parser& parser)
{
    boost::beast::flat_buffer buffer;
    parser.eager(true);
    while (!parser.is_done()) {
        auto const received = co_await stream.read_some(buffer.prepare(65536));
        buffer.commit(received.size);
        error_code error = received.error;
        if (error == net::error::eof)
            parser.put_eof(error = {});
        else if (!error)
            buffer.consume(parser.put(buffer.data(), error));
        if (error && error != http::error::need_more)
            co_return error;
    }
    co_return error_code{};
}

using shared_stream = std::shared_ptr<byte_stream>;

net::awaitable<error_code>
exchange(shared_stream stream, web_address const& address, SSL_CTX& tls, reply_parser& parser)
{
    error_code error;
    if (address.tls)
        error = co_await stream->handshake(tls, tls_engine::side::client);
    if (!error)
        error = co_await stream->write(request_text(address));
    if (!error)
        error = co_await read_reply(*stream, parser);
    co_return error;
}

} // namespace

std::optional<web_address> parse_web_address(std::string_view url)
{
    auto const parsed = boost::urls::parse_uri(url);
    if (!parsed || (parsed->scheme() != "http" && parsed->scheme() != "https"))
        return std::nullopt;
    web_address address{.tls = parsed->scheme() == "https", .host = parsed->host_address()};
    address.port = parsed->has_port() ? parsed->port_number() : address.tls ? 443 : 80;
    address.target = std::string(parsed->encoded_path());
    if (address.target.empty())
        address.target.push_back('/');
    if (parsed->has_query())
        address.target.append("?").append(std::string(parsed->encoded_query()));
    if (address.host.empty() || address.port == 0)
        return std::nullopt;
    return address;
}

bool is_loopback(std::string_view host)
{
    error_code error;
    auto const address = net::ip::make_address(host, error);
    return error ? equal_ignoring_case(host, "localhost") : address.is_loopback();
}

net::awaitable<std::variant<std::string, fetch_failure>>
fetch(web_address address, SSL_CTX& tls, fetch_limits limits)
{
    auto const stop = std::chrono::steady_clock::now() + limits.time;
    error_code error = net::error::host_unreachable;
    for (auto const& endpoint : endpoints_of(address)) {
        auto const stream =
            std::make_shared<byte_stream>(tcp::socket{co_await net::this_coro::executor});
        stream->expires_after(stop - std::chrono::steady_clock::now());
        error = co_await stream->connect(endpoint);
        if (error)
            continue;
        reply_parser parser;
        parser.body_limit(limits.bytes);
        error = co_await exchange(stream, address, tls, parser);
        if (error)
            co_return failure_of(error);
        if (parser.get().result() != http::status::ok)
            co_return fetch_failure::unreachable;
        co_return std::move(parser.get().body());
    }
    co_return failure_of(error);
}

} // namespace vidi::emulation
