#include "integration/client_fixture.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cmath>
#include <cstdint>

namespace vidi::testing {
namespace {

using tcp = asio::ip::tcp;

class client_errors : public client_test
{
protected:
    outcome exchange_failing(error_code expected)
    {
        auto result = exchange();
        EXPECT_EQ(result.ec, expected) << describe_failure(result.ec, result.response);
        expect_nothing_in_use();
        return result;
    }

    std::uint64_t counted(errc kind) { return client().statistics().failures[kind]; }
};

// A port of this machine that nobody listens on: bound and never listened on.
class unused_port
{
public:
    unused_port() : socket_{context_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}} {}
    std::uint16_t number() const { return socket_.local_endpoint().port(); }

private:
    asio::io_context context_;
    tcp::socket socket_;
};

TEST_F(client_errors, unknown_host)
{
    start();
    config.base_url = "https://does-not-exist.invalid/v1";
    auto const result = exchange_failing(errc::resolve_failed);
    EXPECT_EQ(result.response.exchange.attempts, 0U);
    EXPECT_NE(result.response.exchange.detail.find("does-not-exist.invalid"), std::string::npos);
    EXPECT_EQ(counted(errc::resolve_failed), 1U);
}

TEST_F(client_errors, connection_refused)
{
    start();
    unused_port const port;
    config.base_url = "https://127.0.0.1:" + std::to_string(port.number()) + "/v1";
    auto const result = exchange_failing(errc::connection_refused);
    EXPECT_NE(
        result.response.exchange.detail.find(std::to_string(port.number())), std::string::npos);
    EXPECT_EQ(result.ec, condition::connection);
    EXPECT_EQ(counted(errc::connection_refused), 1U);
}

struct bad_certificate
{
    certificate_kind kind;
    errc expected;
    char const* reason;
};

TEST_F(client_errors, certificates)
{
    bad_certificate const table[]{
        {certificate_kind::expired, errc::tls_certificate_expired, "expired"},
        {certificate_kind::not_yet_valid, errc::tls_certificate_expired, "not yet valid"},
        {certificate_kind::wrong_host, errc::tls_wrong_host, "mismatch"},
        {certificate_kind::self_signed, errc::tls_certificate_untrusted, "self-signed"},
    };
    for (auto const& [kind, expected, reason] : table) {
        emulator_options options;
        options.certificate = kind;
        start(std::move(options));
        destroy_client();
        auto const result = exchange_failing(expected);
        EXPECT_NE(result.response.exchange.detail.find(reason), std::string::npos)
            << result.response.exchange.detail;
        EXPECT_EQ(result.ec, condition::tls);
        EXPECT_EQ(server->statistics().requests, 0U) << "nothing must be sent";
    }
}

TEST_F(client_errors, unknown_authority)
{
    start();
    config.tls.ca_certificates.clear();
    exchange_failing(errc::tls_certificate_untrusted);
    EXPECT_EQ(counted(errc::tls_certificate_untrusted), 1U);
}

TEST_F(client_errors, a_server_that_does_not_speak_tls)
{
    emulator_options options;
    options.tls = false;
    start(std::move(options));
    config.base_url = "https://127.0.0.1:" + std::to_string(server->port()) + "/v1";
    exchange_failing(errc::tls_handshake_failed);
}

struct ended_handshake
{
    connection_behaviour how;
    errc expected;
    bool retryable;
};

TEST_F(client_errors, connections_that_end_in_the_handshake)
{
    ended_handshake const table[]{
        {connection_behaviour::close, errc::tls_handshake_interrupted, true},
        {connection_behaviour::reset, errc::tls_handshake_interrupted, true},
        {connection_behaviour::bad_handshake, errc::tls_handshake_failed, false},
    };
    for (auto const& [how, expected, retryable] : table) {
        emulator_options options;
        options.connection_script = [chosen = how](std::uint64_t) { return chosen; };
        start(std::move(options));
        destroy_client();
        auto const [called, ec, response] = exchange();
        // A reset may arrive before the socket was seen to be connected.
        bool const reset_at_once = how == connection_behaviour::reset && ec == errc::connect_failed;
        EXPECT_TRUE(ec == expected || reset_at_once) << ec.message();
        EXPECT_EQ(ec == condition::retryable, retryable);
        EXPECT_FALSE(response.exchange.detail.empty());
        expect_nothing_in_use();
    }
}

struct status_row
{
    unsigned status;
    char const* code;
    errc expected;
};

TEST_F(client_errors, statuses_of_the_api)
{
    status_row const table[]{
        {400, "invalid_value", errc::bad_request},
        {401, "invalid_api_key", errc::authentication_failed},
        {403, "unsupported_country_region_territory", errc::permission_denied},
        {404, "model_not_found", errc::not_found},
        {408, "", errc::request_timeout},
        {409, "", errc::conflict},
        {413, "", errc::request_too_large},
        {422, "", errc::unprocessable_request},
        {429, "rate_limit_exceeded", errc::rate_limited},
        {429, "insufficient_quota", errc::insufficient_quota},
        {500, "server_error", errc::server_error},
        {503, "", errc::server_error},
        {418, "", errc::unexpected_status},
    };
    start([&](request_view const& r) {
        auto const& row = table[r.sequence - 1];
        return behaviour::error(row.status, row.code, "理由 reason", {{"retry-after", "7"}});
    });
    config.admission.learn = false;
    for (auto const& row : table) {
        auto const [called, ec, response] = exchange();
        EXPECT_EQ(ec, row.expected) << row.status;
        EXPECT_EQ(ec, condition::api);
        EXPECT_EQ(response.exchange.http_status, row.status);
        ASSERT_TRUE(response.error) << row.status;
        EXPECT_EQ(response.error->message, "理由 reason");
        EXPECT_EQ(response.error->code.value_or(""), row.code);
        EXPECT_EQ(response.exchange.retry_after, 7s);
        EXPECT_TRUE(response.exchange.body_excerpt.empty());
    }
    EXPECT_EQ(client().statistics().created, 1U) << "an error status is no reason to reconnect";
    expect_nothing_in_use();
}

TEST_F(client_errors, a_body_that_is_not_the_api_s_reaches_the_caller)
{
    start([](request_view const&) {
        return behaviour::reply(
            {.status = 502,
             .body = "<html><h1>502 Bad Gateway 网关</h1></html>",
             .content_type = "text/html; charset=utf-8"});
    });
    auto const result = exchange_failing(errc::server_error);
    EXPECT_FALSE(result.response.error);
    EXPECT_EQ(result.response.exchange.body_excerpt, "<html><h1>502 Bad Gateway 网关</h1></html>");
    EXPECT_EQ(result.response.exchange.content_type, "text/html");
    EXPECT_EQ(result.response.exchange.http_status, 502U);
}

TEST_F(client_errors, redirects_are_not_followed)
{
    start([](request_view const&) {
        return behaviour::reply(
            {.status = 307, .headers = {{"Location", "https://elsewhere.example/v1"}}});
    });
    auto const result = exchange_failing(errc::redirected);
    EXPECT_EQ(result.response.exchange.location, "https://elsewhere.example/v1");
    EXPECT_NE(
        describe_failure(result.ec, result.response).find("elsewhere.example"), std::string::npos);
    EXPECT_EQ(server->statistics().requests, 1U);
}

TEST_F(client_errors, success_that_is_not_json)
{
    start([](request_view const&) {
        return behaviour::reply({.status = 200, .body = R"({"id": "resp_1", oops})"});
    });
    auto const result = exchange_failing(errc::response_not_json);
    EXPECT_EQ(result.response.exchange.json_offset, 17U);
    EXPECT_EQ(result.response.exchange.body_excerpt, R"({"id": "resp_1", oops})");
    EXPECT_EQ(result.ec, condition::invalid_response);
    EXPECT_EQ(client().statistics().idle, 1U) << "the connection is not to blame";
}

TEST_F(client_errors, success_of_another_shape)
{
    start([](request_view const&) {
        return behaviour::reply(
            {.status = 200,
             .body =
                 R"({"id":"r","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":7}]}]})"});
    });
    auto const result = exchange_failing(errc::response_wrong_shape);
    EXPECT_EQ(result.response.exchange.json_path, "output[0].content[0].text");
    EXPECT_FALSE(result.response.exchange.body_excerpt.empty());
}

struct broken_message
{
    std::string bytes;
    errc expected;
};

std::string repeated(std::string const& text, int times)
{
    std::string result;
    for (int i = 0; i < times; ++i)
        result += text;
    return result;
}

TEST_F(client_errors, what_is_not_http)
{
    broken_message const table[]{
        {"SSH-2.0-OpenSSH_9.2p1\r\n\r\n", errc::malformed_response},
        {"HTTP/1.1 abc OK\r\n\r\n", errc::malformed_response},
        {"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", errc::malformed_response},
        {"HTTP/1.1 200 OK\r\nBad Header: x\r\n\r\n", errc::malformed_response},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", errc::malformed_response},
        {"HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x'), errc::response_head_too_large},
        {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", errc::response_body_too_large},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(500'000, 'x'),
         errc::response_head_too_large},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " +
             std::string(500'000, 'x'),
         errc::response_head_too_large},
        {repeated("HTTP/1.1 100 Continue\r\n\r\n", 1000), errc::response_head_too_large},
    };
    start([&](request_view const& r) { return behaviour::raw(table[r.sequence - 1].bytes); });
    for (auto const& [bytes, expected] : table) {
        auto const result = exchange_failing(expected);
        EXPECT_FALSE(result.response.exchange.detail.empty());
        EXPECT_EQ(client().statistics().open, 0U) << bytes.substr(0, 40);
    }
}

TEST_F(client_errors, a_body_beyond_the_limit_without_a_length)
{
    start([](request_view const&) {
        std::string body;
        for (int i = 0; i < 100; ++i)
            body += "400\r\n" + std::string(1024, ' ') + "\r\n";
        return behaviour::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
    });
    config.limits.response_body = 10'000;
    exchange_failing(errc::response_body_too_large);
}

TEST_F(client_errors, a_connection_that_ends_before_the_response)
{
    for (auto const how : {closing::orderly, closing::abrupt, closing::reset}) {
        start([how](request_view const&) { return behaviour::close_before_response(how); });
        destroy_client();
        auto const result = exchange_failing(errc::connection_closed_before_response);
        EXPECT_EQ(result.response.exchange.attempts, 1U) << "a new connection is not tried again";
        EXPECT_FALSE(result.response.exchange.detail.empty());
    }
}

TEST_F(client_errors, a_connection_that_ends_within_the_response)
{
    for (std::size_t const after : {1U, 40U, 600U, 900U}) {
        start([after](request_view const&) { return behaviour::close_within_response(after); });
        destroy_client();
        exchange_failing(errc::connection_closed_within_response);
        EXPECT_EQ(counted(errc::connection_closed_within_response), 1U);
    }
}

TEST_F(client_errors, a_truncated_body_without_a_length_is_noticed)
{
    // Without close_notify the end may have been forged (RFC 8446, 6.1).
    start([](request_view const&) {
        return behaviour::raw(
            "HTTP/1.1 200 OK\r\n\r\n{\"id\":\"resp_1\",\"output\":[]}", closing::abrupt);
    });
    exchange_failing(errc::connection_closed_within_response);
}

TEST_F(client_errors, a_message_of_unclear_length_ends_the_connection)
{
    std::string const body = R"({"id":"resp_1","output":[]})";
    start([body](request_view const&) {
        return behaviour::raw(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body);
    });
    exchange();
    EXPECT_EQ(client().statistics().open, 0U);
}

TEST_F(client_errors, fields_after_the_body_are_not_those_of_the_head)
{
    start([](request_view const&) {
        return behaviour::raw(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Request-Id: head\r\n\r\n"
            "1b\r\n{\"id\":\"resp_1\",\"output\":[]}\r\n0\r\nX-Request-Id: trailer\r\n\r\n");
    });
    auto const result = exchange();
    EXPECT_FALSE(result.ec) << describe_failure(result.ec, result.response);
    EXPECT_EQ(result.response.exchange.request_id, "head");
}

TEST_F(client_errors, bytes_after_the_response_end_the_connection)
{
    std::string const body = R"({"id":"resp_1","output":[]})";
    start([body](request_view const&) {
        return behaviour::raw(
            "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
            body + "HTTP/1.1 200 OK\r\n");
    });
    auto const result = exchange();
    EXPECT_FALSE(result.ec);
    EXPECT_EQ(client().statistics().open, 0U);
}

TEST_F(client_errors, a_server_that_refuses_before_it_has_read_everything)
{
    emulator_options options;
    options.body_limit = 1000;
    start(std::move(options));
    auto request = ask(std::string(40'000, 'x'));
    auto const [called, ec, response] = exchange(std::move(request));
    EXPECT_EQ(ec, errc::request_too_large) << describe_failure(ec, response);
    EXPECT_TRUE(response.error);
}

TEST_F(client_errors, invalid_requests_are_named)
{
    start();
    auto request = ask("not UTF-8: \xff");
    auto const [called, ec, response] = exchange(std::move(request));
    EXPECT_EQ(ec, errc::invalid_request);
    EXPECT_NE(response.exchange.detail.find("input[0].content[0].text"), std::string::npos)
        << response.exchange.detail;

    request_options options;
    options.client_request_id = "a\r\nX-Evil: 1";
    auto const injected = exchange(options);
    EXPECT_EQ(injected.ec, errc::invalid_request);
    EXPECT_NE(injected.response.exchange.detail.find("client_request_id"), std::string::npos);
    EXPECT_EQ(server->statistics().connections_accepted, 0U);
}

TEST_F(client_errors, configurations_are_refused_by_name)
{
    start();
    struct row
    {
        void (*spoil)(client_config&);
        char const* named;
    };
    row const table[]{
        {[](client_config& c) { c.base_url = "nonsense"; }, "base_url"},
        {[](client_config& c) { c.api_key = "hunter2\n"; }, "api_key"},
        {[](client_config& c) { c.pool.max_connections = 0; }, "pool.max_connections"},
        {[](client_config& c) { c.pool.max_connecting = 0; }, "pool.max_connecting"},
        {[](client_config& c) { c.admission.window = 0ms; }, "admission.window"},
        {[](client_config& c) { c.admission.window = std::chrono::milliseconds::max(); },
         "admission.window"},
        {[](client_config& c) { c.admission.initial_concurrency = 0; },
         "admission.initial_concurrency"},
        {[](client_config& c) { c.admission.min_concurrency = SIZE_MAX; },
         "admission.min_concurrency"},
        {[](client_config& c) { c.admission.max_concurrency = SIZE_MAX; },
         "admission.max_concurrency"},
        {[](client_config& c) { c.hedging.quantile = std::nan(""); }, "hedging.quantile"},
        {[](client_config& c) { c.hedging.max_share = std::nan(""); }, "hedging.max_share"},
        {[](client_config& c) { c.hedging.max_share = 1.5; }, "hedging.max_share"},
        {[](client_config& c) { c.tcp.keep_alive_interval = 0s; }, "tcp.keep_alive_interval"},
        {[](client_config& c) { c.tcp.keep_alive_interval = -1s; }, "tcp.keep_alive_interval"},
        {[](client_config& c) { c.tcp.keep_alive_interval = 32768s; }, "tcp.keep_alive_interval"},
        {[](client_config& c) { c.tls.ca_file = "/does/not/exist.pem"; }, "/does/not/exist.pem"},
        {[](client_config& c) { c.tls.ca_certificates = "nonsense"; }, "tls.ca_certificates"},
    };
    for (auto const& [spoil, named] : table) {
        auto bad = config;
        spoil(bad);
        try {
            vidi::client refused{context, bad};
            FAIL() << named << " must be refused";
        }
        catch (boost::system::system_error const& e) {
            EXPECT_EQ(e.code(), errc::invalid_configuration);
            EXPECT_NE(std::string{e.what()}.find(named), std::string::npos) << e.what();
            EXPECT_EQ(std::string{e.what()}.find("hunter2"), std::string::npos) << e.what();
        }
    }
}

TEST_F(client_errors, tls_1_2_and_1_3_are_spoken)
{
    for (auto const version : {tls_version::v1_2, tls_version::v1_3}) {
        emulator_options options;
        options.min_tls = options.max_tls = version;
        start(std::move(options));
        destroy_client();
        auto const result = exchange();
        EXPECT_FALSE(result.ec) << describe_failure(result.ec, result.response);
    }
}

} // namespace
} // namespace vidi::testing
