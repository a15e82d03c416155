#include "emulator/picture.hpp"

#include "emulator/digest.hpp"
#include "emulator/pixels.hpp"

#include <array>
#include <cstdio>

namespace vidi::emulation {
namespace {

using namespace std::literals;

// What a few kilobytes can claim to be must not cost more memory than this, in pixels.
constexpr std::uint64_t most_pixels = 50'000'000;
constexpr std::uint64_t longest_side = 20'000;

pixels decode(std::string_view format, std::string_view bytes)
{
    if (format == "png")
        return decode_png(bytes);
    if (format == "jpeg")
        return decode_jpeg(bytes);
    if (format == "gif")
        return decode_gif(bytes);
    return decode_webp(bytes);
}

std::string mean_colour(pixels const& picture)
{
    std::array<std::uint64_t, 3> sum{};
    for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
        sum[0] += picture.rgb[i];
        sum[1] += picture.rgb[i + 1];
        sum[2] += picture.rgb[i + 2];
    }
    auto const count = picture.rgb.size() / 3;
    auto const mean = [&](std::size_t channel) {
        return static_cast<unsigned>((sum[channel] + count / 2) / count);
    };
    char text[8];
    std::snprintf(text, sizeof text, "#%02x%02x%02x", mean(0) & 255, mean(1) & 255, mean(2) & 255);
    return text;
}

} // namespace

std::string_view sniff_format(std::string_view bytes) noexcept
{
    if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv))
        return "png";
    if (bytes.starts_with("\xff\xd8\xff"sv))
        return "jpeg";
    if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv))
        return "gif";
    if (bytes.starts_with("RIFF"sv) && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP"sv)
        return "webp";
    return {};
}

picture_facts decode_picture(std::string_view bytes)
{
    if (bytes.empty())
        throw picture_error("empty_image_file", "The image has no bytes.");
    auto const format = sniff_format(bytes);
    if (format.empty())
        throw picture_error(
            "invalid_image_format", "The image is none of PNG, JPEG, GIF and WebP.");
    auto const picture = decode(format, bytes);
    return {
        .format = std::string(format),
        .width = picture.width,
        .height = picture.height,
        .sha256 = sha256_hex(bytes),
        .mean_colour = mean_colour(picture)};
}

void check_dimensions(std::uint64_t width, std::uint64_t height)
{
    if (width == 0 || height == 0)
        throw picture_error("image_too_small", "The image has no pixels.");
    if (width > longest_side || height > longest_side || width * height > most_pixels)
        throw picture_error(
            "image_too_large", "An image of " + std::to_string(width) + " x " +
                                   std::to_string(height) + " pixels is too large.");
}

pixels make_pixels(std::uint64_t width, std::uint64_t height)
{
    check_dimensions(width, height);
    return {
        static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height),
        std::vector<unsigned char>(3 * width * height)};
}

void throw_damaged(char const* format)
{
    throw picture_error(
        "image_parse_error", std::string("The image is not a complete and valid ") + format + '.');
}

void throw_animated()
{
    throw picture_error("invalid_image_format", "Animated images are not supported.");
}

} // namespace vidi::emulation
