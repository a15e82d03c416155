#include "model/base64.hpp"

#include <array>
#include <cstdint>

namespace vidi::model {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Two characters for every 12 bits: half the look-ups of the plain alphabet.
constexpr auto character_pairs = [] {
    std::array<std::array<char, 2>, 4096> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i)
        pairs[i] = {alphabet[i >> 6], alphabet[i & 63]};
    return pairs;
}();

std::uint32_t byte_at(std::string_view bytes, std::size_t position)
{
    return static_cast<unsigned char>(bytes[position]);
}

char* write_group(char* to, std::uint32_t group)
{
    auto const& high = character_pairs[group >> 12];
    auto const& low = character_pairs[group & 4095];
    to[0] = high[0];
    to[1] = high[1];
    to[2] = low[0];
    to[3] = low[1];
    return to + 4;
}

} // namespace

void append_base64(std::string& out, std::string_view bytes)
{
    std::size_t const old_size = out.size();
    out.resize(old_size + base64_size(bytes.size()));
    char* to = out.data() + old_size;

    std::size_t const whole = bytes.size() / 3 * 3;
    for (std::size_t i = 0; i < whole; i += 3)
        to = write_group(
            to, byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2));

    std::size_t const rest = bytes.size() - whole;
    if (rest == 0)
        return;
    std::uint32_t group = byte_at(bytes, whole) << 16;
    if (rest == 2)
        group |= byte_at(bytes, whole + 1) << 8;
    write_group(to, group);
    to[3] = '=';
    if (rest == 1)
        to[2] = '=';
}

} // namespace vidi::model
