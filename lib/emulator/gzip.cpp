#include "emulator/gzip.hpp"

#include <zlib.h>

#include <stdexcept>

namespace vidi::emulation {

std::string gzip(std::string_view bytes)
{
    // 16 more than the largest window asks for the header of gzip.
    constexpr int window = 15 + 16;
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        throw std::runtime_error("cannot begin to compress");
    std::string text{bytes};
    std::string compressed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(text.data());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
    stream.avail_out = static_cast<uInt>(compressed.size());
    auto const result = deflate(&stream, Z_FINISH);
    compressed.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END)
        throw std::runtime_error("cannot compress");
    return compressed;
}

} // namespace vidi::emulation
