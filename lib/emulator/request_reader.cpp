#include "emulator/request_reader.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>

namespace vidi::emulation {
namespace {

namespace http = boost::beast::http;
namespace net = boost::asio;

using request_parser = http::request_parser<http::string_body>;

constexpr std::uint32_t header_limit = 32 * 1024;
constexpr std::size_t read_size = std::size_t{64} * 1024;

// What a client may send ahead while it waits for an answer.
constexpr std::size_t read_ahead_limit = std::size_t{256} * 1024;

unsigned status_of(error_code error)
{
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return 431;
    if (error == http::error::body_limit)
        return 413;
    if (error == http::error::bad_version)
        return 505;
    return 400;
}

http_request convert(http::request<http::string_body>&& message)
{
    http_request request{
        .method = std::string(message.method_string()),
        .target = std::string(message.target()),
        .headers = {},
        .body = std::move(message.body()),
        .version = message.version(),
        .keep_alive = message.keep_alive()};
    for (auto const& field : message)
        request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    return request;
}

bool wants_continue(request_parser const& parser)
{
    return parser.get().version() >= 11 &&
           equal_ignoring_case(std::string_view(parser.get()[http::field::expect]), "100-continue");
}

// RFC 9112, 3.2: a request of HTTP/1.1 names its host. Of two values of a field that has only one,
// a server and what stands before it could each take another.
bool has_right_fields(http_request const& request)
{
    auto const count = [&](std::string_view name) {
        return std::ranges::count_if(request.headers, [&](header_field const& field) {
            return equal_ignoring_case(field.name, name);
        });
    };
    auto const hosts = count("Host");
    return hosts <= 1 && (hosts == 1 || request.version < 11) && count("Authorization") <= 1 &&
           count("Content-Type") <= 1;
}

} // namespace

request_reader::request_reader(byte_stream& stream, reader_limits limits)
    : stream_{stream}, limits_{limits}
{
}

net::awaitable<error_code> request_reader::read_more()
{
    auto const space = buffer_.prepare(read_size);
    auto const [error, size] = co_await stream_.read_some(space);
    buffer_.commit(size);
    co_return error;
}

net::awaitable<error_code> request_reader::wait_for_first_byte()
{
    error_code error;
    if (buffer_.size() == 0) {
        stream_.expires_after(limits_.idle);
        on_idle(true);
        error = co_await read_more();
        if (!error)
            on_idle(false);
    }
    stream_.expires_after(limits_.request);
    co_return error;
}

net::awaitable<bool> request_reader::wait_for_request()
{
    if (buffer_.size() != 0)
        co_return true;
    stream_.expires_after(limits_.idle);
    on_idle(true);
    auto const error = co_await stream_.wait_for_input();
    if (!error)
        on_idle(false);
    stream_.expires_never();
    co_return !error;
}

net::awaitable<request_reader::result> request_reader::read()
{
    if (co_await wait_for_first_byte())
        co_return no_request{};
    request_parser parser;
    parser.eager(true);
    parser.header_limit(header_limit);
    parser.body_limit(limits_.body);
    bool continued = false;
    for (;;) {
        error_code error;
        auto const used = parser.put(buffer_.data(), error);
        buffer_.consume(used);
        if (error && error != http::error::need_more)
            co_return bad_request{status_of(error)};
        if (parser.is_done())
            break;
        if (parser.is_header_done() && !std::exchange(continued, true) && wants_continue(parser)) {
            if (co_await stream_.write("HTTP/1.1 100 Continue\r\n\r\n"))
                co_return bad_request{};
        }
        error = co_await read_more();
        if (error)
            co_return bad_request{error == net::error::timed_out ? 408u : 0u};
    }
    stream_.expires_never();
    auto request = convert(parser.release());
    if (!has_right_fields(request))
        co_return bad_request{400};
    co_return request;
}

net::awaitable<void> request_reader::watch_for_close()
{
    // What has been received must reach the buffer, cancelled or not.
    co_await net::this_coro::throw_if_cancelled(false);
    auto const state = co_await net::this_coro::cancellation_state;
    while (buffer_.size() < read_ahead_limit && state.cancelled() == net::cancellation_type::none)
        if (co_await read_more())
            co_return;
    if (state.cancelled() != net::cancellation_type::none)
        co_return;
    net::steady_timer forever{co_await net::this_coro::executor};
    forever.expires_at(net::steady_timer::time_point::max());
    co_await forever.async_wait(net::as_tuple(net::use_awaitable));
}

} // namespace vidi::emulation
