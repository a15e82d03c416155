#include "model/writer.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace {

using namespace std::string_view_literals;

std::string written(auto write, auto const& value)
{
    std::string out;
    write(out, value);
    return out;
}

std::string as_string(std::string_view text)
{
    return written([](std::string& out, auto t) { vidi::model::write_string(out, t); }, text);
}

std::string as_number(auto number)
{
    return written([](std::string& out, auto n) { vidi::model::write_number(out, n); }, number);
}

struct string_case
{
    std::string_view text;
    std::string_view json;
};

class json_string : public ::testing::TestWithParam<string_case>
{
};

TEST_P(json_string, escapes_what_json_requires)
{
    auto const [text, json] = GetParam();
    EXPECT_EQ(as_string(text), json);
    EXPECT_EQ(boost::json::parse(as_string(text)).as_string(), text);
}

INSTANTIATE_TEST_SUITE_P(
    table, json_string,
    ::testing::Values(
        string_case{"", R"("")"}, string_case{"plain", R"("plain")"},
        string_case{"a \"quote\"", R"("a \"quote\"")"}, string_case{R"(C:\x)", R"("C:\\x")"},
        string_case{"a/b", R"("a/b")"}, string_case{"\b\f\n\r\t", R"("\b\f\n\r\t")"},
        string_case{"\0\x01\x1f"sv, R"("\u0000\u0001\u001f")"}, string_case{"\x7f", "\"\x7f\""},
        string_case{"描述这张图片", "\"描述这张图片\""}, string_case{"😀", "\"😀\""},
        string_case{"\u2028", "\"\u2028\""},
        string_case{
            "long enough for words, then a \n newline",
            R"("long enough for words, then a \n newline")"}));

TEST(json_string, escapes_at_every_position_of_a_word)
{
    for (char const c : {'"', '\\', '\x1f', '\0'}) {
        for (std::size_t position = 0; position < 24; ++position) {
            // Characters next to the limits, which must not be taken for the one that is escaped.
            std::string text = " !#[]\x7f\x80\xff !#[]\x7f\x80\xff !#[]\x7f\x80\xff";
            text[position] = c;
            std::string expected = text;
            expected.replace(
                position, 1,
                c == '"'    ? "\\\""
                : c == '\\' ? "\\\\"
                : c == '\0' ? "\\u0000"
                            : "\\u001f");
            EXPECT_EQ(as_string(text), '"' + expected + '"') << position;
        }
    }
}

TEST(json_number, integers)
{
    EXPECT_EQ(as_number(std::int64_t{0}), "0");
    EXPECT_EQ(as_number(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
    EXPECT_EQ(as_number(std::numeric_limits<std::int64_t>::max()), "9223372036854775807");
}

TEST(json_number, doubles_are_short_and_stay_doubles)
{
    EXPECT_EQ(as_number(0.0), "0.0");
    EXPECT_EQ(as_number(1.0), "1.0");
    EXPECT_EQ(as_number(-0.5), "-0.5");
    EXPECT_EQ(as_number(0.1), "0.1");
    EXPECT_EQ(as_number(1e300), "1e+300");
    EXPECT_EQ(as_number(5e-324), "5e-324");
    EXPECT_EQ(as_number(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
}

TEST(json_number, infinity_stays_too_large)
{
    EXPECT_EQ(as_number(std::numeric_limits<double>::infinity()), "1e999");
    EXPECT_EQ(as_number(-std::numeric_limits<double>::infinity()), "-1e999");
}

TEST(json_number, what_is_no_number_becomes_null)
{
    EXPECT_EQ(as_number(std::numeric_limits<double>::quiet_NaN()), "null");
}

TEST(json_value, is_written_whole)
{
    // Longer than the buffer it is written through.
    std::string const text = R"({"a":[1,-2,null,true,false,"\"x\"",{"b":{}}],"long":")" +
                             std::string(5000, 'y') + R"("})";
    auto const value = boost::json::parse(text);
    auto const write = [](std::string& out, auto const& v) { vidi::model::write_json(out, v); };
    EXPECT_EQ(written(write, value), text);
    EXPECT_EQ(written(write, boost::json::value(nullptr)), "null");
    EXPECT_EQ(written(write, boost::json::value(true)), "true");
    EXPECT_EQ(written(write, boost::json::value("好")), "\"好\"");
}

} // namespace
