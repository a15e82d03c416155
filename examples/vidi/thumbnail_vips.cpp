#include <vidi/content.hpp>

#include "descriptor.hpp"
#include "thumbnail.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <memory>
#include <vips/vips.h>

namespace vidi_tool {
namespace {

// A picture of more pixels is not decoded: a small file can claim any number of them.
constexpr std::int64_t most_pixels = 200'000'000;
constexpr int quality = 70;

struct unreference
{
    void operator()(void* object) const noexcept { g_object_unref(object); }
};
template <class Object>
using reference = std::unique_ptr<Object, unreference>;

void say_nothing(char const*, GLogLevelFlags, char const*, void*) {}

// Of the many formats that the library knows, only those that can have been sent. It would say on
// standard error what is wrong with a picture, line by line of it.
bool start_library()
{
    if (VIPS_INIT("vidi") != 0)
        return false;
    g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING, &say_nothing, nullptr);
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    for (auto const* loader :
         {"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadNsgif",
          "VipsForeignLoadWebp"})
        vips_operation_block_set(loader, FALSE);
    return true;
}

// Not blocking, because opening a pipe would wait for somebody to write to it.
descriptor open_file(std::string const& file)
{
    descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat status
    {
    };
    if (!opened || ::fstat(opened.get(), &status) != 0 || !S_ISREG(status.st_mode))
        return {};
    return opened;
}

bool is_decodable(VipsSource* source)
{
    reference<VipsImage> const picture{
        vips_image_new_from_source(source, "", "access", VIPS_ACCESS_SEQUENTIAL, nullptr)};
    if (!picture)
        return false;
    return std::int64_t{vips_image_get_width(picture.get())} *
               vips_image_get_height(picture.get()) <=
           most_pixels;
}

reference<VipsImage> shrink(VipsSource* source, unsigned pixels)
{
    VipsImage* result = nullptr;
    auto const side = static_cast<int>(pixels);
    vips_thumbnail_source(source, &result, side, "height", side, "size", VIPS_SIZE_DOWN, nullptr);
    return reference<VipsImage>{result};
}

std::string data_url(VipsImage* picture)
{
    void* bytes = nullptr;
    std::size_t size = 0;
    if (vips_webpsave_buffer(picture, &bytes, &size, "Q", quality, "strip", TRUE, nullptr) != 0)
        return {};
    std::unique_ptr<void, decltype(&g_free)> const owner{bytes, &g_free};
    auto const image =
        vidi::input_image::from_bytes({static_cast<char const*>(bytes), size}, "image/webp");
    return image.image_url.value_or("");
}

std::string make(std::string const& file, unsigned pixels)
{
    auto const opened = open_file(file);
    if (!opened)
        return {};
    reference<VipsSource> const source{vips_source_new_from_descriptor(opened.get())};
    if (!source || !is_decodable(source.get()))
        return {};
    auto const picture = shrink(source.get(), pixels);
    return picture ? data_url(picture.get()) : std::string{};
}

} // namespace

std::string make_thumbnail(std::string const& file, unsigned pixels)
{
    static bool const works = start_library();
    if (!works || file.find('\0') != file.npos)
        return {};
    auto result = make(file, pixels);
    vips_error_clear();
    return result;
}

} // namespace vidi_tool
