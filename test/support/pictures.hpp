#pragma once

#include <cstdint>
#include <string>

namespace vidi_test {

struct colour
{
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
};

enum class png_kind
{
    rgb,
    rgb_interlaced,
    rgba_transparent,
    rgb_16_bits,
    grey,
    palette,
};

// Each draws a picture whose upper half has one colour and whose lower half has another.

std::string make_png(int width, int height, colour upper, colour lower, png_kind kind = {});
std::string make_jpeg(int width, int height, colour upper, colour lower, int quality = 100);
std::string make_cmyk_jpeg(int width, int height);
std::string make_gif(
    int width, int height, colour upper, colour lower, bool interlaced = false, int frames = 1);
/// A frame in the middle of a wider canvas, whose background shows around it.
std::string make_small_frame_gif(colour background, colour frame);
std::string make_webp(int width, int height, colour upper, colour lower);

/// A PNG that claims to be of this size and has no pixels.
std::string make_png_head(std::uint32_t width, std::uint32_t height);

} // namespace vidi_test
