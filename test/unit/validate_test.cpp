#include <vidi/json.hpp>
#include <vidi/request.hpp>
#include <vidi/response.hpp>

#include "model/validate.hpp"

#include <boost/json/object.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <ostream>
#include <string>
#include <string_view>

namespace {

using boost::json::object;
using vidi::model::validate;

struct invalid_case
{
    // A function of its own for each: compilers are slow with many such values at once.
    vidi::request (*make)();
    std::string_view detail;
};

void PrintTo(invalid_case const& value, std::ostream* out) { *out << value.detail; }

class invalid_request : public ::testing::TestWithParam<invalid_case>
{
};

TEST_P(invalid_request, is_refused_with_the_field)
{
    std::string detail;
    EXPECT_EQ(validate(GetParam().make(), detail), vidi::errc::invalid_request);
    EXPECT_EQ(detail, GetParam().detail);
}

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

invalid_case const invalid_requests[] = {
    invalid_case{
        [] { return vidi::request{.input = "x"}; },
        "a request needs a model, or a prompt that supplies it"},
    invalid_case{
        [] {
            return vidi::request{.additional = {{"model", nullptr}}};
        },
        "a request needs a model, or a prompt that supplies it"},
    invalid_case{
        [] {
            return vidi::request{.model = "m", .conversation = "c", .previous_response_id = "r"};
        },
        "conversation and previous_response_id exclude each other"},
    invalid_case{
        [] {
            return vidi::request{
                .model = "m",
                .previous_response_id = "r",
                .additional = {{"conversation", {{"id", "c"}}}}};
        },
        "conversation and previous_response_id exclude each other"},
    invalid_case{
        [] {
            return vidi::request{.model = "m", .additional = {{"stream", true}}};
        },
        "stream: a response in one piece cannot be streamed"},
    invalid_case{
        [] {
            return vidi::request{
                .model = "m",
                .input = vidi::user_message{vidi::input_text{"a"}, vidi::input_image{}}};
        },
        "input[0].content[1]: an image needs exactly one of image_url and file_id"},
    invalid_case{
        [] {
            return vidi::request{
                .model = "m",
                .input = {
                    vidi::user_message{"a"},
                    vidi::user_message{vidi::input_image{.image_url = "u", .file_id = "f"}}}};
        },
        "input[1].content[0]: an image needs exactly one of image_url and file_id"},
    invalid_case{
        [] {
            return vidi::request{
                .model = "m",
                .input = vidi::function_call_output{.call_id = "c", .output = vidi::input_image{}}};
        },
        "input[0].output[0]: an image needs exactly one of image_url and file_id"},
    invalid_case{
        [] {
            return vidi::request{
                .model = "m", .input = vidi::user_message{vidi::input_file{.filename = "a.pdf"}}};
        },
        "input[0].content[0]: a file needs exactly one of file_id, file_url and file_data"},
    invalid_case{
        [] {
            return vidi::request{
                .model = "m",
                .input = vidi::user_message{vidi::input_file{.file_id = "a", .file_url = "b"}}};
        },
        "input[0].content[0]: a file needs exactly one of file_id, file_url and file_data"},
    invalid_case{[] { return vidi::request{.model = "\xff"}; }, "model: not valid UTF-8 at byte 0"},
    invalid_case{
        [] { return vidi::request{.model = "m", .input = "ab\xe4\xb8"}; },
        "input: not valid UTF-8 at byte 2"},
    invalid_case{
        [] {
            return vidi::request{
                .model = "m", .input = vidi::user_message{vidi::input_text{"0123456789\xc0\x80"}}};
        },
        "input[0].content[0].text: not valid UTF-8 at byte 10"},
    invalid_case{
        [] {
            return vidi::request{.model = "m", .include = {"a", "\x80"}};
        },
        "include[1]: not valid UTF-8 at byte 0"},
    invalid_case{
        [] {
            return vidi::request{.model = "m", .metadata = {{"k", "\x80"}}};
        },
        "metadata.k: not valid UTF-8 at byte 0"},
    invalid_case{
        [] {
            return vidi::request{.model = "m", .metadata = {{"\x80", "v"}}};
        },
        "metadata: the name of a member is not valid UTF-8 at byte 0"},
    invalid_case{
        [] { return vidi::request{.model = "m", .reasoning = {{.effort = "\xed\xa0\x80"}}}; },
        "reasoning.effort: not valid UTF-8 at byte 0"},
    invalid_case{
        [] { return vidi::request{.model = "m", .tools = {vidi::function_tool{.name = "\xfe"}}}; },
        "tools[0].name: not valid UTF-8 at byte 0"},
    invalid_case{
        [] {
            return vidi::request{
                .model = "m", .tools = {object{{"type", "x"}, {"y", {1, "\xff"}}}}};
        },
        "tools[0].y[1]: not valid UTF-8 at byte 0"},
    invalid_case{
        [] {
            return vidi::request{.model = "m", .additional = {{"x", {{"y", "\xff"}}}}};
        },
        "x.y: not valid UTF-8 at byte 0"},
    invalid_case{
        [] { return vidi::request{.model = "m", .temperature = not_a_number}; },
        "temperature: JSON has no number that is infinite or not a number"},
    invalid_case{
        [] { return vidi::request{.model = "m", .top_p = infinity}; },
        "top_p: JSON has no number that is infinite or not a number"},
    invalid_case{
        [] {
            return vidi::request{.model = "m", .additional = {{"x", {0.5, -infinity}}}};
        },
        "x[1]: JSON has no number that is infinite or not a number"}};

INSTANTIATE_TEST_SUITE_P(table, invalid_request, ::testing::ValuesIn(invalid_requests));

struct valid_case
{
    // A function of its own for each: compilers are slow with many such values at once.
    vidi::request (*make)();
};

void PrintTo(valid_case const& value, std::ostream* out) { *out << vidi::serialize(value.make()); }

class valid_request : public ::testing::TestWithParam<valid_case>
{
};

TEST_P(valid_request, is_accepted)
{
    std::string detail;
    EXPECT_FALSE(validate(GetParam().make(), detail));
    EXPECT_EQ(detail, "");
}

valid_case const valid_requests[] = {
    valid_case{[] { return vidi::request{.model = "m"}; }},
    valid_case{[] { return vidi::request{.prompt = {{.id = "p"}}}; }}, valid_case{[] {
        return vidi::request{.additional = {{"model", "m"}}};
    }},
    valid_case{[] {
        return vidi::request{.additional = {{"prompt", object{}}}};
    }},
    valid_case{[] { return vidi::request{.model = "m", .conversation = "c"}; }}, valid_case{[] {
        return vidi::request{
            .model = "m", .conversation = "c", .additional = {{"previous_response_id", nullptr}}};
    }},
    valid_case{[] {
        return vidi::request{.model = "m", .additional = {{"stream", false}}};
    }},
    valid_case{[] {
        return vidi::request{
            .model = "m",
            .input = {vidi::user_message{
                vidi::input_text{"描述😀"}, vidi::input_image::from_file_id("f"),
                vidi::input_file{.file_url = "u"}}}};
    }},
    // The server's business.
    valid_case{
        [] { return vidi::request{.model = "m", .max_output_tokens = -1, .temperature = 99}; }}};

INSTANTIATE_TEST_SUITE_P(table, valid_request, ::testing::ValuesIn(valid_requests));

} // namespace
