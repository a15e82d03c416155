#pragma once

#include <mutex>

namespace vidi::transport {

// A mutex that does nothing for a client that is used from one thread alone.
class optional_mutex
{
public:
    explicit optional_mutex(bool single_threaded) noexcept : real_{!single_threaded} {}

    void lock()
    {
        if (real_)
            mutex_.lock();
    }

    void unlock()
    {
        if (real_)
            mutex_.unlock();
    }

private:
    std::mutex mutex_;
    bool const real_;
};

} // namespace vidi::transport
