#include "emulator/picture_shelf.hpp"

#include "emulator/digest.hpp"
#include "emulator/picture.hpp"

#include <algorithm>
#include <stdexcept>

namespace vidi::emulation {
namespace {

bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"-._~"}.find(c) != std::string_view::npos;
}

std::string media_type_of(std::string_view bytes)
{
    auto const format = sniff_format(bytes);
    return format.empty() ? "application/octet-stream" : "image/" + std::string(format);
}

} // namespace

void picture_shelf::add(std::string name, std::string bytes)
{
    if (name.empty() || name == "." || name == ".." || !std::ranges::all_of(name, is_plain))
        throw std::invalid_argument("'" + name + "' cannot be the name of a picture");
    auto picture = std::make_shared<shelved_picture>();
    picture->sha256 = sha256_hex(bytes);
    picture->media_type = media_type_of(bytes);
    picture->bytes = std::move(bytes);
    std::scoped_lock const lock{mutex_};
    pictures_[std::move(name)] = std::move(picture);
}

std::shared_ptr<shelved_picture const> picture_shelf::find(std::string_view url_path) const
{
    if (!url_path.starts_with(path))
        return nullptr;
    std::scoped_lock const lock{mutex_};
    auto const found = pictures_.find(url_path.substr(path.size()));
    return found == pictures_.end() ? nullptr : found->second;
}

} // namespace vidi::emulation
