#include "model/image_format.hpp"

namespace vidi::model {

std::string_view image_media_type(std::string_view bytes) noexcept
{
    using namespace std::string_view_literals;

    if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv))
        return "image/png";
    if (bytes.starts_with("\xff\xd8\xff"sv))
        return "image/jpeg";
    if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv))
        return "image/gif";
    // A RIFF container: the size of the file lies between the two names.
    if (bytes.starts_with("RIFF"sv) && bytes.substr(0, 12).ends_with("WEBP"sv) &&
        bytes.size() >= 12)
        return "image/webp";
    return {};
}

} // namespace vidi::model
