#include "integration/client_fixture.hpp"
#include "integration/nginx.hpp"
#include "integration/openssl_files.hpp"
#include "integration/shell.hpp"
#include "integration/tinyproxy.hpp"

#include <atomic>
#include <vector>

namespace vidi::testing {
namespace {

// An emulator behind a proxy that nobody here wrote.
class through_proxy : public client_test
{
protected:
    void SetUp() override
    {
        if (!tinyproxy::is_installed())
            GTEST_SKIP() << "there is no tinyproxy";
    }

    // Notes what the emulator receives of the proxy's affairs.
    void start(emulator_options options = {})
    {
        options.script = [this](request_view const& request) {
            saw_proxy_authorization = !request.header("proxy-authorization").empty();
            return behaviour{};
        };
        client_test::start(std::move(options));
    }

    void start_proxy(std::string const& directives = {})
    {
        proxy.emplace(directives);
        config.proxy.emplace();
        config.proxy->url = "http://127.0.0.1:" + std::to_string(proxy->port());
        config.proxy->proxy_loopback = true;
        destroy_client();
    }

    std::string origin() const { return "127.0.0.1:" + std::to_string(server->port()); }

    outcome exchange_failing(errc expected)
    {
        auto result = exchange();
        EXPECT_EQ(result.ec, expected) << describe_failure(result.ec, result.response);
        EXPECT_EQ(result.response.exchange.detail.find("hunter2"), std::string::npos);
        expect_nothing_in_use();
        return result;
    }

    void exchange_well(vidi::request request)
    {
        auto const [called, ec, response] = exchange(std::move(request));
        EXPECT_FALSE(ec) << describe_failure(ec, response);
        EXPECT_NE(response.output_text().find("picture 1: "), std::string::npos);
        expect_nothing_in_use();
    }

    void exchange_well() { exchange_well(ask()); }

    // A request of several megabytes.
    static vidi::request large()
    {
        auto picture = read_test_data("halves.png");
        picture.resize(5'000'000, 'x');
        vidi::request request{.model = "gpt-5-mini"};
        request.input = {user_message{input_text{"?"}, input_image::from_bytes(picture)}};
        return request;
    }

    std::optional<tinyproxy> proxy;
    std::atomic<bool> saw_proxy_authorization = false;
};

TEST_F(through_proxy, https_goes_through_a_tunnel)
{
    start();
    start_proxy();
    exchange_well();
    exchange_well(large());
    EXPECT_EQ(proxy->requests(), 1U) << "it sees no more than that there is a tunnel";
    EXPECT_EQ(proxy->requests("CONNECT " + origin() + " HTTP/1.1"), 1U);
    EXPECT_EQ(client().statistics().created, 1U);
    EXPECT_EQ(client().statistics().reused, 1U);
}

TEST_F(through_proxy, many_tunnels_at_the_same_time)
{
    start();
    start_proxy();
    std::vector<std::shared_ptr<outcome>> outcomes;
    for (int i = 0; i != 50; ++i)
        outcomes.push_back(begin(ask()));
    for (auto const& each : outcomes) {
        run_until(each);
        EXPECT_FALSE(each->ec) << describe_failure(each->ec, each->response);
    }
    EXPECT_EQ(proxy->requests("CONNECT " + origin()), client().statistics().created);
}

TEST_F(through_proxy, sessions_are_resumed)
{
    start();
    start_proxy();
    exchange_well();
    client().close_idle_connections();
    exchange_well();
    EXPECT_EQ(client().statistics().resumed_handshakes, 1U);
    EXPECT_EQ(proxy->requests(), 2U);
}

TEST_F(through_proxy, connections_that_the_server_closes_are_noticed)
{
    start();
    start_proxy();
    exchange_well();
    ASSERT_EQ(server->close_idle_connections(), 1U);
    exchange_well();
    exchange_well();
    EXPECT_EQ(client().statistics().created, 2U);
}

TEST_F(through_proxy, exceptions_are_reached_directly)
{
    start();
    start_proxy();
    for (auto const& entry : {origin(), std::string{"127.0.0.0/8"}, std::string{"*"}}) {
        config.proxy->no_proxy = {"example.com", entry};
        destroy_client();
        exchange_well();
    }
    config.proxy->no_proxy.clear();
    config.proxy->proxy_loopback = false;
    destroy_client();
    exchange_well();
    EXPECT_EQ(proxy->requests(), 0U);

    config.proxy->no_proxy = {"127.0.0.1:1"};
    config.proxy->proxy_loopback = true;
    destroy_client();
    exchange_well();
    EXPECT_EQ(proxy->requests(), 1U);
}

TEST_F(through_proxy, user_and_password)
{
    start();
    start_proxy("BasicAuth me hunter2");
    config.proxy->user = "me";
    config.proxy->password = "hunter2";
    exchange_well();
    EXPECT_FALSE(saw_proxy_authorization);

    struct row
    {
        char const* user;
        char const* password;
        char const* answer;
    };
    row const table[]{{"", "", "407 "}, {"me", "wrong", "401 "}, {"somebody", "hunter2", "401 "}};
    for (auto const& [user, password, answer] : table) {
        config.proxy->user = user;
        config.proxy->password = password;
        destroy_client();
        auto const result = exchange_failing(errc::proxy_authentication_failed);
        EXPECT_NE(result.ec, condition::retryable);
        EXPECT_EQ(result.response.exchange.attempts, 0U);
        auto const& detail = result.response.exchange.detail;
        EXPECT_TRUE(detail.starts_with("proxy: 127.0.0.1:")) << detail;
        EXPECT_NE(detail.find(answer), std::string::npos) << detail;
    }
    EXPECT_EQ(server->statistics().requests, 1U);
}

TEST_F(through_proxy, http_is_sent_to_it)
{
    emulator_options options;
    options.tls = false;
    start(std::move(options));
    start_proxy("BasicAuth me hunter2");
    config.proxy->user = "me";
    config.proxy->password = "hunter2";
    exchange_well();
    exchange_well(large());
    EXPECT_EQ(proxy->requests("POST http://" + origin() + "/v1/responses HTTP/1.1"), 2U);
    EXPECT_EQ(proxy->requests(), 2U);
    EXPECT_FALSE(saw_proxy_authorization);
}

TEST_F(through_proxy, what_it_does_not_allow)
{
    start();
    start_proxy("ConnectPort 1");
    auto const result = exchange_failing(errc::proxy_refused);
    EXPECT_NE(result.ec, condition::retryable);
    EXPECT_EQ(result.ec, condition::connection);
    auto const& detail = result.response.exchange.detail;
    EXPECT_NE(detail.find("it answered CONNECT with 403 "), std::string::npos) << detail;
    EXPECT_EQ(client().statistics().failures[errc::proxy_refused], 1U);
}

TEST_F(through_proxy, a_server_that_it_cannot_reach)
{
    start();
    start_proxy();
    server.reset();
    auto const result = exchange(vidi::request{.model = "gpt-5-mini", .input = "?"});
    EXPECT_EQ(result.ec, errc::proxy_failed) << describe_failure(result.ec, result.response);
    EXPECT_EQ(result.ec, condition::retryable);
    EXPECT_NE(result.response.exchange.detail.find(" 500 "), std::string::npos);
}

TEST_F(through_proxy, that_is_not_there)
{
    start();
    start_proxy();
    proxy.reset();
    auto const refused = exchange_failing(errc::connection_refused);
    EXPECT_TRUE(refused.response.exchange.detail.starts_with("proxy: 127.0.0.1:"))
        << refused.response.exchange.detail;

    config.proxy->url = "http://does-not-exist.invalid:3128";
    destroy_client();
    auto const unknown = exchange_failing(errc::resolve_failed);
    EXPECT_TRUE(unknown.response.exchange.detail.starts_with("proxy: does-not-exist.invalid: "))
        << unknown.response.exchange.detail;
}

TEST_F(through_proxy, verification_is_that_of_the_server)
{
    emulator_options options;
    options.certificate = certificate_kind::expired;
    start(std::move(options));
    start_proxy();
    auto const result = exchange_failing(errc::tls_certificate_expired);
    EXPECT_TRUE(result.response.exchange.detail.starts_with(origin()))
        << result.response.exchange.detail;
}

#ifdef VIDI_TOOL
TEST_F(through_proxy, the_tool_goes_through_it)
{
    openssl_files files;
    files.make_authority("authority");
    start();
    start_proxy("BasicAuth me hunter2");
    auto const ca_file = files.certificate_file("emulator");
    server->write_ca_certificate(ca_file);
    // A proxy of the environment that cannot be used does not matter beside --proxy.
    auto const command =
        "env -u DMXAPI_API_KEY ALL_PROXY=socks5://nowhere OPENAI_API_KEY=sk-emulator"
        " '" VIDI_TOOL "' describe --base-url " +
        config.base_url + " --ca-file '" + ca_file +
        "' --tls-min 1.3 --proxy http://me:hunter2@127.0.0.1:" + std::to_string(proxy->port()) +
        " --pinned-key ";
    auto const image = " '" VIDI_TEST_DATA "/red.png'";
    EXPECT_NE(
        output_of(command + files.pin("emulator") + image).find(red_facts), std::string::npos);
    EXPECT_EQ(proxy->requests("CONNECT " + origin()), 1U);

    auto const refused = output_of(command + files.pin("authority") + image + " 2>&1 || true");
    EXPECT_NE(refused.find("public key is not a pinned one"), std::string::npos) << refused;
    EXPECT_EQ(refused.find("hunter2"), std::string::npos) << refused;
    EXPECT_EQ(server->statistics().requests, 1U);
}
#endif

// The way to the proxy is encrypted too: by an nginx before it.
class through_tls_proxy : public through_proxy
{
protected:
    void SetUp() override
    {
        through_proxy::SetUp();
        if (!IsSkipped() && !nginx::can_stream())
            GTEST_SKIP() << "there is no nginx with its stream module";
    }

    void start_proxy(std::string const& nginx_directives = {})
    {
        through_proxy::start_proxy("BasicAuth me hunter2");
        front.emplace(nginx::stream_to{proxy->port(), nginx_directives}, shown);
        config.proxy->url = "https://127.0.0.1:" + std::to_string(front->port());
        config.proxy->user = "me";
        config.proxy->password = "hunter2";
        config.proxy->tls.ca_certificates = front->ca_certificate_pem();
    }

    nginx::identity shown;
    std::optional<nginx> front;
};

TEST_F(through_tls_proxy, https_goes_through_a_tunnel_within_tls)
{
    for (auto const version : {tls_version::v1_2, tls_version::v1_3}) {
        for (std::string const outer : {"TLSv1.2", "TLSv1.3"}) {
            SCOPED_TRACE(outer);
            emulator_options options;
            options.min_tls = options.max_tls = version;
            start(std::move(options));
            start_proxy("ssl_protocols " + outer + ';');
            exchange_well();
            exchange_well(large());
            exchange_well();
            EXPECT_EQ(proxy->requests("CONNECT " + origin()), 1U);
            EXPECT_EQ(proxy->requests(), 1U);
            EXPECT_EQ(client().statistics().reused, 2U);
            EXPECT_FALSE(saw_proxy_authorization);

            client().close_idle_connections();
            exchange_well();
            EXPECT_EQ(client().statistics().resumed_handshakes, 1U);
            EXPECT_EQ(proxy->requests(), 2U);
        }
    }
}

TEST_F(through_tls_proxy, many_large_exchanges_at_the_same_time)
{
    // Answers that are large too, so that each end waits for the other to read.
    client_test::start([](request_view const& request) {
        auto body = std::string{R"({"id":"resp_1","output":[],"metadata":{"a":")"} +
                    std::string(2'000'000, 'a' + static_cast<char>(request.sequence % 26)) + "\"}}";
        return behaviour::reply({.body = std::move(body)});
    });
    start_proxy();
    std::vector<std::shared_ptr<outcome>> outcomes;
    for (int i = 0; i != 8; ++i)
        outcomes.push_back(begin(large()));
    for (auto const& each : outcomes) {
        run_until(each);
        EXPECT_FALSE(each->ec) << describe_failure(each->ec, each->response);
        EXPECT_GT(each->response.exchange.body_bytes, 2'000'000U);
    }
}

TEST_F(through_tls_proxy, http_is_sent_to_it_within_tls)
{
    emulator_options options;
    options.tls = false;
    start(std::move(options));
    start_proxy();
    exchange_well();
    exchange_well(large());
    EXPECT_EQ(proxy->requests("POST http://" + origin() + "/v1/responses"), 2U);
    EXPECT_FALSE(saw_proxy_authorization);
}

TEST_F(through_tls_proxy, connections_that_end_are_noticed)
{
    start();
    start_proxy();
    exchange_well();
    ASSERT_EQ(server->close_idle_connections(), 1U);
    exchange_well();
    EXPECT_EQ(client().statistics().created, 2U);
}

TEST_F(through_tls_proxy, its_certificate_is_verified_for_itself)
{
    start();
    start_proxy();
    // What the server's certificate is held to is nothing that the proxy's is held to.
    config.tls.pinned_public_keys = {"d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM="};
    auto const pinned = exchange_failing(errc::tls_public_key_mismatch);
    EXPECT_TRUE(pinned.response.exchange.detail.starts_with(origin()))
        << pinned.response.exchange.detail;
    config.tls.pinned_public_keys.clear();

    // The server's authority is not trusted for the proxy.
    config.tls.ca_certificates += config.proxy->tls.ca_certificates;
    config.proxy->tls.ca_certificates.clear();
    destroy_client();
    auto const unknown = exchange_failing(errc::tls_certificate_untrusted);
    EXPECT_TRUE(unknown.response.exchange.detail.starts_with("proxy: 127.0.0.1:"))
        << unknown.response.exchange.detail;

    config.proxy->tls.ca_certificates = front->ca_certificate_pem();
    config.proxy->url = "https://localhost:" + std::to_string(front->port());
    destroy_client();
    auto const other = exchange_failing(errc::tls_wrong_host);
    EXPECT_TRUE(other.response.exchange.detail.starts_with("proxy: localhost:"))
        << other.response.exchange.detail;
    EXPECT_EQ(server->statistics().requests, 0U);
}

TEST_F(through_tls_proxy, it_is_shown_a_certificate_of_its_own)
{
    openssl_files files;
    files.make_authority("authority");
    files.make_certificate("client", "authority");
    start();
    start_proxy(
        "ssl_verify_client on; ssl_client_certificate " + files.certificate_file("authority") +
        ';');
    // The one for the server is not shown to the proxy.
    config.tls.certificate_file = files.certificate_file("client");
    config.tls.private_key_file = files.private_key_file("client");
    EXPECT_TRUE(exchange().ec == condition::connection);
    EXPECT_EQ(proxy->requests(), 0U);

    config.proxy->tls.certificate_file = files.certificate_file("client");
    config.proxy->tls.private_key_file = files.private_key_file("client");
    destroy_client();
    exchange_well();
}

TEST_F(through_tls_proxy, a_wrong_setting_is_named_as_the_proxys)
{
    start();
    start_proxy();
    config.proxy->tls.ca_file = "/does/not/exist.pem";
    try {
        vidi::client refused{context, config};
        FAIL() << "it must be refused";
    }
    catch (boost::system::system_error const& e) {
        EXPECT_EQ(e.code(), errc::invalid_configuration);
        EXPECT_TRUE(std::string{e.what()}.starts_with("proxy.tls.ca_file: ")) << e.what();
    }
}

TEST_F(through_tls_proxy, a_proxy_that_does_not_speak_it)
{
    start();
    start_proxy();
    emulator_options options;
    options.tls = false;
    testing::emulator const plain{std::move(options)};
    config.proxy->url = "https://127.0.0.1:" + std::to_string(plain.port());
    auto const result = exchange_failing(errc::tls_handshake_failed);
    EXPECT_TRUE(result.response.exchange.detail.starts_with("proxy: 127.0.0.1:"))
        << result.response.exchange.detail;
}

} // namespace
} // namespace vidi::testing
