#include "command.hpp"
#include "prices.hpp"

#include <gtest/gtest.h>

namespace vidi_tool {
namespace {

TEST(prices, are_read)
{
    auto const prices = parse_prices(
        R"({"gpt-5-mini": {"input": 0.25, "output": 2, "note": "x"}, "currency": "USD"})");
    EXPECT_EQ(prices.currency, "USD");
    EXPECT_EQ(prices.models.size(), 1u);
    EXPECT_EQ(prices.find("gpt-5-mini"), (token_price{.input = 0.25, .output = 2}));
}

TEST(prices, are_those_of_a_snapshot_too)
{
    auto const prices = parse_prices(
        R"({"a-mini": {"input": 1, "output": 2}, "a-mini-2025-01-01": {"input": 3, "output": 4}})");
    EXPECT_EQ(prices.find("a-mini-2025-08-07")->input, 1);
    EXPECT_EQ(prices.find("a-mini-2025-01-01")->input, 3);
    for (auto const* unknown :
         {"", "a", "a-mini-", "a-mini-2025", "a-mini-fast", "b-2025-08-07", "-2025-08-07",
          "a-mini-2025-08-0x", "a-mini2025-08-07"})
        EXPECT_EQ(prices.find(unknown), std::nullopt) << unknown;
}

TEST(prices, make_a_cost)
{
    token_price const price{.input = 0.25, .output = 2};
    EXPECT_DOUBLE_EQ(price.cost(1'000'000, 500'000), 1.25);
    EXPECT_EQ(price.cost(0, 0), 0);
}

TEST(prices, that_are_something_else_are_refused)
{
    for (auto const* text :
         {"", "[]", "{", R"({"m": 1})", R"({"m": {}})", R"({"m": {"input": 1}})",
          R"({"m": {"input": "1", "output": 2}})", R"({"m": {"input": 1, "output": -2}})"})
        EXPECT_THROW(parse_prices(text), usage_error) << text;
}

} // namespace
} // namespace vidi_tool
