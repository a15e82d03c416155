#pragma once

#include "batch/signal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>

namespace vidi::batch {

/// A number of permits to hand out, for coroutines of one thread.
class semaphore
{
public:
    semaphore(boost::asio::any_io_executor const& executor, std::size_t permits)
        : released_{executor}, permits_{permits}, available_{permits}
    {
    }

    /// Takes a permit, when there is one.
    boost::asio::awaitable<void> acquire()
    {
        while (available_ == 0)
            co_await released_.wait();
        --available_;
    }

    void release()
    {
        ++available_;
        released_.wake_one();
    }

    /// Waits until all permits are back. Nobody may be waiting for one.
    boost::asio::awaitable<void> wait_until_unused()
    {
        while (available_ != permits_)
            co_await released_.wait();
    }

private:
    signal released_;
    std::size_t permits_;
    std::size_t available_;
};

/// Gives a permit back in the end.
class permit
{
public:
    explicit permit(semaphore& taken_from) : taken_from_{taken_from} {}
    ~permit() { taken_from_.release(); }

    permit(permit const&) = delete;
    permit& operator=(permit const&) = delete;

private:
    semaphore& taken_from_;
};

} // namespace vidi::batch
