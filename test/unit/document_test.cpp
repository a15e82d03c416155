#include "model/document.hpp"
#include "model/escape.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace json = boost::json;
using vidi::model::document;

// Boost.JSON's own verdict.
std::optional<json::value> parse_with_boost(std::string const& text)
{
    json::error_code ec;
    json::parse_options options;
    options.max_depth = document::max_depth;
    auto value = json::parse(text, ec, {}, options);
    return ec ? std::nullopt : std::optional{std::move(value)};
}

void expect_as_boost(std::string const& text)
{
    auto const expected = parse_with_boost(text);
    document doc;
    vidi::model::syntax_error error;
    auto const* read = doc.read(text, error);
    ASSERT_EQ(read != nullptr, expected.has_value()) << text << "\n" << error.reason;
    if (read) {
        EXPECT_EQ(*read, *expected) << text;
    }
}

std::string const filler(200, 'x');

TEST(document, reads_long_strings_with_escapes)
{
    for (std::string const escaped :
         {R"(\n)", R"(\")", R"(\\)", R"(\/)", R"(\b\f\r\t)", R"(\u0000)", R"(\u00e9)", R"(\u4e2d)",
          R"(\uD83D\uDE00)", R"(\ud83d\ude00)", R"(\uFFFF)"})
    {
        expect_as_boost('"' + filler + escaped + filler + '"');
        expect_as_boost('"' + escaped + filler + '"');
        expect_as_boost(R"([{"a":"b\n","long":")" + filler + escaped + R"(","c":["\t",1]}, "\\"])");
        expect_as_boost(R"({")" + filler + escaped + R"(":1, "b":")" + filler + escaped + R"("})");
    }
}

TEST(document, refuses_what_is_no_string)
{
    for (std::string const wrong :
         {R"(\x)", R"(\u12)", R"(\u12g4)", R"(\u-123)", R"(\ud83d)", R"(\ud83d\n)",
          R"(\ud83d\ud83d)", R"(\ude00)", "\n", "\x01", "\xff", "\xe4\xb8", "\xed\xa0\x80", "\\"})
    {
        expect_as_boost('"' + filler + R"(\n)" + wrong + filler + '"');
        expect_as_boost('"' + filler + wrong + filler + '"');
        expect_as_boost('"' + filler + R"(\n)" + wrong + '"');
        expect_as_boost('"' + filler + R"(\n)" + wrong);
    }
}

TEST(document, refuses_escapes_outside_of_strings)
{
    expect_as_boost(R"(["a" \n")" + filler + R"("])");
    expect_as_boost(R"(["a"\n)" + filler + R"(", "b"])");
    expect_as_boost(R"(\n")" + filler + '"');
    expect_as_boost(R"({"a":"b\n)" + filler + R"("\)");
    expect_as_boost(R"("a\n)" + filler + R"("")");
    expect_as_boost(R"("a\n)" + filler + R"(" 1)");
}

TEST(document, says_where_a_long_string_is_wrong)
{
    document doc;
    vidi::model::syntax_error error;
    auto const text = R"(["\n)" + filler + R"(\n", "\x"])";
    EXPECT_EQ(doc.read(text, error), nullptr);
    EXPECT_EQ(error.offset, text.find(R"(\x)") + 1);
}

// A string with escapes, Chinese and faults, long enough to be worth substituting now and then.
std::string random_string(std::mt19937& random)
{
    static std::vector<std::string> const pieces{"word ",     R"(\n)",           R"(\")", R"(\\)",
                                                 R"(\u4e2d)", R"(\ud83d\ude00)", "中文",  "é",
                                                 "😀",         "[{,:}]"};
    std::string text = "\"";
    auto const count = random() % 40;
    for (unsigned i = 0; i < count; ++i)
        text += pieces[random() % pieces.size()];
    return text + '"';
}

std::string random_value(std::mt19937& random, int depth)
{
    switch (depth > 0 ? random() % 4 : random() % 2) {
    case 0:
        return std::to_string(static_cast<int>(random()));
    case 1:
        return random_string(random);
    case 2:
        return '[' + random_value(random, depth - 1) + ", " + random_value(random, depth - 1) + ']';
    default:
        return '{' + random_string(random) + ':' + random_value(random, depth - 1) + ',' +
               random_string(random) + " : " + random_value(random, depth - 1) + '}';
    }
}

TEST(document, reads_as_boost_does_whatever_comes)
{
    std::mt19937 random{1};
    for (int i = 0; i < 3000; ++i) {
        auto text = random_value(random, 4);
        expect_as_boost(text);
        // Now and then one byte is lost, added or changed.
        auto const at = random() % text.size();
        if (i % 3 == 0)
            text.erase(at, 1);
        else if (i % 3 == 1)
            text.insert(at, 1, "\\\"{}[],:"[random() % 7]);
        else
            text[at] = static_cast<char>(random());
        expect_as_boost(text);
    }
}

} // namespace
