#include "transport/resolve.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/system_error.hpp>

#include <memory>

namespace vidi::transport {
namespace {

using tcp = asio::ip::tcp;
using lookup_handler = asio::any_completion_handler<void(error_code, tcp::resolver::results_type)>;

// A look-up in progress, and who waits for it: nobody any more, once it was left behind.
struct lookup
{
    lookup(asio::any_io_executor const& executor, lookup_handler h)
        : strand{asio::make_strand(executor)}, resolver{strand}, handler{std::move(h)}
    {
    }

    asio::strand<asio::any_io_executor> strand;
    tcp::resolver resolver;
    lookup_handler handler;

    void complete(error_code ec, tcp::resolver::results_type results)
    {
        if (!handler)
            return;
        asio::post(
            strand.get_inner_executor(), asio::append(std::move(handler), ec, std::move(results)));
    }
};

struct initiate_lookup
{
    asio::any_io_executor executor;

    void operator()(lookup_handler handler, std::string const& host, std::string const& port) const
    {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto const state = std::make_shared<lookup>(executor, std::move(handler));
        if (slot.is_connected()) {
            slot.assign([weak = std::weak_ptr{state}](asio::cancellation_type) {
                if (auto const abandoned = weak.lock())
                    asio::dispatch(abandoned->strand, [abandoned] {
                        abandoned->complete(asio::error::operation_aborted, {});
                    });
            });
        }
        // Not address_configured, Asio's default: without a network it hides even localhost.
        try {
            state->resolver.async_resolve(
                host, port, tcp::resolver::numeric_service,
                [state](error_code ec, tcp::resolver::results_type results) {
                    state->complete(ec, std::move(results));
                });
        }
        catch (boost::system::system_error const& no_thread) {
            state->complete(no_thread.code(), {});
        }
    }
};

} // namespace

task<resolve_result> resolve(operation& on_behalf_of, std::string const& host, std::uint16_t port)
{
    error_code not_an_address;
    auto const address = asio::ip::make_address(host, not_an_address);
    resolve_result result;
    if (!not_an_address) {
        result.endpoints.emplace_back(address, port);
        co_return result;
    }

    auto token = on_behalf_of.token();
    initiate_lookup const initiation{on_behalf_of.executor()};
    auto [ec, found] =
        co_await asio::async_initiate<use_operation, void(error_code, tcp::resolver::results_type)>(
            initiation, token, host, std::to_string(port));
    result.failure = ec;
    for (auto const& entry : found)
        result.endpoints.push_back(entry.endpoint());
    co_return result;
}

} // namespace vidi::transport
