#include <vidi/json.hpp>
#include <vidi/response.hpp>

#include "json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <limits>

namespace vidi_tool {
namespace {

namespace json = boost::json;

std::string read_test_data(std::string const& name)
{
    std::ifstream file{VIDI_TEST_DATA "/" + name, std::ios::binary};
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>{file}, {}};
}

// The file was printed by json.dumps(value, indent=4, ensure_ascii=False).
TEST(json_text, prints_the_gateway_s_answer_as_the_gateway_s_example_does)
{
    auto const text = read_test_data("gateway-response.json");
    EXPECT_EQ(pretty_json(text), text);
}

// The order of the members is the library's, so that they are compared as JSON.
TEST(json_text, prints_a_response_of_the_library)
{
    auto const text = read_test_data("gateway-response.json");
    auto const printed = pretty_json(vidi::serialize(vidi::parse_response(text)));
    EXPECT_EQ(json::parse(printed), json::parse(text));
    EXPECT_NE(printed.find("\n    \"temperature\": 1.0"), std::string::npos);
    EXPECT_NE(printed.find("这是一张台式计算器"), std::string::npos);
}

TEST(json_text, prints_structures)
{
    auto const value = json::parse(R"({"a":[],"b":{},"c":[1,[true,null]],"d":{"e":"f"}})");
    EXPECT_EQ(compact_json(value), R"({"a":[],"b":{},"c":[1,[true,null]],"d":{"e":"f"}})");
    EXPECT_EQ(pretty_json(value), R"({
    "a": [],
    "b": {},
    "c": [
        1,
        [
            true,
            null
        ]
    ],
    "d": {
        "e": "f"
    }
})");
}

struct number_case
{
    json::value value;
    char const* text;
};

// The expected texts are Python's.
TEST(json_text, prints_numbers)
{
    number_case const cases[] = {
        {0, "0"},
        {-1, "-1"},
        {std::numeric_limits<std::int64_t>::min(), "-9223372036854775808"},
        {std::numeric_limits<std::uint64_t>::max(), "18446744073709551615"},
        {0.0, "0.0"},
        {-0.0, "-0.0"},
        {1.0, "1.0"},
        {0.1, "0.1"},
        {-2.5, "-2.5"},
        {100000.0, "100000.0"},
        {1762513567.25, "1762513567.25"},
        {1e15, "1000000000000000.0"},
        {9999999999999998.0, "9999999999999998.0"},
        {1e16, "1e+16"},
        {1.5e300, "1.5e+300"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {1.25e-7, "1.25e-07"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
    };
    for (auto const& [value, text] : cases)
        EXPECT_EQ(compact_json(value), text);
}

TEST(json_text, escapes_what_it_must_and_no_more)
{
    EXPECT_EQ(compact_json("\"\\/\b\f\n\r\t"), R"("\"\\/\b\f\n\r\t")");
    EXPECT_EQ(
        compact_json(json::string{std::string_view{"\0\x1f\x7f", 3}}), "\"\\u0000\\u001f\x7f\"");
    EXPECT_EQ(compact_json("猫 é 🐈"), "\"猫 é 🐈\"");
    EXPECT_EQ(compact_json(json::parse(R"({"\"":1})")), R"({"\"":1})");
}

} // namespace
} // namespace vidi_tool
