#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace vidi_fuzz {

// Ends the program, for libFuzzer to report the input that led here.
inline void expect(bool holds)
{
    if (!holds)
        std::abort();
}

// An input that is read as a script, a byte or a few at a time. At its end all bytes are 0.
class script
{
public:
    script(std::uint8_t const* data, std::size_t size)
        : rest_{reinterpret_cast<char const*>(data), size}
    {
    }

    bool done() const { return rest_.empty(); }

    std::uint8_t byte()
    {
        auto const taken = take(1);
        return taken.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(taken.front());
    }

    // A length, from one byte, so that inputs stay short: a few bytes, or up to more than a TLS
    // record holds.
    std::size_t length()
    {
        std::size_t const value = byte();
        return value < 128 ? value : (value - 127) * 160;
    }

    std::string_view take(std::size_t size)
    {
        auto const taken = rest_.substr(0, size);
        rest_.remove_prefix(taken.size());
        return taken;
    }

private:
    std::string_view rest_;
};

} // namespace vidi_fuzz
