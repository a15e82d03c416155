#include <vidi/api_error.hpp>
#include <vidi/client.hpp>

#include "client/client_state.hpp"
#include "client/create_operation.hpp"
#include "client/prepare_request.hpp"
#include "client/warm_up.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace vidi {
namespace {

constexpr auto wait_for_tuple = asio::as_tuple(asio::use_awaitable);

} // namespace

client::client(executor_type executor, client_config config)
    : state_{std::make_shared<client_state>(std::move(executor), std::move(config))}
{
}

client::client(client&&) noexcept = default;

client& client::operator=(client&& other) noexcept
{
    client ended{std::move(*this)};
    state_ = std::move(other.state_);
    return *this;
}

client::~client()
{
    if (state_)
        state_->close();
}

client::executor_type client::get_executor() const noexcept { return state_->environment.executor; }

client::executor_type client::initiate_create::get_executor() const noexcept
{
    return self->get_executor();
}

void client::initiate_create::operator()(
    create_handler handler, detail::prepared_request request) const
{
    create_operation::start(self->state_, std::move(handler), std::move(request));
}

detail::prepared_request
client::prepare(vidi::request const& request, request_options options) const
{
    return prepare_request(*state_, request, std::move(options));
}

client::executor_type client::initiate_warm_up::get_executor() const noexcept
{
    return self->get_executor();
}

void client::initiate_warm_up::operator()(warm_up_handler handler, std::size_t connections) const
{
    warm_up::start(self->state_, std::move(handler), connections);
}

asio::awaitable<response> client::create(vidi::request const& request, request_options options)
{
    return create_prepared(prepare(request, std::move(options)));
}

asio::awaitable<response> client::create_prepared(detail::prepared_request request)
{
    auto [ec, result] = co_await asio::async_initiate<
        asio::as_tuple_t<asio::use_awaitable_t<>> const, void(error_code, response)>(
        initiate_create{this}, wait_for_tuple, std::move(request));
    if (ec)
        throw api_error(ec, std::move(result));
    co_return std::move(result);
}

asio::awaitable<std::size_t> client::warm_up(std::size_t connections)
{
    co_return co_await async_warm_up(connections, asio::use_awaitable);
}

void client::close_idle_connections() { state_->pool->close_idle(); }

pool_statistics client::statistics() const { return state_->pool->statistics(); }

admission_statistics client::admission() const { return state_->gatekeeper->statistics(); }

retry_statistics client::retries() const { return state_->retries.statistics(); }

} // namespace vidi
