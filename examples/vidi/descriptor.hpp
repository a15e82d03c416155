#pragma once

#include <unistd.h>

#include <utility>

namespace vidi_tool {

/// Owns an open file.
class descriptor
{
public:
    descriptor() = default;
    explicit descriptor(int value) noexcept : value_{value} {}
    descriptor(descriptor&& other) noexcept : value_{other.release()} {}
    descriptor& operator=(descriptor other) noexcept
    {
        std::swap(value_, other.value_);
        return *this;
    }
    ~descriptor()
    {
        if (value_ >= 0)
            ::close(value_);
    }

    int get() const noexcept { return value_; }
    int release() noexcept { return std::exchange(value_, -1); }
    explicit operator bool() const noexcept { return value_ >= 0; }

private:
    int value_ = -1;
};

} // namespace vidi_tool
