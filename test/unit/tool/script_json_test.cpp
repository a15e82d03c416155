#include "printable.hpp"
#include "script_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>

#include <gtest/gtest.h>

#include <string>

namespace vidi_tool {
namespace {

using namespace std::string_literals;
namespace json = boost::json;

std::string of(std::string_view text) { return script_json(json::string{text}); }

TEST(script_json, cannot_end_the_element)
{
    EXPECT_EQ(of("</script>"), R"("\u003c/script>")");
    EXPECT_EQ(of("<!--<ScRiPt"), R"("\u003c!--\u003cScRiPt")");
    EXPECT_EQ(script_json(json::object{{"<", "<"}}), R"({"\u003c":"\u003c"})");
}

TEST(script_json, says_the_same)
{
    for (auto const& text :
         {"一只\"猫\"\n\\"s, "<b>&amp;</b>"s, "a\u2028b\u2029c\u2027"s, "nul\0 \x1f \x7f"s, ""s,
          "\\u003c"s, "🐈"s})
    {
        auto const written = of(text);
        EXPECT_EQ(json::parse(written).as_string(), text) << text;
        EXPECT_EQ(written.find('<'), written.npos);
        EXPECT_EQ(written.find('\0'), written.npos);
    }
}

TEST(script_json, has_no_separators_that_end_a_line_of_a_script)
{
    EXPECT_EQ(of("a\u2028b\u2029"), R"("a\u2028b\u2029")");
    EXPECT_EQ(of("\u2027 \u202a"), "\"\u2027 \u202a\"");
}

TEST(script_json, is_utf8_whatever_it_is_given)
{
    EXPECT_EQ(of("\xff"), "\"\ufffd\"");
    EXPECT_EQ(of("\xe2\x80"), "\"\ufffd\ufffd\"");
    EXPECT_EQ(of("\xed\xa0\x80"), "\"\ufffd\ufffd\ufffd\"");
    // An overlong '<'.
    EXPECT_EQ(of("\xc0\xbc"), "\"\ufffd\ufffd\"");
}

TEST(html_text, is_text_in_elements_and_attributes)
{
    EXPECT_EQ(
        html_text("<a href=\"x\" id='y'>&amp;"),
        "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;");
    EXPECT_EQ(html_text("猫\xff\0"s), "猫\ufffd\ufffd");
}

TEST(valid_utf8, replaces_what_is_not)
{
    EXPECT_EQ(valid_utf8("猫 é"), "猫 é");
    EXPECT_EQ(valid_utf8("a\xe7\x8c"), "a\ufffd\ufffd");
    EXPECT_TRUE(is_utf8(valid_utf8("\xff\x80\xed\xb0\x80\xf5")));
}

} // namespace
} // namespace vidi_tool
