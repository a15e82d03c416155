#include <vidi/content.hpp>
#include <vidi/error.hpp>

#include "model/base64.hpp"
#include "model/image_format.hpp"

#include <boost/system/system_error.hpp>

#include <utility>

namespace vidi {

input_image input_image::from_url(std::string url) { return {.image_url = std::move(url)}; }

input_image input_image::from_bytes(std::string_view bytes)
{
    std::string_view const media_type = model::image_media_type(bytes);
    if (media_type.empty())
        throw boost::system::system_error(
            errc::invalid_request,
            "the picture is none of PNG, JPEG, GIF and WebP, the formats that are accepted");
    return from_bytes(bytes, media_type);
}

input_image input_image::from_bytes(std::string_view bytes, std::string_view media_type)
{
    constexpr std::string_view scheme = "data:";
    constexpr std::string_view encoding = ";base64,";

    std::string url;
    url.reserve(
        scheme.size() + media_type.size() + encoding.size() + model::base64_size(bytes.size()));
    url.append(scheme).append(media_type).append(encoding);
    model::append_base64(url, bytes);
    return from_url(std::move(url));
}

input_image input_image::from_file_id(std::string id) { return {.file_id = std::move(id)}; }

} // namespace vidi
