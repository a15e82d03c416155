#include "integration/client_fixture.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <thread>

namespace vidi::testing {
namespace {

using tcp = asio::ip::tcp;

// Says what it is told to, to each request for a tunnel, and then nothing; or closes the
// connection.
class hostile_proxy
{
public:
    enum class afterwards
    {
        silent,
        close,
    };

    hostile_proxy(std::string answer, afterwards then) : answer_{std::move(answer)}, then_{then}
    {
        accept();
        thread_ = std::jthread{[this] { context_.run(); }};
    }

    ~hostile_proxy() { context_.stop(); }

    std::string url() const
    {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }

    // What it was asked, once it has answered.
    std::string const& request() const { return request_; }

private:
    void accept()
    {
        acceptor_.async_accept(socket_, [this](error_code ec) {
            if (!ec)
                read();
        });
    }

    void read()
    {
        request_.clear();
        asio::async_read_until(
            socket_, asio::dynamic_buffer(request_), "\r\n\r\n",
            [this](error_code ec, std::size_t) {
                if (!ec)
                    answer();
            });
    }

    void answer()
    {
        asio::async_write(socket_, asio::buffer(answer_), [this](error_code, std::size_t) {
            if (then_ == afterwards::close)
                socket_.close();
            else
                silent_.push_back(std::move(socket_));
            socket_ = tcp::socket{context_};
            accept();
        });
    }

    std::string answer_;
    afterwards then_;
    asio::io_context context_;
    tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
    tcp::socket socket_{context_};
    std::vector<tcp::socket> silent_;
    std::string request_;
    std::jthread thread_;
};

using afterwards = hostile_proxy::afterwards;

class hostile_proxies : public client_test
{
protected:
    void use(hostile_proxy const& proxy)
    {
        destroy_client();
        config.base_url = "https://api.example.com/v1";
        config.api_key = "sk-secret-key";
        config.timeouts = {};
        config.proxy.emplace();
        config.proxy->url = proxy.url();
        config.proxy->user = "me";
        config.proxy->password = "hunter2";
    }

    outcome exchange_failing(errc expected)
    {
        auto result = exchange(vidi::request{.model = "gpt-5-mini", .input = "?"});
        EXPECT_EQ(result.ec, expected) << describe_failure(result.ec, result.response);
        EXPECT_EQ(result.response.exchange.attempts, 0U);
        EXPECT_TRUE(result.response.exchange.detail.starts_with("proxy: 127.0.0.1:"))
            << result.response.exchange.detail;
        expect_nothing_in_use();
        return result;
    }
};

struct row
{
    std::string answer;
    afterwards then;
    errc expected;
    char const* reason;
};

TEST_F(hostile_proxies, answers_are_bounded_and_named)
{
    row const table[]{
        {"SSH-2.0-OpenSSH_9.2p1\r\n", afterwards::silent, errc::proxy_refused, "not HTTP/1"},
        {"\x15\x03\x03", afterwards::silent, errc::proxy_refused, "not HTTP/1"},
        {"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}", afterwards::silent,
         errc::proxy_refused, "more than its answer"},
        {"HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'), afterwards::silent,
         errc::proxy_refused, "too large"},
        {"HTTP/1.1 200 " + std::string(100'000, 'x'), afterwards::silent, errc::proxy_refused,
         "too large"},
        {"HTTP/1.1 511 Network Authentication Required\r\n\r\n<html>", afterwards::silent,
         errc::proxy_failed, "511 Network Authentication Required"},
        {"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n", afterwards::close,
         errc::proxy_refused, "302 Found"},
        {"HTTP/1.1 407 Who are you?\r\nProxy-Authenticate: Negotiate\r\n\r\n", afterwards::close,
         errc::proxy_authentication_failed, "407 Who are you?"},
        {"", afterwards::close, errc::connect_failed, "closed the connection"},
        {"HTTP/1.1 200 O", afterwards::close, errc::connect_failed, "closed the connection"},
    };
    for (auto const& [answer, then, expected, reason] : table) {
        hostile_proxy const proxy{answer, then};
        use(proxy);
        auto const result = exchange_failing(expected);
        auto const& detail = result.response.exchange.detail;
        EXPECT_NE(detail.find(reason), std::string::npos) << detail;
        EXPECT_LT(detail.size(), 2000U);
    }
}

TEST_F(hostile_proxies, it_is_told_the_name_of_the_server_and_no_more)
{
    hostile_proxy const proxy{"HTTP/1.1 403 No\r\n\r\n", afterwards::close};
    use(proxy);
    config.headers = {{"X-Confidential", "yes"}};
    config.organization = "org";
    exchange_failing(errc::proxy_refused);
    EXPECT_EQ(
        proxy.request(), "CONNECT api.example.com:443 HTTP/1.1\r\n"
                         "Host: api.example.com:443\r\n"
                         "User-Agent: vidi/" VIDI_VERSION_STRING "\r\n"
                         "Proxy-Authorization: Basic bWU6aHVudGVyMg==\r\n"
                         "\r\n");
}

TEST_F(hostile_proxies, that_say_nothing)
{
    for (auto const* answer : {"", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 2"}) {
        hostile_proxy const proxy{answer, afterwards::silent};
        use(proxy);
        config.timeouts.connect = 300ms;
        auto const result = exchange_failing(errc::connect_timeout);
        EXPECT_EQ(result.ec, condition::retryable);

        config.timeouts.connect = 0ms;
        config.timeouts.operation = 300ms;
        destroy_client();
        exchange_failing(errc::operation_timeout);
    }
}

TEST_F(hostile_proxies, one_that_wants_to_know_who_sends_http)
{
    hostile_proxy const proxy{
        "HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n", afterwards::silent};
    use(proxy);
    config.base_url = "http://10.0.0.1:8000/v1";
    config.allow_plain_http = true;
    auto const result = exchange(vidi::request{.model = "gpt-5-mini", .input = "?"});
    EXPECT_EQ(result.ec, errc::proxy_authentication_failed)
        << describe_failure(result.ec, result.response);
    EXPECT_EQ(result.response.exchange.http_status, 407U);
}

TEST_F(hostile_proxies, that_do_not_lead_to_a_tls_server)
{
    hostile_proxy const proxy{"HTTP/1.1 200 OK\r\n\r\n", afterwards::close};
    use(proxy);
    auto const result = exchange(vidi::request{.model = "gpt-5-mini", .input = "?"});
    EXPECT_EQ(result.ec, errc::tls_handshake_interrupted)
        << describe_failure(result.ec, result.response);
    EXPECT_TRUE(result.response.exchange.detail.starts_with("api.example.com:443: "))
        << result.response.exchange.detail;
}

TEST_F(hostile_proxies, an_operation_that_waits_for_one_can_be_cancelled)
{
    hostile_proxy const proxy{"", afterwards::silent};
    use(proxy);
    asio::cancellation_signal signal;
    auto const result =
        begin(vidi::request{.model = "gpt-5-mini", .input = "?"}, {}, signal.slot());
    run_until([&] { return client().statistics().connecting == 1; });
    signal.emit(asio::cancellation_type::total);
    run_until(result);
    EXPECT_EQ(result->ec, asio::error::operation_aborted);
    expect_nothing_in_use();
}

} // namespace
} // namespace vidi::testing
