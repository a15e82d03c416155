#include "image.hpp"
#include "thumbnail.hpp"

#include <sys/stat.h>

#include <variant>

namespace vidi_tool {
namespace {

constexpr off_t largest_original = off_t{24} * 1024;

bool is_small(std::string const& file)
{
    struct stat status
    {
    };
    return ::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           status.st_size <= largest_original;
}

} // namespace

// The browser scales it down.
std::string make_thumbnail(std::string const& file, unsigned)
{
    if (is_web_url(file) || file.find('\0') != file.npos || !is_small(file))
        return {};
    try {
        return load_image(file).image_url.value_or("");
    }
    catch (image_error const&) {
        return {};
    }
}

} // namespace vidi_tool
