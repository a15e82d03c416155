#pragma once

#include "emulator/picture.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace vidi::emulation {

/// A decoded picture: three bytes a pixel, red, green and blue, row by row.
struct pixels
{
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::vector<unsigned char> rgb;
};

/// Throws picture_error if a picture of these dimensions must not be decoded.
void check_dimensions(std::uint64_t width, std::uint64_t height);

/// Makes room for a picture. Throws as check_dimensions does.
pixels make_pixels(std::uint64_t width, std::uint64_t height);

[[noreturn]] void throw_damaged(char const* format);
[[noreturn]] void throw_animated();

// Each decodes one format and throws picture_error.
pixels decode_png(std::string_view bytes);
pixels decode_jpeg(std::string_view bytes);
pixels decode_gif(std::string_view bytes);
pixels decode_webp(std::string_view bytes);

} // namespace vidi::emulation
