#include "protocol/no_proxy.hpp"

#include <gtest/gtest.h>

namespace {

using namespace vidi::protocol;

struct row
{
    char const* entry;
    char const* host;
    std::uint16_t port;
    bool matches;
};

TEST(no_proxy, entries_match_hosts)
{
    row const table[]{
        {"*", "example.com", 443, true},
        {"*", "::1", 1, true},

        {"example.com", "example.com", 443, true},
        {"example.com", "EXAMPLE.com", 443, true},
        {"Example.Com", "example.com", 443, true},
        {"example.com", "example.com.", 443, true},
        {"example.com.", "example.com", 443, true},
        {"example.com", "api.example.com", 443, true},
        {"example.com", "a.b.example.com", 443, true},
        {"example.com", "notexample.com", 443, false},
        {"example.com", "example.com.evil.org", 443, false},
        {"example.com", "com", 443, false},
        {"com", "example.com", 443, true},

        {".example.com", "api.example.com", 443, true},
        {".example.com", "example.com", 443, false},
        {"*.example.com", "api.example.com", 443, true},
        {"*.example.com", "example.com", 443, false},

        {"example.com:8443", "example.com", 8443, true},
        {"example.com:8443", "api.example.com", 8443, true},
        {"example.com:8443", "example.com", 443, false},
        {".example.com:8443", "api.example.com", 8443, true},

        {"192.0.2.1", "192.0.2.1", 443, true},
        {"192.0.2.1", "192.0.2.10", 443, false},
        {"192.0.2.1", "192.0.2.1.example.com", 443, false},
        {"192.0.2.1:80", "192.0.2.1", 80, true},
        {"192.0.2.1:80", "192.0.2.1", 443, false},
        {"192.0.2.1", "::ffff:192.0.2.1", 443, true},
        {"2001:db8::1", "2001:db8::1", 443, true},
        {"2001:db8::1", "2001:db8:0:0::1", 443, true},
        {"2001:db8::1", "2001:db8::2", 443, false},
        {"[2001:db8::1]", "2001:db8::1", 443, true},
        {"[2001:db8::1]:8443", "2001:db8::1", 8443, true},
        {"[2001:db8::1]:8443", "2001:db8::1", 443, false},

        {"10.0.0.0/8", "10.255.0.1", 443, true},
        {"10.1.2.3/8", "10.255.0.1", 443, true},
        {"10.0.0.0/8", "11.0.0.1", 443, false},
        {"192.0.2.128/25", "192.0.2.129", 443, true},
        {"192.0.2.128/25", "192.0.2.127", 443, false},
        {"192.0.2.1/32", "192.0.2.1", 443, true},
        {"192.0.2.1/32", "192.0.2.0", 443, false},
        {"0.0.0.0/0", "203.0.113.9", 443, true},
        {"0.0.0.0/0", "2001:db8::1", 443, false},
        {"::/0", "203.0.113.9", 443, true},
        {"2001:db8::/32", "2001:db8:ffff::1", 443, true},
        {"2001:db8::/32", "2001:db9::1", 443, false},
        {"10.0.0.0/8", "ten.example.com", 443, false},
    };
    for (auto const& [entry, host, port, matches] : table) {
        auto const rule = parse_no_proxy(entry);
        ASSERT_TRUE(rule) << entry;
        EXPECT_EQ(rule->matches({true, host, port}), matches) << entry << " / " << host;
    }
}

TEST(no_proxy, what_cannot_be_read_is_refused)
{
    for (auto const* entry :
         {"",
          ".",
          "..",
          "*.",
          "*:80",
          "a*b",
          "*example.com",
          "example.com:",
          "example.com:0",
          "example.com:65536",
          "example.com:http",
          "example.com:-1",
          ":80",
          "10.0.0.0/33",
          "10.0.0.0/",
          "10.0.0.0/-1",
          "10.0.0.0/8/8",
          "10/8",
          "2001:db8::/129",
          "example.com/8",
          "10.0.0.0/8:80",
          "[2001:db8::1",
          "[2001:db8::1]80",
          "[]",
          "[example.com]",
          "]",
          "[",
          "http://example.com",
          "user@example.com",
          "a b",
          "a\nb",
          "a\r\nX: y",
          "..example.com",
          "<local>",
          "b\xc3\xbc"
          "cher.example"})
    {
        EXPECT_FALSE(parse_no_proxy(entry)) << entry;
    }
}

TEST(no_proxy, variables_are_split)
{
    using list = std::vector<std::string>;
    EXPECT_EQ(split_no_proxy(""), list{});
    EXPECT_EQ(split_no_proxy(" ,\t, "), list{});
    EXPECT_EQ(split_no_proxy("a"), list{"a"});
    EXPECT_EQ(split_no_proxy("a,b"), (list{"a", "b"}));
    EXPECT_EQ(split_no_proxy(" a , .b\t::1,,"), (list{"a", ".b", "::1"}));
}

} // namespace
