#include "protocol/endpoint.hpp"

#include <gtest/gtest.h>

namespace {

using vidi::protocol::endpoint;

vidi::client_config config_for(std::string url, bool allow_plain_http = false)
{
    vidi::client_config config;
    config.base_url = std::move(url);
    config.allow_plain_http = allow_plain_http;
    return config;
}

struct address
{
    char const* url;
    bool tls;
    char const* host;
    std::uint16_t port;
    char const* path;
    char const* host_field;
};

TEST(endpoint, good_addresses_are_read)
{
    address const table[]{
        {"https://api.openai.com/v1", true, "api.openai.com", 443, "/v1", "api.openai.com"},
        {"https://www.dmxapi.cn/v1/", true, "www.dmxapi.cn", 443, "/v1", "www.dmxapi.cn"},
        {"https://gateway:8443", true, "gateway", 8443, "", "gateway:8443"},
        {"https://h:443/a/b", true, "h", 443, "/a/b", "h"},
        {"http://localhost:11434/v1", false, "localhost", 11434, "/v1", "localhost:11434"},
        {"http://127.0.0.1/v1", false, "127.0.0.1", 80, "/v1", "127.0.0.1"},
        {"http://[::1]:8080/v1", false, "::1", 8080, "/v1", "[::1]:8080"},
        {"https://[2001:db8::1]/v1", true, "2001:db8::1", 443, "/v1", "[2001:db8::1]"},
    };
    for (auto const& row : table) {
        vidi::error_code ec;
        std::string detail;
        auto const result = vidi::protocol::parse_endpoint(config_for(row.url), ec, detail);
        EXPECT_FALSE(ec) << row.url << ' ' << detail;
        EXPECT_EQ(result.origin.tls, row.tls) << row.url;
        EXPECT_EQ(result.origin.host, row.host) << row.url;
        EXPECT_EQ(result.origin.port, row.port) << row.url;
        EXPECT_EQ(result.path, row.path) << row.url;
        EXPECT_EQ(host_field(result.origin), row.host_field) << row.url;
    }
}

TEST(endpoint, plain_http_to_another_machine_is_allowed_by_name)
{
    vidi::error_code ec;
    std::string detail;
    auto const result =
        vidi::protocol::parse_endpoint(config_for("http://10.0.0.1/v1", true), ec, detail);
    EXPECT_FALSE(ec) << detail;
    EXPECT_EQ(to_string(result.origin), "10.0.0.1:80");
}

TEST(endpoint, bad_addresses_are_explained_without_being_quoted)
{
    std::pair<char const*, char const*> const table[]{
        {"", "not a URL"},
        {"api.openai.com/v1", "not a URL"},
        {"ftp://host/v1", "https://"},
        {"https:///v1", "no host"},
        {"https://user:hunter2@host/v1", "user name"},
        {"https://host/v1?a=hunter2", "query"},
        {"https://host/v1#x", "fragment"},
        {"https://host:0/v1", "port"},
        {"https://host:70000/v1", "port"},
        {"http://example.com/v1", "unencrypted"},
        {"http://localhost.example.com/v1", "unencrypted"},
        {"https://ho\r\nst/v1", "not a URL"},
        {"https://host%00.example.com/v1", "character"},
        {"http://evil.example%00.localhost/v1", "character"},
        {"https://host%0d%0aX-Injected%3A%201/v1", "character"},
        {"https://h%20st/v1", "character"},
        {"https://h%C3%B6st/v1", "character"},
    };
    for (auto const& [url, reason] : table) {
        vidi::error_code ec;
        std::string detail;
        vidi::protocol::parse_endpoint(config_for(url), ec, detail);
        EXPECT_EQ(ec, vidi::errc::invalid_configuration) << url;
        EXPECT_NE(detail.find("base_url"), std::string::npos) << detail;
        EXPECT_NE(detail.find(reason), std::string::npos) << url << ": " << detail;
        EXPECT_EQ(detail.find("hunter2"), std::string::npos) << detail;
    }
}

} // namespace
