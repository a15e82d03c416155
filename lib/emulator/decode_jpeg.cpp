#include "emulator/pixels.hpp"

#include <jpeglib.h>

#include <csetjmp>
#include <cstdio>
// Uses what jpeglib.h declares.
#include <jerror.h>

namespace vidi::emulation {
namespace {

struct error_manager
{
    jpeg_error_mgr base;
    std::jmp_buf escape;
};

void fail(j_common_ptr state)
{
    std::longjmp(reinterpret_cast<error_manager*>(state->err)->escape, 1);
}

// libjpeg goes on after damaged data with pixels of its own invention, after a mere warning.
void judge(j_common_ptr state, int level)
{
    if (level < 0 && state->err->msg_code != JWRN_EXTRANEOUS_DATA)
        fail(state);
}

void keep_quiet(j_common_ptr) {}

// A few kilobytes can demand thousands of passes over a large picture.
constexpr int most_scans = 200;

void limit_scans(j_common_ptr state)
{
    if (reinterpret_cast<j_decompress_ptr>(state)->input_scan_number > most_scans)
        fail(state);
}

class reader
{
public:
    explicit reader(std::string_view bytes) : bytes_{bytes}
    {
        state_.err = jpeg_std_error(&errors_.base);
        errors_.base.error_exit = fail;
        errors_.base.emit_message = judge;
        errors_.base.output_message = keep_quiet;
    }

    ~reader() { jpeg_destroy_decompress(&state_); }

    reader(reader const&) = delete;
    reader& operator=(reader const&) = delete;

    // libjpeg leaves the following functions by longjmp, so that they have no object to destroy.

    bool read_head() noexcept
    {
        if (setjmp(errors_.escape))
            return false;
        jpeg_create_decompress(&state_);
        progress_.progress_monitor = limit_scans;
        state_.progress = &progress_;
        jpeg_mem_src(&state_, reinterpret_cast<unsigned char const*>(bytes_.data()), bytes_.size());
        return jpeg_read_header(&state_, TRUE) == JPEG_HEADER_OK;
    }

    bool read_rows(unsigned char* rgb) noexcept
    {
        if (setjmp(errors_.escape))
            return false;
        state_.out_color_space = JCS_RGB;
        jpeg_start_decompress(&state_);
        while (state_.output_scanline < state_.output_height) {
            JSAMPROW row = rgb + std::size_t{3} * state_.output_width * state_.output_scanline;
            jpeg_read_scanlines(&state_, &row, 1);
        }
        return jpeg_finish_decompress(&state_) == TRUE;
    }

    std::uint32_t width() const noexcept { return state_.image_width; }
    std::uint32_t height() const noexcept { return state_.image_height; }

    bool has_colours() const noexcept
    {
        return state_.jpeg_color_space == JCS_GRAYSCALE || state_.jpeg_color_space == JCS_YCbCr ||
               state_.jpeg_color_space == JCS_RGB;
    }

private:
    std::string_view bytes_;
    error_manager errors_{};
    jpeg_progress_mgr progress_{};
    jpeg_decompress_struct state_{};
};

} // namespace

pixels decode_jpeg(std::string_view bytes)
{
    reader reader{bytes};
    if (!reader.read_head())
        throw_damaged("JPEG");
    if (!reader.has_colours())
        throw picture_error("invalid_image_mode", "A JPEG must be grey or have three colours.");
    auto picture = make_pixels(reader.width(), reader.height());
    if (!reader.read_rows(picture.rgb.data()))
        throw_damaged("JPEG");
    return picture;
}

} // namespace vidi::emulation
