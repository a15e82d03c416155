#include "emulator/digest.hpp"
#include "emulator/picture.hpp"
#include "support/pictures.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace std::literals;
using namespace vidi_test;
using vidi::emulation::decode_picture;
using vidi::emulation::picture_error;
using vidi::emulation::picture_facts;

constexpr colour orange{0xf0, 0x80, 0x10};
constexpr colour blue{0x10, 0x20, 0xc1};
// 0x80.8 is rounded up.
constexpr auto mean = "#805069";

std::string error_code_of(std::string const& bytes)
{
    try {
        decode_picture(bytes);
        return "none";
    }
    catch (picture_error const& error) {
        return error.code();
    }
}

void expect_facts(std::string const& bytes, char const* format, char const* mean_colour)
{
    picture_facts const expected{
        .format = format,
        .width = 40,
        .height = 30,
        .sha256 = vidi::emulation::sha256_hex(bytes),
        .mean_colour = mean_colour};
    auto const facts = decode_picture(bytes);
    EXPECT_EQ(facts, expected) << facts.format << ' ' << facts.width << 'x' << facts.height << ' '
                               << facts.mean_colour;
}

TEST(picture, every_kind_of_png_is_decoded)
{
    for (auto const kind :
         {png_kind::rgb, png_kind::rgb_interlaced, png_kind::rgba_transparent,
          png_kind::rgb_16_bits, png_kind::palette})
        expect_facts(make_png(40, 30, orange, blue, kind), "png", mean);
    expect_facts(make_png(40, 30, orange, blue, png_kind::grey), "png", "#808080");
}

TEST(picture, jpeg_is_decoded)
{
    // Grey survives lossy compression unchanged.
    expect_facts(make_jpeg(40, 30, {80, 80, 80}, {80, 80, 80}), "jpeg", "#505050");
}

TEST(picture, gif_is_decoded)
{
    expect_facts(make_gif(40, 30, orange, blue), "gif", mean);
    expect_facts(make_gif(40, 30, orange, blue, true), "gif", mean);
}

TEST(picture, background_of_a_gif_shows_beside_its_frame)
{
    auto const facts = decode_picture(make_small_frame_gif({100, 0, 0}, {200, 0, 0}));
    EXPECT_EQ(facts.width, 4u);
    EXPECT_EQ(facts.mean_colour, "#960000");
}

TEST(picture, webp_is_decoded) { expect_facts(make_webp(40, 30, orange, blue), "webp", mean); }

TEST(picture, digest_is_the_well_known_one)
{
    EXPECT_EQ(
        vidi::emulation::sha256_hex("abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(picture, what_is_no_picture_is_refused)
{
    EXPECT_EQ(error_code_of(""), "empty_image_file");
    EXPECT_EQ(error_code_of("<svg xmlns='http://www.w3.org/2000/svg'/>"), "invalid_image_format");
    EXPECT_EQ(error_code_of("\x89PNG\r\n\x1a\n"s), "image_parse_error");
    EXPECT_EQ(error_code_of("\xff\xd8\xff"s), "image_parse_error");
    EXPECT_EQ(error_code_of("GIF89a"), "image_parse_error");
    EXPECT_EQ(error_code_of("RIFF\x04\0\0\0WEBP"s), "image_parse_error");
}

TEST(picture, animations_are_refused)
{
    EXPECT_EQ(error_code_of(make_gif(8, 8, orange, blue, false, 2)), "invalid_image_format");
    auto const animated = "RIFF\x2a\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x07\0\0\x07\0\0"
                          "ANIM\x06\0\0\0\0\0\0\0\0\0"s;
    EXPECT_EQ(error_code_of(animated), "invalid_image_format");
}

TEST(picture, four_inks_are_refused)
{
    EXPECT_EQ(error_code_of(make_cmyk_jpeg(8, 8)), "invalid_image_mode");
}

TEST(picture, decompression_bombs_are_refused_before_memory_is_taken)
{
    EXPECT_EQ(error_code_of(make_png_head(0x7fffffff, 0x7fffffff)), "image_too_large");
    EXPECT_EQ(error_code_of(make_png_head(19'000, 19'000)), "image_too_large");
    EXPECT_EQ(error_code_of(make_png_head(20'001, 1)), "image_too_large");
    auto gif = make_gif(8, 8, orange, blue);
    gif.replace(6, 4, "\xff\xff\xff\xff");
    EXPECT_EQ(error_code_of(gif), "image_too_large");
}

class damaged : public ::testing::TestWithParam<char const*>
{
protected:
    static std::string picture()
    {
        auto const format = std::string_view{GetParam()};
        if (format == "png")
            return make_png(40, 30, orange, blue);
        if (format == "png interlaced")
            return make_png(40, 30, orange, blue, png_kind::rgb_interlaced);
        if (format == "jpeg")
            return make_jpeg(40, 30, orange, blue);
        return format == "gif" ? make_gif(40, 30, orange, blue) : make_webp(40, 30, orange, blue);
    }
};

TEST_P(damaged, no_true_beginning_is_a_picture)
{
    auto const whole = picture();
    ASSERT_EQ(error_code_of(whole), "none");
    for (std::size_t size = 0; size + 1 < whole.size(); ++size)
        EXPECT_NE(error_code_of(whole.substr(0, size)), "none") << size << " of " << whole.size();
}

TEST_P(damaged, a_changed_byte_is_an_error_or_another_picture)
{
    auto const whole = picture();
    auto const facts = decode_picture(whole);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        for (int const change : {0x01, 0x80, 0xff}) {
            auto changed = whole;
            changed[i] = static_cast<char>(changed[i] ^ change);
            try {
                EXPECT_NE(decode_picture(changed).sha256, facts.sha256);
            }
            catch (picture_error const& error) {
                EXPECT_STRNE(error.what(), "");
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    formats, damaged, ::testing::Values("png", "png interlaced", "jpeg", "gif", "webp"));

} // namespace
