#include <vidi/version.hpp>

#include "protocol/connect_method.hpp"

#include <gtest/gtest.h>

namespace {

using namespace vidi::protocol;
using vidi::errc;

TEST(connect_method, request_names_the_origin_and_nothing_else)
{
    EXPECT_EQ(
        make_connect_request({true, "api.openai.com", 443}, {}).reveal(),
        "CONNECT api.openai.com:443 HTTP/1.1\r\n"
        "Host: api.openai.com:443\r\n"
        "User-Agent: vidi/" VIDI_VERSION_STRING "\r\n"
        "\r\n");
    EXPECT_EQ(
        make_connect_request({true, "2001:db8::1", 8443}, "Basic YTpi").reveal(),
        "CONNECT [2001:db8::1]:8443 HTTP/1.1\r\n"
        "Host: [2001:db8::1]:8443\r\n"
        "User-Agent: vidi/" VIDI_VERSION_STRING "\r\n"
        "Proxy-Authorization: Basic YTpi\r\n"
        "\r\n");
}

struct row
{
    std::string answer;
    vidi::error_code failure;
    char const* detail;
};

row const table[]{
    {"HTTP/1.1 200 Connection established\r\n\r\n", {}, ""},
    {"HTTP/1.0 200 OK\r\nProxy-agent: x\r\n\r\n", {}, ""},
    {"HTTP/1.1 200\r\n\r\n", {}, ""},
    {"HTTP/1.1 204 \r\n\r\n", {}, ""},
    // RFC 9110, 9.3.6: what the fields say of a body is ignored.
    {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n", {}, ""},
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
     {},
     ""},
    {"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
     errc::proxy_authentication_failed, "407 Proxy Authentication Required"},
    {"HTTP/1.0 401 Unauthorized\r\n\r\n", errc::proxy_authentication_failed, "401 Unauthorized"},
    {"HTTP/1.1 403 Filtered\r\n\r\n", errc::proxy_refused, "403 Filtered"},
    {"HTTP/1.1 405\r\n\r\n", errc::proxy_refused, "405"},
    {"HTTP/1.1 301 Moved\r\nLocation: elsewhere\r\n\r\n", errc::proxy_refused, "301 Moved"},
    {"HTTP/1.1 502 Bad Gateway\r\n\r\n", errc::proxy_failed, "502 Bad Gateway"},
    {"HTTP/1.1 500 Unable to connect\r\n\r\n", errc::proxy_failed, "500 Unable to connect"},
    {"HTTP/1.1 999 ?\r\n\r\n", errc::proxy_refused, "999 ?"},
    {"HTTP/1.1 403 a\x1b[31m\x01"
     "b\r\n\r\n",
     errc::proxy_refused, "403 a [31m b"},
    {"HTTP/1.1 403 \xff\r\n\r\n", errc::proxy_refused, "403 \xEF\xBF\xBD"},
    {"HTTP/1.1 200 OK\r\n\r\nx", errc::proxy_refused, "more than its answer"},
    {"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", errc::proxy_refused, "more than its answer"},
};

TEST(connect_method, answers_are_understood_once_they_are_complete)
{
    for (auto const& [answer, failure, detail] : table) {
        auto const result = read_connect_answer(answer);
        ASSERT_TRUE(result) << answer;
        EXPECT_EQ(result->failure, failure) << answer;
        EXPECT_NE(result->detail.find(detail), std::string::npos) << answer << result->detail;
        EXPECT_EQ(result->detail.empty(), !failure) << result->detail;
    }
}

TEST(connect_method, beginnings_of_answers_are_waited_on)
{
    for (auto const& [answer, failure, detail] : table) {
        auto const end = answer.rfind("\r\n\r\n");
        bool const has_more = std::string_view{detail} == "more than its answer";
        for (std::size_t size = 0; size < end + 4 && !has_more; ++size)
            EXPECT_FALSE(read_connect_answer(answer.substr(0, size))) << answer << size;
    }
}

TEST(connect_method, what_is_not_http_is_recognised_at_once)
{
    for (std::string_view const answer :
         {"x", "SSH-2.0-OpenSSH", "\x15\x03\x01", "HTTP/2.0 200 OK", "HTTP/1.x", "http/1.1 200",
          "HTTP/1.1 20x", "HTTP/1.1 2\r\n\r\n", "HTTP/1.1  200", "\r\nHTTP/1.1 200 OK\r\n\r\n",
          "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 200OK\r\n\r\n",
          "HTTP/1.1 100 Continue\r\n\r\nnonsense"})
    {
        auto const result = read_connect_answer(answer);
        ASSERT_TRUE(result) << answer;
        EXPECT_EQ(result->failure, errc::proxy_refused) << answer;
        EXPECT_NE(result->detail.find("not HTTP"), std::string::npos) << result->detail;
    }
}

TEST(connect_method, reasons_are_cut)
{
    auto const result =
        read_connect_answer("HTTP/1.1 403 " + std::string(50'000, 'x') + "\r\n\r\n");
    ASSERT_TRUE(result);
    EXPECT_LT(result->detail.size(), 1200U);
}

} // namespace
