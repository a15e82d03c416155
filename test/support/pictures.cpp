#include "support/pictures.hpp"

#include <gif_lib.h>
#include <jpeglib.h>
#include <png.h>
#include <zlib.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>
#include <webp/encode.h>

namespace vidi_test {
namespace {

using bytes = std::vector<std::uint8_t>;

std::size_t count(int n) { return static_cast<std::size_t>(n); }

void expect(bool good)
{
    if (!good)
        throw std::runtime_error("cannot make a picture");
}

// The rows of such a picture, with each component of a pixel once or more often.
bytes make_rows(
    int width, int height, colour upper, colour lower, int repeat = 1, bool alpha = false)
{
    bytes rows;
    for (int y = 0; y < height; ++y) {
        auto const c = y < height / 2 ? upper : lower;
        for (int x = 0; x < width; ++x) {
            for (auto const component : {c.red, c.green, c.blue})
                rows.insert(rows.end(), count(repeat), component);
            if (alpha)
                rows.push_back(0);
        }
    }
    return rows;
}

void append(png_structp png, png_bytep data, std::size_t size)
{
    static_cast<std::string*>(png_get_io_ptr(png))
        ->append(reinterpret_cast<char const*>(data), size);
}

void flush(png_structp) {}

std::string encode_png(
    int width, int height, bytes rows, int depth, int type, int interlace,
    std::vector<png_color> const& palette = {})
{
    std::string result;
    auto png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    auto info = png_create_info_struct(png);
    png_set_write_fn(png, &result, append, flush);
    png_set_IHDR(
        png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), depth, type,
        interlace, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (!palette.empty())
        png_set_PLTE(png, info, palette.data(), static_cast<int>(palette.size()));
    png_write_info(png, info);
    auto const stride = rows.size() / count(height);
    std::vector<png_bytep> pointers;
    for (int y = 0; y < height; ++y)
        pointers.push_back(rows.data() + stride * count(y));
    png_write_image(png, pointers.data());
    png_write_end(png, nullptr);
    png_destroy_write_struct(&png, &info);
    return result;
}

bytes make_halves(int width, int height, std::uint8_t upper, std::uint8_t lower)
{
    auto rows = bytes(count(width) * count(height / 2), upper);
    rows.resize(count(width) * count(height), lower);
    return rows;
}

std::string
encode_jpeg(int width, int height, bytes rows, int components, J_COLOR_SPACE space, int quality)
{
    jpeg_error_mgr errors{};
    jpeg_compress_struct state{};
    state.err = jpeg_std_error(&errors);
    jpeg_create_compress(&state);
    unsigned char* data = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&state, &data, &size);
    state.image_width = static_cast<JDIMENSION>(width);
    state.image_height = static_cast<JDIMENSION>(height);
    state.input_components = components;
    state.in_color_space = space;
    jpeg_set_defaults(&state);
    jpeg_set_quality(&state, quality, TRUE);
    jpeg_start_compress(&state, TRUE);
    while (state.next_scanline < state.image_height) {
        auto row = rows.data() + count(width) * count(components) * state.next_scanline;
        jpeg_write_scanlines(&state, &row, 1);
    }
    jpeg_finish_compress(&state);
    jpeg_destroy_compress(&state);
    std::string result(reinterpret_cast<char const*>(data), size);
    std::free(data);
    return result;
}

int append_gif(GifFileType* gif, GifByteType const* data, int size)
{
    static_cast<std::string*>(gif->UserData)
        ->append(reinterpret_cast<char const*>(data), count(size));
    return size;
}

class gif_writer
{
public:
    gif_writer(int width, int height, colour first, colour second)
    {
        GifColorType colours[] = {
            {first.red, first.green, first.blue}, {second.red, second.green, second.blue}};
        gif_ = EGifOpen(&result_, append_gif, nullptr);
        expect(gif_ != nullptr);
        colours_ = GifMakeMapObject(2, colours);
        expect(EGifPutScreenDesc(gif_, width, height, 8, 0, colours_) == GIF_OK);
    }

    ~gif_writer() { GifFreeMapObject(colours_); }

    gif_writer(gif_writer const&) = delete;
    gif_writer& operator=(gif_writer const&) = delete;

    void add_frame(int left, int top, int width, int height, bytes pixels, bool interlaced)
    {
        expect(EGifPutImageDesc(gif_, left, top, width, height, interlaced, nullptr) == GIF_OK);
        auto const put = [&](int first, int step) {
            for (int y = first; y < height; y += step)
                expect(EGifPutLine(gif_, pixels.data() + count(y) * count(width), width) == GIF_OK);
        };
        if (!interlaced)
            return put(0, 1);
        put(0, 8);
        put(4, 8);
        put(2, 4);
        put(1, 2);
    }

    std::string finish()
    {
        expect(EGifCloseFile(gif_, nullptr) == GIF_OK);
        return result_;
    }

private:
    std::string result_;
    GifFileType* gif_ = nullptr;
    ColorMapObject* colours_ = nullptr;
};

void append_number(std::string& to, std::uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        to.push_back(static_cast<char>(number >> shift & 255));
}

std::string png_chunk(std::string const& type_and_data)
{
    std::string chunk;
    append_number(chunk, static_cast<std::uint32_t>(type_and_data.size() - 4));
    chunk += type_and_data;
    auto const sum = crc32(
        0, reinterpret_cast<Bytef const*>(type_and_data.data()),
        static_cast<uInt>(type_and_data.size()));
    append_number(chunk, static_cast<std::uint32_t>(sum));
    return chunk;
}

} // namespace

std::string make_png(int width, int height, colour upper, colour lower, png_kind kind)
{
    auto const none = PNG_INTERLACE_NONE;
    switch (kind) {
    case png_kind::rgb:
        break;
    case png_kind::rgb_interlaced:
        return encode_png(
            width, height, make_rows(width, height, upper, lower), 8, PNG_COLOR_TYPE_RGB,
            PNG_INTERLACE_ADAM7);
    case png_kind::rgba_transparent:
        return encode_png(
            width, height, make_rows(width, height, upper, lower, 1, true), 8,
            PNG_COLOR_TYPE_RGB_ALPHA, none);
    case png_kind::rgb_16_bits:
        return encode_png(
            width, height, make_rows(width, height, upper, lower, 2), 16, PNG_COLOR_TYPE_RGB, none);
    case png_kind::grey:
        return encode_png(
            width, height, make_halves(width, height, upper.red, lower.red), 8, PNG_COLOR_TYPE_GRAY,
            none);
    case png_kind::palette:
        return encode_png(
            width, height, make_halves(width, height, 0, 1), 8, PNG_COLOR_TYPE_PALETTE, none,
            {{upper.red, upper.green, upper.blue}, {lower.red, lower.green, lower.blue}});
    }
    return encode_png(
        width, height, make_rows(width, height, upper, lower), 8, PNG_COLOR_TYPE_RGB, none);
}

std::string make_jpeg(int width, int height, colour upper, colour lower, int quality)
{
    return encode_jpeg(width, height, make_rows(width, height, upper, lower), 3, JCS_RGB, quality);
}

std::string make_cmyk_jpeg(int width, int height)
{
    return encode_jpeg(
        width, height, bytes(count(width) * count(height) * 4, 100), 4, JCS_CMYK, 90);
}

std::string make_gif(int width, int height, colour upper, colour lower, bool interlaced, int frames)
{
    gif_writer writer{width, height, upper, lower};
    for (int i = 0; i < frames; ++i)
        writer.add_frame(0, 0, width, height, make_halves(width, height, 0, 1), interlaced);
    return writer.finish();
}

std::string make_small_frame_gif(colour background, colour frame)
{
    gif_writer writer{4, 2, background, frame};
    writer.add_frame(1, 0, 2, 2, bytes(4, 1), false);
    return writer.finish();
}

std::string make_webp(int width, int height, colour upper, colour lower)
{
    auto const rows = make_rows(width, height, upper, lower);
    std::uint8_t* data = nullptr;
    auto const size = WebPEncodeLosslessRGB(rows.data(), width, height, 3 * width, &data);
    expect(size != 0);
    std::string result(reinterpret_cast<char const*>(data), size);
    WebPFree(data);
    return result;
}

std::string make_png_head(std::uint32_t width, std::uint32_t height)
{
    std::string head("IHDR");
    append_number(head, width);
    append_number(head, height);
    head.append("\x08\x02\x00\x00\x00", 5);
    std::string const no_pixels("IDAT\x78\x9c\x03\x00\x00\x00\x00\x01", 12);
    return "\x89PNG\r\n\x1a\n" + png_chunk(head) + png_chunk(no_pixels) + png_chunk("IEND");
}

} // namespace vidi_test
