#include "image.hpp"

#include "descriptor.hpp"

#include <boost/system/system_error.hpp>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

namespace vidi_tool {
namespace {

// The API takes 512 MB a request, and base64 makes four bytes of three.
constexpr off_t largest_file = off_t{384} * 1'000'000;

std::string reason(int error) { return std::generic_category().message(error); }

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) noexcept
{
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return text.size() >= prefix.size() &&
           std::ranges::equal(text.substr(0, prefix.size()), prefix, {}, lower);
}

bool has_scheme(std::string_view name) noexcept
{
    return starts_with_ignoring_case(name, "data:") || name.find("://") != std::string_view::npos;
}

std::string read_rest(int file, std::size_t expected)
{
    std::string bytes(expected + 1, '\0');
    std::size_t size = 0;
    for (;;) {
        auto const count = ::read(file, bytes.data() + size, bytes.size() - size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw image_error("cannot be read: " + reason(errno));
        if (count == 0)
            break;
        size += static_cast<std::size_t>(count);
        if (size > static_cast<std::size_t>(largest_file))
            throw image_error("is larger than the API accepts");
        if (size == bytes.size())
            bytes.resize(2 * size);
    }
    bytes.resize(size);
    return bytes;
}

std::string read_picture(std::string const& name)
{
    // Not blocking, because opening a pipe would wait for somebody to write to it.
    descriptor const file{::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!file)
        throw image_error("cannot be opened: " + reason(errno));
    struct stat status
    {
    };
    if (::fstat(file.get(), &status) != 0)
        throw image_error("cannot be read: " + reason(errno));
    if (!S_ISREG(status.st_mode))
        throw image_error("is not a file");
    if (status.st_size > largest_file)
        throw image_error("is larger than the API accepts");
    return read_rest(file.get(), static_cast<std::size_t>(status.st_size));
}

} // namespace

bool is_web_url(std::string_view name) noexcept
{
    return starts_with_ignoring_case(name, "http://") ||
           starts_with_ignoring_case(name, "https://");
}

vidi::input_image load_image(std::string const& name)
{
    if (is_web_url(name))
        return vidi::input_image::from_url(name);
    if (name.find('\0') != std::string::npos)
        throw image_error("is no name of a file");
    try {
        return vidi::input_image::from_bytes(read_picture(name));
    }
    catch (image_error const&) {
        if (has_scheme(name))
            throw image_error("is neither an http or https URL nor a file");
        throw;
    }
    catch (boost::system::system_error const&) {
        throw image_error("is not a PNG, JPEG, GIF or WebP picture");
    }
}

} // namespace vidi_tool
