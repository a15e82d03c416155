#include "protocol/excerpt.hpp"

#include <gtest/gtest.h>

namespace {

using vidi::protocol::excerpt;

TEST(excerpt, keeps_what_is_short)
{
    EXPECT_EQ(excerpt(""), "");
    EXPECT_EQ(excerpt("<html>网关错误 😀</html>"), "<html>网关错误 😀</html>");
}

TEST(excerpt, cuts_between_characters)
{
    std::string text;
    for (int i = 0; i < 400; ++i)
        text += "图";
    auto const result = excerpt(text);
    EXPECT_EQ(result.size(), 1023U);
    EXPECT_TRUE(text.starts_with(result));
}

TEST(excerpt, replaces_what_is_not_utf_8)
{
    std::string const mark = "\xEF\xBF\xBD";
    EXPECT_EQ(
        excerpt("a\xFF"
                "b"),
        "a" + mark + "b");
    EXPECT_EQ(excerpt("\xC0\x80"), mark + mark);                       // overlong
    EXPECT_EQ(excerpt("\xED\xA0\x80"), mark + mark + mark);            // a surrogate
    EXPECT_EQ(excerpt("\xF4\x90\x80\x80"), mark + mark + mark + mark); // beyond U+10FFFF
    EXPECT_EQ(excerpt("\xE5\x9B"), mark + mark);                       // cut short
    EXPECT_EQ(excerpt(std::string(2000, '\xFF')).size(), 1023U);
}

} // namespace
