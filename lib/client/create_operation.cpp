#include "client/create_operation.hpp"

#include <vidi/json.hpp>

#include "model/error_body.hpp"
#include "protocol/classify.hpp"
#include "protocol/excerpt.hpp"
#include "protocol/response_head.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>

#include <new>
#include <utility>

namespace vidi {

using transport::exchange_result;
using transport::task;

void create_operation::start(
    std::shared_ptr<client_state> shared, handler h, detail::prepared_request request)
{
    auto const timeout = request.timeout.value_or(shared->config.timeouts.operation);
    auto const self =
        std::make_shared<create_operation>(std::move(shared), std::move(h), std::move(request));
    self->limit(timeout, errc::operation_timeout);
    self->completion_.connect_slot(self);
    static_cast<operation&>(*self).start(self->create());
}

create_operation::create_operation(
    std::shared_ptr<client_state> s, handler h, detail::prepared_request request)
    : outstanding_operation{std::move(s)}, completion_{std::move(h), executor()},
      request_{std::move(request.text)}, failure_{request.failure}
{
    exchange_.client_request_id = std::move(request.client_request_id);
    exchange_.detail = std::move(request.detail);
}

// A connection that was idle may have been closed by the server at the very moment when it was
// taken. If it ended before a byte of the response, the request goes again on a new one.
task<void> create_operation::create()
{
    if (failure_)
        co_return;
    bool fresh = false;
    auto result = co_await attempt(true, fresh);
    bool const was_stale = !fresh && !result.began_to_answer &&
                           result.failure == errc::connection_closed_before_response;
    if (was_stale)
        result = co_await attempt(false, fresh);
    failure_ = result.failure;
    body_ = std::move(result.body);
    exchange_.http_status = result.status;
}

task<exchange_result> create_operation::attempt(bool reuse, bool& fresh)
{
    exchange_result result;
    exchange_.detail.clear();
    auto& pool = *shared().pool;
    auto acquired = co_await pool.acquire(*this, shared().endpoint.origin, reuse, exchange_);
    if (acquired.failure) {
        pool.count_failure(acquired.failure);
        fresh = true;
        result.failure = acquired.failure;
        co_return result;
    }
    auto& leased = *acquired.leased;
    if (stopped()) {
        leased.give_back();
        result.failure = *interruption();
        co_return result;
    }
    fresh = acquired.fresh;
    sending_ = true;
    ++exchange_.attempts;
    exchange_.connection_reused = leased->exchanges++ != 0;
    result = co_await transport::exchange_messages(
        *this, *leased, request_, shared().config.timeouts, shared().config.limits,
        &protocol::read_header, exchange_);
    if (result.reusable)
        leased.give_back();
    if (result.failure)
        pool.count_failure(result.failure);
    co_return result;
}

void create_operation::finished(error_code failure)
{
    if (failure)
        failure_ = failure;
    auto result = understand();
    exchange_.timings.total = since_start_.lap();
    result.exchange = std::move(exchange_);
    completion_.complete(failure_, std::move(result));
}

response create_operation::understand()
{
    try {
        if (failure_)
            return {};
        if (exchange_.http_status >= 200 && exchange_.http_status < 300)
            return understand_success();
        return understand_failure();
    }
    catch (std::bad_alloc const&) {
        failure_ = make_error_code(boost::system::errc::not_enough_memory);
        return {};
    }
}

response create_operation::understand_success()
{
    parse_error error;
    auto result = parse_response(body_, error);
    if (error.code) {
        failure_ = error.code;
        exchange_.detail = std::move(error.message);
        exchange_.json_offset = error.offset;
        exchange_.json_path = std::move(error.path);
        exchange_.body_excerpt = protocol::excerpt(body_);
    }
    return result;
}

response create_operation::understand_failure()
{
    response result;
    result.error = model::parse_error_body(body_);
    auto const& error = result.error;
    failure_ = protocol::classify_status(
        exchange_.http_status, error ? error->code.value_or("") : "",
        error ? error->type.value_or("") : "");
    exchange_.detail = "HTTP status " + std::to_string(exchange_.http_status);
    if (!error)
        exchange_.body_excerpt = protocol::excerpt(body_);
    return result;
}

void create_operation::on_cancel(asio::cancellation_type type)
{
    using asio::cancellation_type;
    bool const unconditional =
        (type & (cancellation_type::terminal | cancellation_type::partial)) !=
        cancellation_type::none;
    bool const without_effect = (type & cancellation_type::total) != cancellation_type::none;
    if (unconditional || (without_effect && !sending_))
        stop(asio::error::operation_aborted);
}

} // namespace vidi
