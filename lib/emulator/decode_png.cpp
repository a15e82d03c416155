#include "emulator/pixels.hpp"

#include <png.h>

#include <csetjmp>
#include <cstring>

namespace vidi::emulation {
namespace {

struct input
{
    char const* next;
    std::size_t left;
};

void read_input(png_structp png, png_bytep to, std::size_t size)
{
    auto const from = static_cast<input*>(png_get_io_ptr(png));
    if (size > from->left)
        png_error(png, "truncated");
    std::memcpy(to, from->next, size);
    from->next += size;
    from->left -= size;
}

void fail(png_structp png, png_const_charp) { png_longjmp(png, 1); }

void ignore(png_structp, png_const_charp) {}

class reader
{
public:
    explicit reader(std::string_view bytes) : input_{bytes.data(), bytes.size()}
    {
        png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, fail, ignore);
        if (!png_ || !(info_ = png_create_info_struct(png_)))
            throw std::bad_alloc();
        png_set_read_fn(png_, &input_, read_input);
        png_set_user_limits(png_, 0x7fffffff, 0x7fffffff);
    }

    ~reader() { png_destroy_read_struct(&png_, &info_, nullptr); }

    reader(reader const&) = delete;
    reader& operator=(reader const&) = delete;

    // libpng leaves the following functions by longjmp, so that they have no object to destroy.

    bool read_head() noexcept
    {
        if (setjmp(png_jmpbuf(png_)))
            return false;
        png_read_info(png_, info_);
        return true;
    }

    bool set_up() noexcept
    {
        if (setjmp(png_jmpbuf(png_)))
            return false;
        png_set_expand(png_);
        png_set_scale_16(png_);
        png_set_gray_to_rgb(png_);
        png_set_strip_alpha(png_);
        passes_ = png_set_interlace_handling(png_);
        png_read_update_info(png_, info_);
        return png_get_rowbytes(png_, info_) == std::size_t{3} * width();
    }

    bool read_rows(unsigned char* rgb) noexcept
    {
        if (setjmp(png_jmpbuf(png_)))
            return false;
        for (int pass = 0; pass < passes_; ++pass)
            for (png_uint_32 row = 0; row < height(); ++row)
                png_read_row(png_, rgb + std::size_t{3} * width() * row, nullptr);
        png_read_end(png_, nullptr);
        return true;
    }

    png_uint_32 width() const noexcept { return png_get_image_width(png_, info_); }
    png_uint_32 height() const noexcept { return png_get_image_height(png_, info_); }

private:
    input input_;
    png_structp png_ = nullptr;
    png_infop info_ = nullptr;
    int passes_ = 1;
};

} // namespace

pixels decode_png(std::string_view bytes)
{
    reader reader{bytes};
    if (!reader.read_head())
        throw_damaged("PNG");
    auto picture = make_pixels(reader.width(), reader.height());
    if (!reader.set_up() || !reader.read_rows(picture.rgb.data()))
        throw_damaged("PNG");
    return picture;
}

} // namespace vidi::emulation
