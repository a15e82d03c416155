#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace vidi::batch {

/// What coroutines of one thread wait for. Who waits for something to be so has to look whether it
/// is: others may have been first, and waiting can be cancelled.
class signal
{
public:
    explicit signal(boost::asio::any_io_executor const& executor)
        : timer_{executor, boost::asio::steady_timer::time_point::max()}
    {
    }

    boost::asio::awaitable<void> wait()
    {
        co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable_t<>{}));
    }

    void wake_one() { timer_.cancel_one(); }
    void wake_all() { timer_.cancel(); }

private:
    // It never expires: cancelling it is the signal.
    boost::asio::steady_timer timer_;
};

} // namespace vidi::batch
