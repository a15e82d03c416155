#pragma once

#include <vidi/content.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace vidi_tool {

/// Why an image cannot be sent, in words that follow its name.
class image_error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// What an image that cannot be read is called among the failures.
inline constexpr char const* unreadable_image = "unreadable_image";

/// Whether the name of an image is an http or https URL; anything else is a file.
bool is_web_url(std::string_view name) noexcept;

/// The image of that name: a URL as it is, a file with its content.
/// @throws image_error The file cannot be read, or is no picture.
vidi::input_image load_image(std::string const& name);

} // namespace vidi_tool
