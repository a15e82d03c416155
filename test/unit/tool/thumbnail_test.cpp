#include "thumbnail.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vidi_tool {
namespace {

using namespace std::string_literals;

TEST(thumbnail, of_a_picture_is_a_data_url)
{
    auto const url = make_thumbnail(VIDI_TEST_DATA "/red.png", 64);
    EXPECT_TRUE(url.starts_with("data:image/")) << url;
    EXPECT_LT(url.size(), 4000u);
}

TEST(thumbnail, is_not_there_for_anything_else)
{
    for (auto const& name :
         {""s, "no such file"s, "/dev/zero"s, std::string{VIDI_TEST_DATA}, std::string{__FILE__},
          VIDI_TEST_DATA "/red.png[page=1]"s, VIDI_TEST_DATA "/red.png\0"s, "https://a/b.png"s,
          "data:image/png;base64,AA"s})
        EXPECT_EQ(make_thumbnail(name, 64), "") << name;
}

} // namespace
} // namespace vidi_tool
