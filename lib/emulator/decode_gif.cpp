#include "emulator/pixels.hpp"

#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace vidi::emulation {
namespace {

int read_input(GifFileType* gif, GifByteType* to, int size)
{
    auto const from = static_cast<std::string_view*>(gif->UserData);
    auto const count = std::min(from->size(), static_cast<std::size_t>(size));
    std::memcpy(to, from->data(), count);
    from->remove_prefix(count);
    return static_cast<int>(count);
}

struct closer
{
    void operator()(GifFileType* gif) const noexcept { DGifCloseFile(gif, nullptr); }
};

using gif_ptr = std::unique_ptr<GifFileType, closer>;

void expect(bool good)
{
    if (!good)
        throw_damaged("GIF");
}

void put(unsigned char* pixel, ColorMapObject const& colours, int index)
{
    expect(index >= 0 && index < colours.ColorCount);
    auto const& colour = colours.Colors[index];
    pixel[0] = colour.Red;
    pixel[1] = colour.Green;
    pixel[2] = colour.Blue;
}

// What the frame does not cover shows the background.
void fill_background(GifFileType const& gif, pixels& picture)
{
    if (!gif.SColorMap || gif.SBackGroundColor >= gif.SColorMap->ColorCount)
        return;
    for (std::size_t i = 0; i < picture.rgb.size(); i += 3)
        put(&picture.rgb[i], *gif.SColorMap, gif.SBackGroundColor);
}

struct rectangle
{
    std::uint32_t left;
    std::uint32_t top;
    std::uint32_t width;
    std::uint32_t height;
};

rectangle frame_of(GifFileType const& gif, pixels const& picture)
{
    auto const& image = gif.Image;
    expect(image.Left >= 0 && image.Top >= 0 && image.Width > 0 && image.Height > 0);
    rectangle const frame{
        static_cast<std::uint32_t>(image.Left), static_cast<std::uint32_t>(image.Top),
        static_cast<std::uint32_t>(image.Width), static_cast<std::uint32_t>(image.Height)};
    expect(frame.left + frame.width <= picture.width);
    expect(frame.top + frame.height <= picture.height);
    return frame;
}

std::vector<std::uint32_t> row_order(std::uint32_t height, bool interlaced)
{
    std::vector<std::uint32_t> rows;
    auto const add = [&](std::uint32_t first, std::uint32_t step) {
        for (auto row = first; row < height; row += step)
            rows.push_back(row);
    };
    if (!interlaced) {
        add(0, 1);
        return rows;
    }
    add(0, 8);
    add(4, 8);
    add(2, 4);
    add(1, 2);
    return rows;
}

void read_frame(GifFileType& gif, pixels& picture)
{
    expect(DGifGetImageDesc(&gif) == GIF_OK);
    auto const frame = frame_of(gif, picture);
    auto const colours = gif.Image.ColorMap ? gif.Image.ColorMap : gif.SColorMap;
    expect(colours != nullptr);
    std::vector<GifPixelType> line(frame.width);
    for (auto const row : row_order(frame.height, gif.Image.Interlace)) {
        expect(DGifGetLine(&gif, line.data(), static_cast<int>(frame.width)) == GIF_OK);
        auto const offset = std::size_t{frame.top + row} * picture.width + frame.left;
        auto pixel = picture.rgb.data() + 3 * offset;
        for (auto const index : line) {
            put(pixel, *colours, index);
            pixel += 3;
        }
    }
}

void skip_extension(GifFileType& gif)
{
    int code = 0;
    GifByteType* block = nullptr;
    expect(DGifGetExtension(&gif, &code, &block) == GIF_OK);
    while (block)
        expect(DGifGetExtensionNext(&gif, &block) == GIF_OK);
}

} // namespace

pixels decode_gif(std::string_view bytes)
{
    gif_ptr const gif{DGifOpen(&bytes, read_input, nullptr)};
    expect(gif != nullptr);
    auto picture = make_pixels(
        static_cast<std::uint32_t>(gif->SWidth), static_cast<std::uint32_t>(gif->SHeight));
    fill_background(*gif, picture);
    for (int frames = 0;;) {
        GifRecordType record{};
        expect(DGifGetRecordType(gif.get(), &record) == GIF_OK);
        if (record == IMAGE_DESC_RECORD_TYPE) {
            if (++frames > 1)
                throw_animated();
            read_frame(*gif, picture);
        }
        else if (record == EXTENSION_RECORD_TYPE) {
            skip_extension(*gif);
        }
        else {
            expect(record == TERMINATE_RECORD_TYPE && frames == 1);
            return picture;
        }
    }
}

} // namespace vidi::emulation
