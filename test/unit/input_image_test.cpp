#include <vidi/content.hpp>
#include <vidi/error.hpp>

#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using namespace std::string_view_literals;
using vidi::input_image;

struct format_case
{
    std::string_view bytes;
    std::string_view url;
};

class image_format : public ::testing::TestWithParam<format_case>
{
};

TEST_P(image_format, is_read_from_the_first_bytes)
{
    auto const [bytes, url] = GetParam();
    auto const image = input_image::from_bytes(bytes);
    EXPECT_EQ(image.image_url, url);
    EXPECT_EQ(image.image_url->capacity(), image.image_url->size());
    EXPECT_FALSE(image.file_id);
    EXPECT_FALSE(image.detail);
}

INSTANTIATE_TEST_SUITE_P(
    table, image_format,
    ::testing::Values(
        format_case{"\x89PNG\r\n\x1a\n0123"sv, "data:image/png;base64,iVBORw0KGgowMTIz"},
        format_case{"\xff\xd8\xff\xe0\0\x10JFIF"sv, "data:image/jpeg;base64,/9j/4AAQSkZJRg=="},
        format_case{"GIF87a01"sv, "data:image/gif;base64,R0lGODdhMDE="},
        format_case{"GIF89a01"sv, "data:image/gif;base64,R0lGODlhMDE="},
        format_case{
            "RIFF\x24\0\0\0WEBPVP8 "sv, "data:image/webp;base64,UklGRiQAAABXRUJQVlA4IA=="}));

class not_an_image : public ::testing::TestWithParam<std::string_view>
{
};

TEST_P(not_an_image, is_refused_with_the_accepted_formats)
{
    try {
        (void)input_image::from_bytes(GetParam());
        FAIL() << "accepted";
    }
    catch (boost::system::system_error const& error) {
        EXPECT_EQ(error.code(), vidi::errc::invalid_request);
        for (char const* format : {"PNG", "JPEG", "GIF", "WebP"})
            EXPECT_NE(std::string_view{error.what()}.find(format), std::string_view::npos);
    }
}

INSTANTIATE_TEST_SUITE_P(
    table, not_an_image,
    ::testing::Values(
        ""sv, "<html>"sv, "BM6"sv, "II*\0"sv, "\x89PNG\r\n"sv, "\xff\xd8"sv, "GIF88a"sv,
        "RIFF\x24\0\0\0WAVEfmt "sv, "RIFF\x24\0\0\0WEB"sv, "RIFFWEBP"sv));

TEST(input_image, takes_any_media_type_that_is_given)
{
    EXPECT_EQ(
        input_image::from_bytes("abc", "image/tiff").image_url, "data:image/tiff;base64,YWJj");
}

TEST(input_image, from_url_and_from_file_id)
{
    EXPECT_EQ(input_image::from_url("https://x/y"), input_image{.image_url = "https://x/y"});
    EXPECT_EQ(input_image::from_file_id("file-1"), input_image{.file_id = "file-1"});
}

} // namespace
