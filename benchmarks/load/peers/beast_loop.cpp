// What one writes by hand in an afternoon: a coroutine for each connection, with Beast.

#include "answer.hpp"
#include "peer.hpp"
#include "question.hpp"
#include "tls.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

namespace load {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

using asio::use_awaitable;
using stream = beast::ssl_stream<beast::tcp_stream>;

constexpr std::chrono::minutes time_limit{10};

class beast_loop : public peer
{
public:
    explicit beast_loop(options const& chosen) : chosen_{chosen}
    {
        tls::set_up(tls_.native_handle(), chosen.ca_file);
        sessions_.collect_from(tls_.native_handle());
    }

    handshakes made() const override { return made_; }

    void run(workload const& work) override
    {
        asio::io_context context{1};
        asio::co_spawn(context, start(context, work), rethrow);
        context.run();
    }

private:
    static void rethrow(std::exception_ptr error)
    {
        if (error)
            std::rethrow_exception(error);
    }

    asio::awaitable<void> start(asio::io_context& context, workload const& work)
    {
        asio::steady_timer timer{context};
        for (std::size_t i = 0; i < work.connections(); ++i) {
            while (work.due() <= i) {
                timer.expires_after(std::chrono::milliseconds{1});
                co_await timer.async_wait(use_awaitable);
            }
            asio::co_spawn(context, serve(context, work.host_of(i), work.account_of(i)), rethrow);
        }
    }

    asio::awaitable<void> serve(asio::io_context& context, std::string host, tally& account)
    {
        if (!account.take())
            co_return;
        auto sent = clock::now();
        stream connection{context, tls_};
        co_await open(connection, host);
        beast::flat_buffer buffer;
        do {
            auto const response = co_await exchange(connection, buffer, host);
            if (response.result() == http::status::too_many_requests)
                account.refused();
            else
                account.done(sent, output_text(response.body()));
            sent = clock::now();
        } while (account.take());
        // OpenSSL refuses to resume the session of a connection that ends without a shutdown.
        ::SSL_set_shutdown(connection.native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    }

    asio::awaitable<void> open(stream& connection, std::string const& host)
    {
        auto* const native = connection.native_handle();
        tls::expect_address(native, host);
        sessions_.resume_one(native);
        auto& tcp = beast::get_lowest_layer(connection);
        tcp.expires_after(time_limit);
        co_await tcp.async_connect({asio::ip::make_address(host), chosen_.port}, use_awaitable);
        tcp.socket().set_option(asio::ip::tcp::no_delay{true});
        co_await connection.async_handshake(asio::ssl::stream_base::client, use_awaitable);
        ++(::SSL_session_reused(native) ? made_.resumed : made_.full);
    }

    asio::awaitable<http::response<http::string_body>>
    exchange(stream& connection, beast::flat_buffer& buffer, std::string const& host)
    {
        http::request<http::string_body> request{http::verb::post, question::target, 11};
        request.set(http::field::host, host + ':' + std::to_string(chosen_.port));
        request.set(http::field::authorization, "Bearer " + std::string{question::key});
        request.set(http::field::content_type, "application/json");
        request.set(http::field::accept, "application/json");
        request.body() = chosen_.question.body();
        request.prepare_payload();

        beast::get_lowest_layer(connection).expires_after(time_limit);
        co_await http::async_write(connection, request, use_awaitable);
        http::response<http::string_body> response;
        co_await http::async_read(connection, buffer, response, use_awaitable);
        if (response.result() != http::status::ok &&
            response.result() != http::status::too_many_requests)
            throw std::runtime_error{"not the answer that was expected"};
        co_return response;
    }

    options const chosen_;
    asio::ssl::context tls_{asio::ssl::context::tls_client};
    tls::session_store sessions_;
    handshakes made_;
};

} // namespace
} // namespace load

int main(int argc, char** argv)
{
    auto const chosen = load::parse_options(argc, argv);
    return load::drive(chosen, [&] { return std::make_unique<load::beast_loop>(chosen); });
}
