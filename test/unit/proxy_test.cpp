#include "protocol/proxy.hpp"
#include "protocol/request_head.hpp"

#include <gtest/gtest.h>

namespace {

using vidi::proxy_options;
using vidi::protocol::parse_proxy;

proxy_options options_for(std::string url)
{
    proxy_options options;
    options.url = std::move(url);
    return options;
}

vidi::protocol::proxy parse(proxy_options const& options)
{
    vidi::error_code ec;
    std::string detail;
    auto result = parse_proxy(options, ec, detail);
    EXPECT_FALSE(ec) << options.url << ": " << detail;
    return result;
}

struct address
{
    char const* url;
    bool tls;
    char const* host;
    std::uint16_t port;
};

TEST(proxy, good_addresses_are_read)
{
    address const table[]{
        {"http://proxy.example:3128", false, "proxy.example", 3128},
        {"http://proxy.example:3128/", false, "proxy.example", 3128},
        {"http://proxy.example", false, "proxy.example", 80},
        {"https://proxy.example", true, "proxy.example", 443},
        {"HTTPS://proxy.example", true, "proxy.example", 443},
        {"http://192.0.2.1:8080", false, "192.0.2.1", 8080},
        {"http://[2001:db8::1]:8080", false, "2001:db8::1", 8080},
    };
    for (auto const& [url, tls, host, port] : table) {
        auto const result = parse(options_for(url)).address;
        EXPECT_EQ(result.tls, tls) << url;
        EXPECT_EQ(result.host, host) << url;
        EXPECT_EQ(result.port, port) << url;
    }
}

struct bad_options
{
    void (*spoil)(proxy_options&);
    char const* named;
};

TEST(proxy, bad_options_are_named_without_being_quoted)
{
    bad_options const table[]{
        {[](proxy_options& o) { o.url = ""; }, "proxy.url"},
        {[](proxy_options& o) { o.url = "proxy:3128"; }, "proxy.url"},
        {[](proxy_options& o) { o.url = "socks5://proxy:1080"; }, "SOCKS"},
        {[](proxy_options& o) { o.url = "socks5h://proxy:1080"; }, "SOCKS"},
        {[](proxy_options& o) { o.url = "socks4a://user:hunter2@proxy:1080"; }, "SOCKS"},
        {[](proxy_options& o) { o.url = "ftp://proxy"; }, "http://"},
        {[](proxy_options& o) { o.url = "http://"; }, "host"},
        {[](proxy_options& o) { o.url = "http://user:hunter2@proxy"; }, "proxy.user"},
        {[](proxy_options& o) { o.url = "http://hunter2@proxy"; }, "proxy.user"},
        {[](proxy_options& o) { o.url = "http://user:hunter2@pro xy"; }, "not a URL"},
        {[](proxy_options& o) { o.url = "http://proxy/hunter2"; }, "path"},
        {[](proxy_options& o) { o.url = "http://proxy/?a=hunter2"; }, "query"},
        {[](proxy_options& o) { o.url = "http://proxy#hunter2"; }, "fragment"},
        {[](proxy_options& o) { o.url = "http://proxy:0"; }, "port"},
        {[](proxy_options& o) { o.url = "http://proxy:"; }, "port"},
        {[](proxy_options& o) { o.url = "http://proxy:65536"; }, "port"},
        {[](proxy_options& o) { o.url = "http://pro%0d%0axy"; }, "character"},
        {[](proxy_options& o) { o.url = "http://proxy%00"; }, "character"},
        {[](proxy_options& o) { o.url = "http://pro\r\nX: y"; }, "not a URL"},
        {[](proxy_options& o) { o.user = "hunter2\r\nX: y"; }, "proxy.user"},
        {[](proxy_options& o) { o.user = "hunter2:"; }, "proxy.user"},
        {[](proxy_options& o) {
             o.user = std::string{"a\0b", 3};
         },
         "proxy.user"},
        {[](proxy_options& o) { o.password = "hunter2\n"; }, "proxy.password"},
        {[](proxy_options& o) { o.password = "hunter2\x7f"; }, "proxy.password"},
        {[](proxy_options& o) {
             o.no_proxy = {"a", "hunter2 "};
         },
         "proxy.no_proxy: number 2"},
        {[](proxy_options& o) { o.no_proxy = {"a\r\nX: y"}; }, "proxy.no_proxy: number 1"},
    };
    for (auto const& [spoil, named] : table) {
        auto options = options_for("http://proxy:3128");
        spoil(options);
        vidi::error_code ec;
        std::string detail;
        parse_proxy(options, ec, detail);
        EXPECT_EQ(ec, vidi::errc::invalid_configuration) << named;
        EXPECT_TRUE(detail.starts_with("proxy.")) << detail;
        EXPECT_NE(detail.find(named), std::string::npos) << named << ": " << detail;
        EXPECT_EQ(detail.find("hunter2"), std::string::npos) << detail;
    }
}

TEST(proxy, authorization_is_that_of_rfc_7617)
{
    auto options = options_for("http://proxy");
    EXPECT_TRUE(parse(options).authorization.empty());
    options.user = "Aladdin";
    options.password = "open sesame";
    EXPECT_EQ(parse(options).authorization.reveal(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    options.user = "test";
    options.password = "123\u00a3";
    EXPECT_EQ(parse(options).authorization.reveal(), "Basic dGVzdDoxMjPCow==");
    options.user = "";
    options.password = "a:b";
    EXPECT_EQ(parse(options).authorization.reveal(), "Basic OmE6Yg==");
}

struct written_url
{
    char const* text;
    char const* url;
    char const* user;
    char const* password;
};

TEST(proxy, urls_of_the_environment_are_read)
{
    written_url const table[]{
        {"http://proxy:3128", "http://proxy:3128", "", ""},
        {"proxy:3128", "http://proxy:3128", "", ""},
        {"proxy", "http://proxy", "", ""},
        {"https://proxy", "https://proxy", "", ""},
        {"http://me:secret@proxy:3128", "http://proxy:3128", "me", "secret"},
        {"me:secret@proxy:3128/", "http://proxy:3128/", "me", "secret"},
        {"http://me@proxy", "http://proxy", "me", ""},
        {"http://:secret@proxy", "http://proxy", "", "secret"},
        {"http://@proxy", "http://proxy", "", ""},
        {"http://me%40home:p%3A%2F%25%20@[::1]:1", "http://[::1]:1", "me@home", "p:/% "},
        {"http://m%C3%A9:a:b@proxy", "http://proxy", "m\u00e9", "a:b"},
    };
    for (auto const& [text, url, user, password] : table) {
        auto const options = proxy_options::from_url(text);
        EXPECT_EQ(options.url, url);
        EXPECT_EQ(options.user, user) << text;
        EXPECT_EQ(options.password.reveal(), password) << text;
        parse(options);
    }
}

TEST(proxy, control_characters_that_a_url_hides_are_refused)
{
    for (auto const* text :
         {"http://a%0d%0aX:b@proxy", "http://a:b%0A@proxy", "http://a%3Ab@proxy",
          "http://a:%00@proxy"})
    {
        vidi::error_code ec;
        std::string detail;
        parse_proxy(proxy_options::from_url(text), ec, detail);
        EXPECT_EQ(ec, vidi::errc::invalid_configuration) << text;
    }
}

TEST(proxy, loopback_is_reached_without_it_unless_it_is_asked_for)
{
    auto options = options_for("http://proxy");
    for (auto const* host :
         {"localhost", "LocalHost", "localhost.", "api.localhost", "127.0.0.1", "127.9.9.9", "::1",
          "::ffff:127.0.0.1"})
    {
        options.proxy_loopback = false;
        EXPECT_FALSE(parse(options).is_for({true, host, 443})) << host;
        options.proxy_loopback = true;
        EXPECT_TRUE(parse(options).is_for({true, host, 443})) << host;
    }
    options.proxy_loopback = false;
    for (auto const* host : {"api.openai.com", "localhost.example.com", "128.0.0.1", "::2"})
        EXPECT_TRUE(parse(options).is_for({true, host, 443})) << host;
}

TEST(proxy, exceptions_are_reached_without_it)
{
    auto options = options_for("http://proxy");
    options.no_proxy = {"example.com", "10.0.0.0/8", "localhost:1234"};
    options.proxy_loopback = true;
    auto const proxy = parse(options);
    EXPECT_FALSE(proxy.is_for({true, "api.example.com", 443}));
    EXPECT_FALSE(proxy.is_for({true, "10.1.2.3", 443}));
    EXPECT_FALSE(proxy.is_for({false, "localhost", 1234}));
    EXPECT_TRUE(proxy.is_for({false, "localhost", 1235}));
    EXPECT_TRUE(proxy.is_for({true, "api.openai.com", 443}));
}

class head : public ::testing::Test
{
protected:
    head()
    {
        config.api_key = "sk-key";
        config.proxy = options_for("http://proxy.example:3128");
        config.proxy->user = "Aladdin";
        config.proxy->password = "open sesame";
    }

    std::string make()
    {
        detail.clear();
        failure = {};
        auto const to = vidi::protocol::parse_endpoint(config, failure, detail);
        return vidi::protocol::make_head_prefix(config, to, failure, detail).reveal();
    }

    vidi::client_config config;
    vidi::error_code failure;
    std::string detail;
};

TEST_F(head, to_an_http_origin_goes_to_the_proxy)
{
    config.base_url = "http://10.0.0.1:8000/v1";
    config.allow_plain_http = true;
    auto const text = make();
    EXPECT_TRUE(text.starts_with("POST http://10.0.0.1:8000/v1/responses HTTP/1.1\r\n"
                                 "Host: 10.0.0.1:8000\r\n"
                                 "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"))
        << text;
    config.base_url = "http://[2001:db8::1]/v1";
    EXPECT_TRUE(make().starts_with("POST http://[2001:db8::1]/v1/responses HTTP/1.1\r\n"));
}

TEST_F(head, to_any_other_origin_holds_nothing_for_the_proxy)
{
    for (auto const* url : {"https://api.openai.com/v1", "http://localhost:11434/v1"}) {
        config.base_url = url;
        auto const text = make();
        EXPECT_TRUE(text.starts_with("POST /v1/responses HTTP/1.1\r\n")) << text;
        EXPECT_EQ(text.find("Proxy"), std::string::npos) << text;
        EXPECT_FALSE(failure) << detail;
    }
}

TEST_F(head, does_not_take_the_key_to_a_proxy_unencrypted)
{
    config.base_url = "http://localhost:11434/v1";
    config.proxy->proxy_loopback = true;
    make();
    EXPECT_EQ(failure, vidi::errc::invalid_configuration);
    EXPECT_NE(detail.find("unencrypted through the proxy proxy.example"), std::string::npos);
    config.allow_plain_http = true;
    make();
    EXPECT_FALSE(failure) << detail;
    config.allow_plain_http = false;
    config.proxy->url = "http://127.0.0.1:3128";
    make();
    EXPECT_FALSE(failure) << detail;
}

TEST_F(head, cannot_be_given_a_field_for_the_proxy)
{
    config.headers = {{"Proxy-Authorization", "Basic hunter2"}};
    make();
    EXPECT_EQ(failure, vidi::errc::invalid_configuration);
    EXPECT_EQ(detail.find("hunter2"), std::string::npos);
}

} // namespace
