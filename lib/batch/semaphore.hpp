#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <utility>

namespace vidi::batch {

/// A number of permits to hand out, for coroutines of one thread.
class semaphore
{
public:
    semaphore(boost::asio::any_io_executor executor, std::size_t permits)
        : released_{std::move(executor), boost::asio::steady_timer::time_point::max()},
          permits_{permits}, available_{permits}
    {
    }

    /// Takes a permit, when there is one.
    boost::asio::awaitable<void> acquire()
    {
        while (available_ == 0)
            co_await wait_for_release();
        --available_;
    }

    void release()
    {
        ++available_;
        released_.cancel_one();
    }

    /// Waits until all permits are back. Nobody may be waiting for one.
    boost::asio::awaitable<void> wait_until_unused()
    {
        while (available_ != permits_)
            co_await wait_for_release();
    }

    std::size_t in_use() const noexcept { return permits_ - available_; }

private:
    // The timer never expires: cancelling it is the signal.
    boost::asio::awaitable<void> wait_for_release()
    {
        co_await released_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable_t<>{}));
    }

    boost::asio::steady_timer released_;
    std::size_t permits_;
    std::size_t available_;
};

} // namespace vidi::batch
