#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace vidi::emulation {

/// What only someone who has all the bytes of a picture can know.
struct picture_facts
{
    std::string format;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::string sha256;
    /// Like "#7f9fbf".
    std::string mean_colour;

    bool operator==(picture_facts const&) const = default;
};

/// Why some bytes are not a picture that the API takes.
class picture_error : public std::runtime_error
{
public:
    picture_error(char const* code, std::string const& message)
        : std::runtime_error(message), code_{code}
    {
    }

    /// One of the API's codes, like `invalid_image_format`.
    char const* code() const noexcept { return code_; }

private:
    char const* code_;
};

/// The format of some bytes, by their beginning: png, jpeg, gif, webp; empty if it is another.
std::string_view sniff_format(std::string_view bytes) noexcept;

/// Decodes a picture. Throws picture_error.
picture_facts decode_picture(std::string_view bytes);

} // namespace vidi::emulation
