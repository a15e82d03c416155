#include "emulator/token_count.hpp"

#include <algorithm>
#include <cmath>

namespace vidi::emulation {
namespace {

struct size
{
    double width;
    double height;
};

bool is_ascii(char c) { return (c & 0x80) == 0; }
bool continues_character(char c) { return (c & 0xc0) == 0x80; }

size shrink(size s, double factor)
{
    factor = std::min(factor, 1.0);
    return {s.width * factor, s.height * factor};
}

size fit_in_square(size s, double side) { return shrink(s, side / std::max(s.width, s.height)); }

double count_squares(size s, double side)
{
    return std::ceil(s.width / side) * std::ceil(s.height / side);
}

// Scales so that the whole patches, not only the area, stay within the limit.
size fit_in_patches(size s, double most)
{
    if (count_squares(s, 32) <= most)
        return s;
    auto const scaled = shrink(s, std::sqrt(32 * 32 * most / (s.width * s.height)));
    auto const across = scaled.width / 32;
    auto const down = scaled.height / 32;
    auto const slack = std::min(
        std::max(1.0, std::floor(across)) / across, std::max(1.0, std::floor(down)) / down);
    return shrink(scaled, slack);
}

std::uint64_t count_patch_tokens(model_family const& family, std::string_view detail, size s)
{
    if (detail == "low")
        s = fit_in_square(s, 512);
    else if (family.most_patches != 0) {
        bool const original = detail == "original" && family.takes_original;
        s = fit_in_square(s, original ? 6000 : 2048);
        s = fit_in_patches(s, original ? 10'000 : family.most_patches);
    }
    return static_cast<std::uint64_t>(std::ceil(count_squares(s, 32) * family.tokens_per_patch));
}

std::uint64_t count_tile_tokens(model_family const& family, std::string_view detail, size s)
{
    if (detail == "low")
        return family.base_tokens;
    s = fit_in_square(s, 2048);
    s = shrink(s, 768 / std::min(s.width, s.height));
    return family.base_tokens +
           static_cast<std::uint64_t>(count_squares(s, 512)) * family.tokens_per_tile;
}

} // namespace

std::uint64_t count_text_tokens(std::string_view text)
{
    std::uint64_t ascii = 0;
    std::uint64_t others = 0;
    for (char const c : text) {
        ascii += is_ascii(c);
        others += !is_ascii(c) && !continues_character(c);
    }
    return (ascii + 3) / 4 + others;
}

std::string_view cut_to_tokens(std::string_view text, std::uint64_t tokens)
{
    // In quarters of a token.
    std::uint64_t ascii = 0;
    std::uint64_t others = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        ascii += is_ascii(text[i]);
        others += !is_ascii(text[i]) && !continues_character(text[i]);
        if ((ascii + 3) / 4 + others > tokens)
            return text.substr(0, i);
    }
    return text;
}

std::uint64_t count_picture_tokens(
    model_family const& family, std::string_view detail, std::uint32_t width, std::uint32_t height)
{
    size const s{static_cast<double>(width), static_cast<double>(height)};
    return family.counts_patches ? count_patch_tokens(family, detail, s)
                                 : count_tile_tokens(family, detail, s);
}

} // namespace vidi::emulation
