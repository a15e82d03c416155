#include "integration/client_fixture.hpp"
#include "integration/nginx.hpp"
#include "integration/shell.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <vector>

namespace vidi::testing {
namespace {

// Serves the example response of a real gateway as a gateway would. As the request id it tells what
// it knows of the exchange: connection/number on it/TLS version/session reused ("r") or not (".").
constexpr char gateway[] = R"(
    root TEST_DATA;
    add_header x-request-id $connection/$connection_requests/$ssl_protocol/$ssl_session_reused always;
    if ($http_authorization != "Bearer sk-nginx") { return 401; }
    # A file is not an answer to POST, unless somebody says that it is.
    location = /v1/responses {
        alias TEST_DATA/gateway-response.json;
        error_page 405 =200 /gateway-response.json;
    }
    # Whoever edits what he sends does not know its length.
    location = /chunked/v1/responses {
        alias TEST_DATA/gateway-response.json;
        error_page 405 =200 /edited/gateway-response.json;
    }
    location /edited/ {
        alias TEST_DATA/;
        sub_filter_types application/json;
        sub_filter "is not in it" "";
    }
    location = /broken/v1/responses { proxy_pass http://unix:nobody.sock; }
    location = /small/v1/responses { client_max_body_size 1k; }
)";

std::string gateway_with(std::string const& more)
{
    std::string text = gateway;
    std::string const name = "TEST_DATA";
    for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos;)
        text.replace(at, name.size(), VIDI_TEST_DATA);
    return text + more;
}

class nginx_gateway : public client_test
{
protected:
    void SetUp() override
    {
        if (!nginx::is_installed())
            GTEST_SKIP() << "there is no nginx";
    }

    void start(std::string const& more = {})
    {
        web_server.emplace(gateway_with(more));
        set_prefix("");
        config.api_key = "sk-nginx";
        config.tls.ca_certificates = web_server->ca_certificate_pem();
    }

    // Where the API begins.
    void set_prefix(std::string const& prefix, std::string const& scheme = "https")
    {
        config.base_url =
            scheme + "://127.0.0.1:" + std::to_string(web_server->port()) + prefix + "/v1";
        destroy_client();
    }

    static vidi::request question(std::string const& picture = read_test_data("red.png"))
    {
        vidi::request request{.model = "gpt-5-mini"};
        request.input = {
            user_message{input_text{"描述这张图片中的内容"}, input_image::from_bytes(picture)}};
        return request;
    }

    vidi::response answer()
    {
        auto const result = exchange(question());
        EXPECT_FALSE(result.ec) << describe_failure(result.ec, result.response);
        EXPECT_EQ(result.response.id, "resp_0c3b7023f672732800690dd29dad188193b19186da03efc2c6");
        expect_nothing_in_use();
        return result.response;
    }

    // What nginx knows of an exchange, by position.
    static std::string knowledge(vidi::response const& response, int position)
    {
        std::string_view text = response.exchange.request_id;
        for (; position != 0; --position)
            text.remove_prefix(std::min(text.find('/'), text.size() - 1) + 1);
        return std::string{text.substr(0, text.find('/'))};
    }

    static std::string connection(vidi::response const& r) { return knowledge(r, 0); }
    static std::string request_on_connection(vidi::response const& r) { return knowledge(r, 1); }
    static std::string tls_protocol(vidi::response const& r) { return knowledge(r, 2); }
    static std::string session_reused(vidi::response const& r) { return knowledge(r, 3); }

    std::optional<nginx> web_server;
};

TEST_F(nginx_gateway, every_field_is_in_its_place)
{
    start();
    auto const r = answer();
    auto const file = boost::json::parse(read_test_data("gateway-response.json"));

    EXPECT_TRUE(r.ok());
    EXPECT_EQ(r.id, "resp_0c3b7023f672732800690dd29dad188193b19186da03efc2c6");
    EXPECT_EQ(r.object, "response");
    EXPECT_EQ(r.model, "gpt-5-mini-2025-08-07");
    EXPECT_EQ(r.created_at, timestamp{std::chrono::duration<double>{1762513567}});
    EXPECT_EQ(r.completed_at, std::nullopt);
    EXPECT_EQ(r.status, response_status::completed);
    EXPECT_EQ(r.background, false);

    ASSERT_TRUE(r.usage);
    EXPECT_EQ(r.usage->total_tokens, 1473);
    EXPECT_EQ(r.usage->input_tokens, 935);
    EXPECT_EQ(r.usage->input_tokens_details.cached_tokens, 0);
    EXPECT_EQ(r.usage->output_tokens, 538);
    EXPECT_EQ(r.usage->output_tokens_details.reasoning_tokens, 192);

    EXPECT_TRUE(r.content_filters.is_null());
    EXPECT_FALSE(r.error);
    EXPECT_FALSE(r.incomplete_details);
    EXPECT_TRUE(r.instructions.is_null());
    EXPECT_FALSE(r.max_output_tokens);
    EXPECT_FALSE(r.max_tool_calls);
    EXPECT_EQ(r.parallel_tool_calls, true);
    EXPECT_FALSE(r.previous_response_id);
    EXPECT_FALSE(r.prompt_cache_key);
    ASSERT_TRUE(r.reasoning);
    EXPECT_EQ(r.reasoning->effort, "medium");
    EXPECT_FALSE(r.reasoning->summary);
    EXPECT_FALSE(r.safety_identifier);
    EXPECT_EQ(r.service_tier, "default");
    EXPECT_EQ(r.store, true);
    EXPECT_EQ(r.temperature, 1.0);
    ASSERT_TRUE(r.text && r.text->format);
    EXPECT_TRUE(std::holds_alternative<plain_text_format>(*r.text->format));
    EXPECT_EQ(r.text->verbosity, "medium");
    EXPECT_EQ(r.tool_choice, vidi::tool_choice{"auto"});
    EXPECT_TRUE(r.tools.empty());
    EXPECT_EQ(r.top_logprobs, 0);
    EXPECT_EQ(r.top_p, 1.0);
    EXPECT_EQ(r.truncation, "disabled");
    EXPECT_FALSE(r.user);
    EXPECT_TRUE(r.metadata.empty());

    ASSERT_EQ(r.output.size(), 2U);
    auto const* const thought = std::get_if<reasoning_item>(&r.output[0]);
    ASSERT_TRUE(thought);
    EXPECT_EQ(thought->id, "rs_0c3b7023f672732800690dd2a26558819393b160a7957f6676");
    EXPECT_TRUE(thought->summary.empty());
    EXPECT_FALSE(thought->content);

    auto const* const message = std::get_if<output_message>(&r.output[1]);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->id, "msg_0c3b7023f672732800690dd2a5bd80819399ed4b2013fa37f7");
    EXPECT_EQ(message->status, "completed");
    EXPECT_EQ(message->role, "assistant");
    ASSERT_EQ(message->content.size(), 1U);
    auto const* const text = std::get_if<output_text>(&message->content[0]);
    ASSERT_TRUE(text);
    EXPECT_EQ(text->text, file.at_pointer("/output/1/content/0/text").as_string());
    EXPECT_TRUE(text->text.starts_with("这是一张台式计算器的近拍照片"));
    EXPECT_TRUE(text->text.ends_with("光线均匀,有少量反光。"));
    EXPECT_TRUE(text->annotations.empty());
    EXPECT_TRUE(text->logprobs.empty());
    EXPECT_EQ(r.output_text(), text->text);
    EXPECT_EQ(r.refusal(), "");
}

TEST_F(nginx_gateway, every_field_of_the_file_is_known)
{
    start();
    auto const r = answer();
    // Only what is null, or was left out, has no typed member to be in.
    for (auto const& [name, value] : r.additional)
        EXPECT_TRUE(value.is_null()) << name;
    EXPECT_TRUE(r.usage && r.usage->additional.empty());
    for (auto const& item : r.output)
        EXPECT_TRUE(std::visit([](auto const& i) { return i.additional.empty(); }, item));
}

TEST_F(nginx_gateway, serialising_gives_the_same_json)
{
    start();
    auto const file = read_test_data("gateway-response.json");
    auto const r = answer();
    EXPECT_EQ(boost::json::parse(serialize(r)), boost::json::parse(file));
    EXPECT_EQ(r.exchange.http_status, 200U);
    EXPECT_EQ(r.exchange.content_type, "application/json");
    EXPECT_EQ(r.exchange.body_bytes, file.size());
}

TEST_F(nginx_gateway, replies_of_unannounced_length)
{
    start();
    set_prefix("/chunked");
    auto const file = read_test_data("gateway-response.json");
    for (int i = 0; i != 2; ++i) {
        auto const r = answer();
        EXPECT_EQ(boost::json::parse(serialize(r)), boost::json::parse(file));
        EXPECT_EQ(r.exchange.body_bytes, file.size());
        EXPECT_EQ(request_on_connection(r), std::to_string(i + 1));
    }
}

TEST_F(nginx_gateway, requests_share_a_connection)
{
    start();
    auto const first = connection(answer());
    for (auto const* number : {"2", "3", "4", "5"}) {
        auto const r = answer();
        EXPECT_EQ(connection(r), first);
        EXPECT_EQ(request_on_connection(r), number);
        EXPECT_TRUE(r.exchange.connection_reused);
    }
    auto const s = client().statistics();
    EXPECT_EQ(s.created, 1U);
    EXPECT_EQ(s.reused, 4U);
    EXPECT_EQ(s.idle, 1U);
}

TEST_F(nginx_gateway, many_requests_at_once)
{
    start();
    config.pool.max_connections = 16;
    std::vector<std::shared_ptr<outcome>> results;
    for (int i = 0; i != 100; ++i)
        results.push_back(begin(question()));
    run_until([&] { return std::ranges::all_of(results, [](auto& r) { return r->called; }); });
    for (auto const& result : results) {
        ASSERT_FALSE(result->ec) << describe_failure(result->ec, result->response);
        EXPECT_EQ(result->response, [&] {
            auto expected = parse_response(read_test_data("gateway-response.json"));
            expected.exchange = result->response.exchange;
            return expected;
        }());
    }
    expect_nothing_in_use();
    EXPECT_EQ(client().statistics().created, 16U);
}

TEST_F(nginx_gateway, connections_that_end_as_announced)
{
    start("keepalive_requests 2;");
    std::vector<std::string> numbers;
    for (int i = 0; i != 5; ++i)
        numbers.push_back(request_on_connection(answer()));
    EXPECT_EQ(numbers, (std::vector<std::string>{"1", "2", "1", "2", "1"}));
    auto const s = client().statistics();
    EXPECT_EQ(s.created, 3U);
    EXPECT_EQ(s.stale, 0U);
    EXPECT_TRUE(s.failures.empty());
}

TEST_F(nginx_gateway, idle_connections_closed_by_a_reload)
{
    start();
    auto const before = connection(answer());
    EXPECT_EQ(client().statistics().idle, 1U);
    web_server->reload();
    auto const after = answer();
    EXPECT_EQ(request_on_connection(after), "1");
    auto const s = client().statistics();
    EXPECT_EQ(s.created, 2U);
    EXPECT_EQ(s.stale, 1U);
}

TEST_F(nginx_gateway, idle_connections_closed_at_any_moment)
{
    // Requests come before the end of the connection, after it, and together with it.
    start("keepalive_timeout 10ms;");
    unsigned attempts = 0;
    for (int i = 0; i != 200; ++i) {
        attempts += answer().exchange.attempts;
        asio::steady_timer pause{context, std::chrono::microseconds{i * 100}};
        bool over = false;
        pause.async_wait([&](error_code) { over = true; });
        run_until([&] { return over; });
    }
    auto const s = client().statistics();
    EXPECT_GT(s.stale, 0U);
    EXPECT_GT(s.reused, 0U);
    EXPECT_EQ(s.created + s.reused, attempts);
}

struct tls_case
{
    char const* directive;
    char const* protocol;
};

TEST_F(nginx_gateway, tls_versions_and_resumption)
{
    tls_case const table[]{
        {"ssl_protocols TLSv1.2;", "TLSv1.2"},
        {"ssl_protocols TLSv1.3;", "TLSv1.3"},
        {"ssl_protocols TLSv1.2 TLSv1.3;", "TLSv1.3"},
    };
    for (auto const& [directive, protocol] : table) {
        SCOPED_TRACE(directive);
        web_server.reset();
        start(directive);
        auto const first = answer();
        EXPECT_EQ(tls_protocol(first), protocol);
        EXPECT_EQ(session_reused(first), ".");

        client().close_idle_connections();
        auto const second = answer();
        EXPECT_EQ(tls_protocol(second), protocol);
        EXPECT_EQ(session_reused(second), "r");
        EXPECT_EQ(client().statistics().full_handshakes, 1U);
        EXPECT_EQ(client().statistics().resumed_handshakes, 1U);
    }
}

TEST_F(nginx_gateway, old_tls_is_refused)
{
    start("ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;");
    auto const [called, ec, response] = exchange(question());
    EXPECT_EQ(ec, errc::tls_handshake_failed) << describe_failure(ec, response);
    EXPECT_EQ(response.exchange.attempts, 0U);
}

TEST_F(nginx_gateway, its_authority_must_be_known)
{
    start();
    config.tls.ca_certificates.clear();
    auto const [called, ec, response] = exchange(question());
    EXPECT_EQ(ec, errc::tls_certificate_untrusted) << describe_failure(ec, response);
}

TEST_F(nginx_gateway, bad_gateway)
{
    start();
    set_prefix("/broken");
    auto const [called, ec, response] = exchange(question());
    EXPECT_EQ(ec, errc::server_error);
    EXPECT_EQ(ec, condition::retryable);
    auto const& e = response.exchange;
    EXPECT_EQ(e.http_status, 502U);
    EXPECT_EQ(e.content_type, "text/html");
    EXPECT_NE(e.body_excerpt.find("<h1>502 Bad Gateway</h1>"), std::string::npos) << e.body_excerpt;
    EXPECT_FALSE(response.error);
    expect_nothing_in_use();
}

TEST_F(nginx_gateway, request_too_large)
{
    start();
    set_prefix("/small");
    // One that fits into what the network holds, and one that does not.
    for (std::size_t const size : {10'000U, 20'000'000U}) {
        auto picture = read_test_data("red.png");
        picture.resize(size, 'x');
        auto const [called, ec, response] = exchange(question(picture));
        EXPECT_EQ(ec, errc::request_too_large) << describe_failure(ec, response);
        auto const& e = response.exchange;
        EXPECT_EQ(e.http_status, 413U);
        EXPECT_NE(e.body_excerpt.find("<h1>413 Request Entity Too Large</h1>"), std::string::npos)
            << e.body_excerpt;
        expect_nothing_in_use();
    }
}

TEST_F(nginx_gateway, wrong_key)
{
    start();
    config.api_key = "sk-wrong";
    auto const [called, ec, response] = exchange(question());
    EXPECT_EQ(ec, errc::authentication_failed);
    EXPECT_NE(response.exchange.body_excerpt.find("401 Authorization Required"), std::string::npos);
}

TEST_F(nginx_gateway, unknown_path)
{
    start();
    set_prefix("/nowhere");
    auto const [called, ec, response] = exchange(question());
    EXPECT_EQ(ec, errc::not_found);
    EXPECT_NE(response.exchange.body_excerpt.find("<h1>404 Not Found</h1>"), std::string::npos);
}

TEST_F(nginx_gateway, plain_http_to_a_tls_port)
{
    start();
    set_prefix("", "http");
    auto const [called, ec, response] = exchange(question());
    EXPECT_EQ(ec, errc::bad_request) << describe_failure(ec, response);
    EXPECT_NE(
        response.exchange.body_excerpt.find("plain HTTP request was sent to HTTPS port"),
        std::string::npos)
        << response.exchange.body_excerpt;
}

#ifdef VIDI_TOOL
TEST_F(nginx_gateway, the_tool_prints_the_same_json)
{
    start();
    auto const text = output_of(
        "env -u DMXAPI_API_KEY OPENAI_API_KEY=sk-nginx '" VIDI_TOOL
        "' describe --json --base-url " +
        config.base_url + " --ca-file '" + web_server->ca_certificate_file() +
        "' '" VIDI_TEST_DATA "/red.png'");
    boost::json::error_code ec;
    EXPECT_EQ(
        boost::json::parse(text, ec), boost::json::parse(read_test_data("gateway-response.json")))
        << text;
    EXPECT_NE(text.find("这是一张台式计算器的近拍照片"), std::string::npos);
}
#endif

} // namespace
} // namespace vidi::testing
