#pragma once

#include <string_view>

namespace vidi::model {

/// The media type of a picture, from its first bytes: PNG, JPEG, GIF or WebP, otherwise empty.
std::string_view image_media_type(std::string_view bytes) noexcept;

} // namespace vidi::model
