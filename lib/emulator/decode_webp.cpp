#include "emulator/pixels.hpp"

#include <webp/decode.h>

namespace vidi::emulation {

pixels decode_webp(std::string_view bytes)
{
    auto const data = reinterpret_cast<std::uint8_t const*>(bytes.data());
    WebPBitstreamFeatures features{};
    if (WebPGetFeatures(data, bytes.size(), &features) != VP8_STATUS_OK)
        throw_damaged("WebP");
    if (features.has_animation)
        throw_animated();
    auto picture = make_pixels(
        static_cast<std::uint32_t>(features.width), static_cast<std::uint32_t>(features.height));
    auto const stride = 3 * features.width;
    if (!WebPDecodeRGBInto(data, bytes.size(), picture.rgb.data(), picture.rgb.size(), stride))
        throw_damaged("WebP");
    return picture;
}

} // namespace vidi::emulation
