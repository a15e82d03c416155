#include <vidi/error.hpp>
#include <vidi/json.hpp>
#include <vidi/response.hpp>

#include "json_test_support.hpp"

#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace {

using vidi::errc;
using vidi::parse_error;
using vidi::parse_response;

struct not_json_case
{
    std::string_view text;
    std::uint64_t offset;
};

class not_json : public ::testing::TestWithParam<not_json_case>
{
};

TEST_P(not_json, is_reported_with_its_offset)
{
    auto const [text, offset] = GetParam();
    parse_error error;
    EXPECT_EQ(parse_response(text, error), vidi::response{});
    EXPECT_EQ(error.code, errc::response_not_json);
    EXPECT_EQ(error.offset, offset) << error.message;
    EXPECT_EQ(error.path, "");
    EXPECT_TRUE(error.message.ends_with(", at byte " + std::to_string(offset))) << error.message;
}

INSTANTIATE_TEST_SUITE_P(
    table, not_json,
    ::testing::Values(
        not_json_case{"", 0}, not_json_case{"   ", 3},
        not_json_case{"<html><body>Bad gateway</body></html>", 0},
        not_json_case{"upstream error", 0}, not_json_case{R"({"id":"r","output":[)", 20},
        not_json_case{R"({"id":"r","output":[]} x)", 23}, not_json_case{R"({"id":"r",})", 10},
        not_json_case{R"({"id":'r'})", 6}, not_json_case{"{\"id\":\"a\nb\"}", 8},
        not_json_case{"{\"id\":\"ab\xff\"}", 9}, not_json_case{"{\"id\":\"\xc0\x80\"}", 7},
        not_json_case{R"({"id":NaN})", 6}, not_json_case{R"({"id":"\ud800"})", 13},
        not_json_case{"\xef\xbb\xbf{}", 0}, not_json_case{R"({} {})", 3}));

struct wrong_shape_case
{
    std::string_view text;
    std::string_view path;
    std::string_view reason;
};

void PrintTo(wrong_shape_case const& value, std::ostream* out) { *out << value.text; }

class wrong_shape : public ::testing::TestWithParam<wrong_shape_case>
{
};

TEST_P(wrong_shape, is_reported_with_its_path)
{
    auto const [text, path, reason] = GetParam();
    parse_error error;
    EXPECT_EQ(parse_response(text, error), vidi::response{});
    EXPECT_EQ(error.code, errc::response_wrong_shape);
    EXPECT_EQ(error.offset, std::nullopt);
    EXPECT_EQ(error.path, path);
    EXPECT_EQ(
        error.message,
        path.empty() ? std::string{reason} : std::string{path} + ": " + std::string{reason});
}

constexpr std::string_view no_response =
    "not a response object: it has no id, no output and no error";

INSTANTIATE_TEST_SUITE_P(
    table, wrong_shape,
    ::testing::Values(
        wrong_shape_case{"[]", "", "expected an object, got an array"},
        wrong_shape_case{"null", "", "expected an object, got null"},
        wrong_shape_case{"\"text\"", "", "expected an object, got a string"},
        wrong_shape_case{"17", "", "expected an object, got a number"},
        wrong_shape_case{"{}", "", no_response},
        wrong_shape_case{R"({"choices":[],"object":"chat.completion"})", "", no_response},
        wrong_shape_case{R"({"id":null,"output":null,"error":null})", "", no_response},
        wrong_shape_case{R"({"id":7,"output":[]})", "id", "expected a string, got a number"},
        wrong_shape_case{R"({"id":"r","status":1})", "status", "expected a string, got a number"},
        wrong_shape_case{
            R"({"id":"r","output":"text"})", "output", "expected an array, got a string"},
        wrong_shape_case{R"({"id":"r","output":{}})", "output", "expected an array, got an object"},
        wrong_shape_case{
            R"({"id":"r","output":["x"]})", "output[0]", "expected an object, got a string"},
        wrong_shape_case{
            R"({"id":"r","output":[null]})", "output[0]", "expected an object, got null"},
        wrong_shape_case{
            R"({"id":"r","output":[{"type":"new"},{}]})", "output[1].type",
            "expected a string, got nothing"},
        wrong_shape_case{
            R"({"id":"r","output":[{"type":null}]})", "output[0].type",
            "expected a string, got null"},
        wrong_shape_case{
            R"({"output":[{"type":"message","content":"text"}]})", "output[0].content",
            "expected an array, got a string"},
        wrong_shape_case{
            R"({"output":[{"type":"message","content":["text"]}]})", "output[0].content[0]",
            "expected an object, got a string"},
        wrong_shape_case{
            R"({"output":[{"type":"message","content":[{"text":"x"}]}]})",
            "output[0].content[0].type", "expected a string, got nothing"},
        wrong_shape_case{
            R"({"output":[{"type":"reasoning"},{"type":"message","content":[{"type":"output_text","text":7}]}]})",
            "output[1].content[0].text", "expected a string, got a number"},
        wrong_shape_case{
            R"({"output":[{"type":"message","content":[{"type":"output_text","text":"a"},{"type":"refusal","refusal":{}}]}]})",
            "output[0].content[1].refusal", "expected a string, got an object"},
        wrong_shape_case{
            R"({"output":[{"type":"reasoning","summary":"x"}]})", "output[0].summary",
            "expected an array, got a string"},
        wrong_shape_case{
            R"({"output":[{"type":"reasoning","summary":[{"text":false}]}]})",
            "output[0].summary[0].text", "expected a string, got a boolean"},
        wrong_shape_case{
            R"({"output":[{"type":"function_call","name":1}]})", "output[0].name",
            "expected a string, got a number"},
        wrong_shape_case{
            R"({"output":[{"type":"function_call","arguments":{}}]})", "output[0].arguments",
            "expected a string, got an object"},
        wrong_shape_case{
            R"({"output":[{"type":"function_call","call_id":[]}]})", "output[0].call_id",
            "expected a string, got an array"},
        wrong_shape_case{R"({"id":"r","error":"x"})", "error", "expected an object, got a string"},
        wrong_shape_case{
            R"({"id":"r","error":{"code":429}})", "error.code", "expected a string, got a number"},
        wrong_shape_case{
            R"({"id":"r","error":{"message":[]}})", "error.message",
            "expected a string, got an array"},
        wrong_shape_case{R"({"id":"r","usage":7})", "usage", "expected an object, got a number"},
        wrong_shape_case{
            R"({"id":"r","usage":{"input_tokens":"7"}})", "usage.input_tokens",
            "expected an integer, got a string"},
        wrong_shape_case{
            R"({"id":"r","usage":{"output_tokens":1.5}})", "usage.output_tokens",
            "expected an integer of 64 bits, got 1.5"},
        wrong_shape_case{
            R"({"id":"r","usage":{"total_tokens":9223372036854775808}})", "usage.total_tokens",
            "expected an integer of 64 bits, got 9223372036854775808"},
        wrong_shape_case{
            R"({"id":"r","usage":{"total_tokens":-1e300}})", "usage.total_tokens",
            "expected an integer of 64 bits, got -1e+300"},
        wrong_shape_case{
            R"({"id":"r","usage":{"total_tokens":1e999}})", "usage.total_tokens",
            "expected an integer of 64 bits, got 1e999"},
        wrong_shape_case{
            R"({"id":"r","usage":{"output_tokens_details":{"reasoning_tokens":true}}})",
            "usage.output_tokens_details.reasoning_tokens", "expected an integer, got a boolean"}));

std::string nested(std::size_t levels)
{
    // The document itself is one level.
    return R"({"id":"r","x":)" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
}

TEST(nesting, is_limited)
{
    parse_error error;
    (void)parse_response(nested(64), error);
    EXPECT_FALSE(error.code) << error.message;

    (void)parse_response(nested(65), error);
    EXPECT_EQ(error.code, errc::response_not_json);
    EXPECT_EQ(error.message, "nested deeper than 64 levels, at byte 77");

    (void)parse_response(std::string(1000000, '['), error);
    EXPECT_EQ(error.code, errc::response_not_json);
}

TEST(parse_response, throws_what_the_other_overload_reports)
{
    try {
        (void)parse_response(R"({"id":7})");
        FAIL() << "no exception";
    }
    catch (boost::system::system_error const& error) {
        EXPECT_EQ(error.code(), errc::response_wrong_shape);
        EXPECT_NE(
            std::string_view{error.what()}.find("id: expected a string, got a number"),
            std::string_view::npos);
    }
    EXPECT_EQ(parse_response(R"({"id":"r"})").id, "r");
}

// A body that was cut off anywhere is an error, and never anything worse.
TEST(parse_response, of_every_beginning_of_a_body)
{
    std::string const text = vidi_test::read_test_data("gateway-response.json");
    for (std::size_t length = 0; length < text.find_last_of('}'); ++length) {
        parse_error error;
        (void)parse_response(std::string_view{text}.substr(0, length), error);
        ASSERT_EQ(error.code, errc::response_not_json) << length;
        ASSERT_LE(*error.offset, length);
    }
}

} // namespace
