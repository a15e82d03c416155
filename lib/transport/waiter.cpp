#include "transport/waiter.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace vidi::transport {

// The handler is in place before anybody knows that it may be called, as that may be at once and on
// another thread.
void waiter::start(handler h)
{
    auto slot = asio::get_associated_cancellation_slot(h);
    handler_.emplace(std::move(h));
    operation_.waiting_in_ = this;
    if (!begin())
        return wake();
    if (slot.is_connected()) {
        slot.assign([this](asio::cancellation_type) {
            if (give_up())
                wake();
        });
    }
}

void waiter::wake()
{
    auto h = std::move(*handler_);
    operation_.waiting_in_ = nullptr;
    asio::post(operation_.executor(), std::move(h));
}

void waiter::drop() noexcept
{
    operation_.waiting_in_ = nullptr;
    handler_.reset();
}

} // namespace vidi::transport
