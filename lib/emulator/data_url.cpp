#include "emulator/data_url.hpp"

#include "emulator/message.hpp"
#include "emulator/picture.hpp"

#include <algorithm>
#include <array>

namespace vidi::emulation {
namespace {

constexpr std::string_view scheme = "data:";
constexpr std::string_view marker = ";base64";

constexpr std::array<std::string_view, 4> media_types{
    "image/png", "image/jpeg", "image/gif", "image/webp"};

constexpr unsigned char invalid = 255;

constexpr auto make_table()
{
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::array<unsigned char, 256> table{};
    table.fill(invalid);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<unsigned char>(i);
    return table;
}

constexpr auto table = make_table();

// Decodes whole groups of four digits. Returns whether all were digits.
bool decode_groups(std::string_view text, char* to)
{
    unsigned char bad = 0;
    for (std::size_t i = 0; i < text.size(); i += 4) {
        std::array<unsigned, 4> digit{};
        for (std::size_t j = 0; j < 4; ++j)
            digit[j] = table[static_cast<unsigned char>(text[i + j])];
        bad = static_cast<unsigned char>(bad | ((digit[0] | digit[1] | digit[2] | digit[3]) & 192));
        *to++ = static_cast<char>(digit[0] << 2 | digit[1] >> 4);
        *to++ = static_cast<char>(digit[1] << 4 | digit[2] >> 2);
        *to++ = static_cast<char>(digit[2] << 6 | digit[3]);
    }
    return bad == 0;
}

void check_media_type(std::string const& type)
{
    if (std::ranges::find(media_types, type) == media_types.end())
        throw picture_error(
            "unsupported_image_media_type",
            "The media type '" + type +
                "' is not one of image/png, image/jpeg, image/gif and "
                "image/webp.");
}

} // namespace

bool is_data_url(std::string_view url) noexcept
{
    return equal_ignoring_case(url.substr(0, scheme.size()), scheme);
}

data_url decode_data_url(std::string_view url)
{
    auto const comma = url.find(',');
    if (!is_data_url(url) || comma == std::string_view::npos ||
        !url.substr(0, comma).ends_with(marker))
        throw picture_error(
            "invalid_image_url", "A data URL of an image must look like data:image/png;base64,...");
    auto const head = url.substr(scheme.size(), comma - scheme.size() - marker.size());
    data_url result{.media_type = std::string(head.substr(0, head.find(';'))), .bytes = {}};
    check_media_type(result.media_type);
    auto bytes = decode_base64(url.substr(comma + 1));
    if (!bytes)
        throw picture_error(
            "invalid_base64_image", "The data of the image URL is not valid Base64.");
    result.bytes = std::move(*bytes);
    return result;
}

std::optional<std::string> decode_base64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return std::nullopt;
    if (text.empty())
        return std::string();
    std::size_t const padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    std::string bytes(text.size() / 4 * 3, '\0');
    std::string last(text.substr(text.size() - 4));
    std::fill_n(last.end() - static_cast<std::ptrdiff_t>(padding), padding, 'A');
    if (!decode_groups(text.substr(0, text.size() - 4), bytes.data()) ||
        !decode_groups(last, bytes.data() + bytes.size() - 3))
        return std::nullopt;
    // The bits that padding cuts off must be zero.
    auto const cut = std::string_view{bytes}.substr(bytes.size() - padding);
    if (std::ranges::any_of(cut, [](char c) { return c != 0; }))
        return std::nullopt;
    bytes.resize(bytes.size() - padding);
    return bytes;
}

} // namespace vidi::emulation
