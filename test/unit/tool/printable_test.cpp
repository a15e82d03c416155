#include "image.hpp"
#include "printable.hpp"

#include <gtest/gtest.h>

namespace vidi_tool {
namespace {

TEST(is_utf8, accepts_what_is_and_nothing_else)
{
    for (auto const* good :
         {"", "a", "é", "猫", "🐈", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80"})
        EXPECT_TRUE(is_utf8(good)) << good;
    for (auto const* bad :
         {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80",
          "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe7\x8c", "a\xff",
          "\xc3(", "\xe7(\xab"})
        EXPECT_FALSE(is_utf8(bad)) << bad;
}

TEST(is_web_url, knows_the_two_schemes_in_any_case)
{
    for (auto const* url : {"http://a", "https://a/b.png", "HTTPS://a", "Http://a"})
        EXPECT_TRUE(is_web_url(url)) << url;
    for (auto const* name : {"", "http:", "http:/a", "ftp://a", "file:///a", "a.png", " http://a"})
        EXPECT_FALSE(is_web_url(name)) << name;
}

std::string why_not_loaded(std::string const& name)
{
    try {
        load_image(name);
    }
    catch (image_error const& error) {
        return error.what();
    }
    return "loaded";
}

TEST(load_image, says_why_a_file_cannot_be_sent)
{
    EXPECT_EQ(why_not_loaded("no such file"), "cannot be opened: No such file or directory");
    EXPECT_EQ(why_not_loaded(VIDI_TEST_DATA), "is not a file");
    EXPECT_EQ(why_not_loaded("/dev/zero"), "is not a file");
    EXPECT_EQ(why_not_loaded(__FILE__), "is not a PNG, JPEG, GIF or WebP picture");
    EXPECT_EQ(why_not_loaded("ftp://a/b.png"), "is neither an http or https URL nor a file");
    EXPECT_EQ(
        why_not_loaded("data:image/png;base64,AA"), "is neither an http or https URL nor a file");
    EXPECT_EQ(why_not_loaded(std::string{"/dev/null\0.png", 14}), "is no name of a file");
    EXPECT_EQ(why_not_loaded("https://a/b.png"), "loaded");
}

} // namespace
} // namespace vidi_tool
