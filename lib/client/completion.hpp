#pragma once

#include <vidi/detail/config.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>

#include <memory>
#include <optional>
#include <tuple>
#include <utility>

namespace vidi {

// A caller's completion handler: keeps its executor busy until it is called, connects its
// cancellation slot, and calls it where it wants to be called.
template <class... Results>
class completion
{
public:
    using handler_type = asio::any_completion_handler<void(Results...)>;

    // The operation completes on `own`.
    completion(handler_type handler, asio::any_io_executor const& own)
        : handler_{std::move(handler)}
    {
        asio::any_completion_executor const fallback{own};
        auto const wanted = asio::get_associated_executor(handler_, fallback);
        if (wanted != fallback)
            elsewhere_.emplace(
                asio::prefer(wanted, asio::execution::outstanding_work_t::tracked_t{}));
    }

    // Lets the caller cancel `target`, through its member cancel(type), called on its executor: the
    // caller emits on an executor of its own.
    template <class Target>
    void connect_slot(std::shared_ptr<Target> const& target)
    {
        auto slot = asio::get_associated_cancellation_slot(handler_);
        if (!slot.is_connected())
            return;
        slot.assign([weak = std::weak_ptr{target}](asio::cancellation_type type) {
            if (auto const running = weak.lock())
                asio::dispatch(running->executor(), [running, type] { running->cancel(type); });
        });
    }

    void complete(Results... results)
    {
        if (elsewhere_)
            return dispatch(std::forward<Results>(results)...);
        asio::get_associated_cancellation_slot(handler_).clear();
        std::move(handler_)(std::forward<Results>(results)...);
    }

private:
    void dispatch(Results... results)
    {
        // This memory ends with the handler, so nothing that may outlive the handler can be in it.
        auto const memory = asio::get_associated_allocator(handler_);
        auto const where = *std::move(elsewhere_);
        asio::dispatch(
            where, asio::bind_allocator(
                       memory, [handler = std::move(handler_),
                                values = std::tuple{std::forward<Results>(results)...}]() mutable {
                           asio::get_associated_cancellation_slot(handler).clear();
                           std::apply(std::move(handler), std::move(values));
                       }));
    }

    handler_type handler_;
    std::optional<asio::any_completion_executor> elsewhere_;
};

} // namespace vidi
