#include "input_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vidi_tool {
namespace {

using ::testing::HasSubstr;

TEST(input_line, skips_empty_lines_and_comments)
{
    for (auto const* text : {"", " ", "\t\r", "#", "# a comment", "  # {\"image\": \"a\"}"})
        EXPECT_EQ(parse_line(text), (std::variant<no_item, list_item, bad_line>{no_item{}}))
            << text;
}

struct good_case
{
    char const* text;
    list_item item;
};

TEST(input_line, reads_names_and_objects)
{
    good_case const cases[] = {
        {"https://example.com/a.jpg", {.image = "https://example.com/a.jpg"}},
        {"  pictures/my cat.png\t\r", {.image = "pictures/my cat.png"}},
        {"图片/猫.png", {.image = "图片/猫.png"}},
        {"a.png # not a comment", {.image = "a.png # not a comment"}},
        {"[a].png", {.image = "[a].png"}},
        {R"({"image":"a.png"})", {.image = "a.png"}},
        {R"(  {"image" : " a " }  )", {.image = " a "}},
        {R"({"id":"x","image":"a"})", {.id = "x", .image = "a"}},
        {R"({"id":"","image":"a"})", {.id = "", .image = "a"}},
        {R"({"id":-7,"image":"a"})", {.id = -7, .image = "a"}},
        {R"({"id":18446744073709551615,"image":"a"})",
         {.id = std::uint64_t{18446744073709551615u}, .image = "a"}},
        {R"({"image":"a","prompt":"这是什么?"})", {.image = "a", .prompt = "这是什么?"}},
        {R"({"prompt":"","image":"\u732b"})", {.image = "猫", .prompt = ""}},
    };
    for (auto const& [text, item] : cases) {
        auto const result = parse_line(text);
        ASSERT_TRUE(std::holds_alternative<list_item>(result)) << text;
        EXPECT_EQ(std::get<list_item>(result), item) << text;
    }
}

struct bad_case
{
    std::string_view text;
    char const* reason;
};

TEST(input_line, says_what_is_wrong)
{
    bad_case const cases[] = {
        {"{", "not a JSON object: "},
        {"{}", "\"image\" is missing or empty"},
        {"{\"image\":\"a\"} b", "not a JSON object: "},
        {"{\"image\":\"\xff\"}", "not a JSON object: "},
        {R"({"image":""})", "\"image\" is missing or empty"},
        {R"({"image":1})", "\"image\" is not a string"},
        {R"({"image":null})", "\"image\" is not a string"},
        {R"({"image":["a"]})", "\"image\" is not a string"},
        {R"({"image":"a","prompt":7})", "\"prompt\" is not a string"},
        {R"({"image":"a","id":1.5})", "\"id\" is neither a string nor an integer"},
        {R"({"image":"a","id":null})", "\"id\" is neither a string nor an integer"},
        {R"({"image":"a","id":{}})", "\"id\" is neither a string nor an integer"},
        {R"({"image":"a","url":"b"})", "unknown member \"url\""},
        {R"({"image":"a","\u001b[2J":"b"})", "unknown member \" [2J\""},
        {"caf\xe9.png", "not UTF-8"},
    };
    for (auto const& [text, reason] : cases) {
        auto const result = parse_line(text);
        ASSERT_TRUE(std::holds_alternative<bad_line>(result)) << text;
        EXPECT_THAT(std::get<bad_line>(result).reason, HasSubstr(reason)) << text;
    }
}

TEST(input_line, survives_deep_nesting)
{
    auto const text = "{\"image\":" + std::string(100'000, '[');
    EXPECT_TRUE(std::holds_alternative<bad_line>(parse_line(text)));
}

} // namespace
} // namespace vidi_tool
