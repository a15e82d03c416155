#include "transport/connect.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;

std::vector<std::string> order(std::vector<std::string> const& addresses)
{
    std::vector<asio::ip::tcp::endpoint> endpoints;
    for (auto const& a : addresses)
        endpoints.emplace_back(asio::ip::make_address(a), std::uint16_t{443});
    std::vector<std::string> result;
    for (auto const& e : vidi::transport::interleave_families(std::move(endpoints)))
        result.push_back(e.address().to_string());
    return result;
}

using addresses = std::vector<std::string>;

TEST(happy_eyeballs, families_alternate)
{
    EXPECT_EQ(order({}), addresses{});
    EXPECT_EQ(order({"10.0.0.1"}), addresses{"10.0.0.1"});
    EXPECT_EQ(
        order({"2001:db8::1", "2001:db8::2", "10.0.0.1", "10.0.0.2"}),
        (addresses{"2001:db8::1", "10.0.0.1", "2001:db8::2", "10.0.0.2"}));
    EXPECT_EQ(
        order({"10.0.0.1", "10.0.0.2", "10.0.0.3", "2001:db8::1"}),
        (addresses{"10.0.0.1", "2001:db8::1", "10.0.0.2", "10.0.0.3"}));
    EXPECT_EQ(
        order({"10.0.0.1", "2001:db8::1", "2001:db8::2"}),
        (addresses{"10.0.0.1", "2001:db8::1", "2001:db8::2"}));
}

} // namespace
