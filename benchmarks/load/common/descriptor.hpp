#pragma once

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace load {

[[noreturn]] inline void fail(char const* what)
{
    throw std::system_error{errno, std::generic_category(), what};
}

/// Owns a file descriptor.
class descriptor
{
public:
    descriptor(int opened, char const* what) : value_{opened}
    {
        if (opened == -1)
            fail(what);
    }
    descriptor(descriptor const&) = delete;
    ~descriptor() { ::close(value_); }

    int get() const { return value_; }

private:
    int const value_;
};

} // namespace load
