// An HTTP server whose answers need a model: GET /describe?image=URL
//
//     embed_in_server [PORT]
//
// The server and its client of the API share one io_context and one thread. The key comes from the
// environment, as for describe_image; OpenSSL's own variable SSL_CERT_FILE replaces the system's
// trust store. It listens on loopback only, and lets its own clients take all the time they want.

#include <vidi/vidi.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::beast::flat_buffer;
using question = http::request<http::string_body>;
using reply = http::response<http::string_body>;
using namespace asio::experimental::awaitable_operators;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

reply make_reply(http::status status, std::string text)
{
    reply result{status, 11, std::move(text) + '\n'};
    result.set(http::field::content_type, "text/plain; charset=utf-8");
    return result;
}

asio::awaitable<reply> describe(vidi::client& client, std::string image_url)
{
    vidi::request request{.model = "gpt-5-mini"};
    request.input = {vidi::user_message{
        vidi::input_text{"描述这张图片中的内容"},
        vidi::input_image::from_url(std::move(image_url))}};
    auto const [ec, response] = co_await client.async_create(std::move(request), no_throw);
    if (ec)
        co_return make_reply(http::status::bad_gateway, describe_failure(ec, response));
    if (!response.ok())
        co_return make_reply(http::status::bad_gateway, "The answer is not complete.");
    co_return make_reply(http::status::ok, response.output_text() + response.refusal());
}

// Returns when the peer has closed the connection. What it sends until then is kept for later.
asio::awaitable<void> closed(tcp::socket& socket, flat_buffer& buffer)
{
    for (std::size_t size = 1; size != 0; buffer.commit(size)) {
        auto const space = std::min<std::size_t>(4096, buffer.max_size() - buffer.size());
        auto const [ec, read] = co_await socket.async_read_some(buffer.prepare(space), no_throw);
        size = ec ? 0 : read;
    }
}

// The answer, or nothing if nobody waits for it any more.
asio::awaitable<std::optional<reply>>
answer(question asked, tcp::socket& socket, flat_buffer& buffer, vidi::client& client)
{
    auto const target = boost::urls::parse_origin_form(asked.target());
    if (!target || target->encoded_path() != "/describe")
        co_return make_reply(http::status::not_found, "Ask for /describe?image=URL.");
    if (asked.method() != http::verb::get) {
        auto refusal = make_reply(http::status::method_not_allowed, "Ask with GET.");
        refusal.set(http::field::allow, "GET");
        co_return refusal;
    }
    auto const query = target->params();
    auto const image = query.find("image");
    std::string const image_url = image == query.end() ? "" : (*image).value;
    if (image_url.empty())
        co_return make_reply(http::status::bad_request, "Which image?");

    // Whichever ends first cancels the other: a request to the API costs money.
    auto first = co_await (describe(client, image_url) || closed(socket, buffer));
    if (first.index() == 0)
        co_return std::get<0>(std::move(first));
    std::clog << "cancelled: " << image_url << std::endl;
    co_return std::nullopt;
}

asio::awaitable<void> serve(tcp::socket socket, vidi::client& client)
{
    flat_buffer buffer{65'536};
    for (bool keep_alive = true; keep_alive;) {
        question asked;
        co_await http::async_read(socket, buffer, asked, asio::use_awaitable);
        // After HEAD, which is refused with a body, only the end of the connection is clear.
        keep_alive = asked.keep_alive() && asked.method() != http::verb::head;
        auto answered = co_await answer(std::move(asked), socket, buffer, client);
        if (!answered)
            co_return;
        answered->keep_alive(keep_alive);
        answered->prepare_payload();
        co_await http::async_write(socket, *answered, asio::use_awaitable);
    }
}

asio::awaitable<void> listen(tcp::acceptor& acceptor, vidi::client& client)
{
    for (;;) {
        auto socket = co_await acceptor.async_accept(asio::use_awaitable);
        // A connection that fails ends, and concerns no other: hence detached.
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), client), asio::detached);
    }
}

int main(int argc, char** argv)
{
    try {
        auto config = vidi::client_config::from_environment();
        config.single_threaded = true;

        asio::io_context context{1};
        vidi::client client{context, std::move(config)};
        auto const port = static_cast<unsigned short>(argc > 1 ? std::stoi(argv[1]) : 0);
        tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), port}};
        asio::signal_set signals{context, SIGINT, SIGTERM};
        // What is under way is given up.
        signals.async_wait([&](vidi::error_code, int) { context.stop(); });
        asio::co_spawn(context, listen(acceptor, client), [](std::exception_ptr const& failure) {
            if (failure)
                std::rethrow_exception(failure);
        });
        std::cout << "listening on http://" << acceptor.local_endpoint() << std::endl;
        context.run();
        return 0;
    }
    catch (std::exception const& failure) {
        std::cerr << "embed_in_server: " << failure.what() << '\n';
        return 1;
    }
}
