#include "client/create_operation.hpp"

#include <vidi/json.hpp>

#include "model/error_body.hpp"
#include "model/validate.hpp"
#include "protocol/classify.hpp"
#include "protocol/excerpt.hpp"
#include "protocol/request_head.hpp"
#include "protocol/response_head.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/errc.hpp>

#include <new>

namespace vidi {

using transport::exchange_result;
using transport::task;

namespace {

// How often a request may meet a connection that the server has just closed, before a new
// connection is the only thing left to try.
constexpr unsigned most_attempts = 3;

constexpr std::size_t longest_client_request_id = 512;

} // namespace

void create_operation::start(
    std::shared_ptr<client_state> shared, handler h, request r, request_options options)
{
    completion<error_code, response> c{std::move(h), shared->executor};
    auto const self = std::make_shared<create_operation>(
        std::move(shared), std::move(c), std::move(r), std::move(options));
    self->completion_.connect_slot(self);
    asio::post(self->executor(), [self] { self->run(self->create()); });
}

create_operation::create_operation(
    std::shared_ptr<client_state> s, completion<error_code, response> c, request r,
    request_options options)
    : outstanding_operation{s, s->operation_executor()},
      completion_{std::move(c)}, request_{std::move(r)}, options_{std::move(options)}
{
}

void create_operation::cancel(asio::cancellation_type type)
{
    using asio::cancellation_type;
    bool const unconditional =
        (type & (cancellation_type::terminal | cancellation_type::partial)) !=
        cancellation_type::none;
    bool const without_effect = (type & cancellation_type::total) != cancellation_type::none;
    if (unconditional || (without_effect && !sending_))
        stop(asio::error::operation_aborted);
}

task<void> create_operation::create()
{
    limit(options_.timeout.value_or(shared().config.timeouts.operation), errc::operation_timeout);
    failure_ = prepare();
    if (failure_)
        co_return;
    auto const result = co_await exchange();
    failure_ = result.failure;
    read_head(result.response);
    if (!failure_)
        understand(result.response.body);
}

error_code create_operation::prepare()
{
    if (auto const ec = model::validate(request_, exchange_.detail))
        return ec;
    auto& id = options_.client_request_id;
    if (id.empty())
        id = shared().next_client_request_id();
    if (id.size() > longest_client_request_id || !protocol::is_field_value(id)) {
        exchange_.detail = "client_request_id: it is longer than 512 characters, or holds one that "
                           "a header field cannot carry";
        return errc::invalid_request;
    }
    serialize(request_, wire_request_.body);
    wire_request_.head = protocol::make_head(shared().head_prefix, id, wire_request_.body.size());
    exchange_.client_request_id = std::move(id);
    request_ = {};
    return {};
}

// A connection that was idle may have been closed by the server at the very moment when it was
// taken. If it ended before a byte of the response, the request goes again on another one.
task<exchange_result> create_operation::exchange()
{
    for (bool reuse = true;; reuse = false) {
        bool fresh = false;
        auto result = co_await attempt(reuse, fresh);
        bool const was_stale = !fresh && !result.began_to_answer &&
                               result.failure == errc::connection_closed_before_response;
        if (!was_stale || exchange_.attempts >= most_attempts)
            co_return result;
    }
}

task<exchange_result> create_operation::attempt(bool reuse, bool& fresh)
{
    exchange_result result;
    exchange_.detail.clear();
    auto const& pool = shared().pool;
    auto acquired = co_await pool->acquire(*this, shared().endpoint.origin, reuse, exchange_);
    if (acquired.failure) {
        pool->count_failure(acquired.failure);
        fresh = true;
        result.failure = acquired.failure;
        co_return result;
    }
    fresh = acquired.fresh;
    sending_ = true;
    ++exchange_.attempts;
    auto& leased = *acquired.leased;
    exchange_.connection_reused = leased->exchanges++ != 0;
    result = co_await transport::exchange_messages(
        *this, *leased, wire_request_, shared().config.timeouts, shared().config.limits, exchange_);
    if (result.reusable)
        leased.give_back();
    if (result.failure)
        pool->count_failure(result.failure);
    co_return result;
}

void create_operation::read_head(transport::wire_response const& wire)
{
    exchange_.http_status = wire.status;
    for (auto const& field : wire.fields)
        protocol::read_header(exchange_, field.name_string(), field.value());
}

void create_operation::understand(std::string const& body)
{
    if (exchange_.http_status >= 200 && exchange_.http_status < 300)
        understand_success(body);
    else
        understand_failure(body);
}

void create_operation::understand_success(std::string const& body)
{
    parse_error error;
    response_ = parse_response(body, error);
    if (!error.code)
        return;
    failure_ = error.code;
    exchange_.detail = std::move(error.message);
    exchange_.json_offset = error.offset;
    exchange_.json_path = std::move(error.path);
    exchange_.body_excerpt = protocol::excerpt(body);
}

void create_operation::understand_failure(std::string const& body)
{
    response_.error = model::parse_error_body(body);
    auto const& error = response_.error;
    failure_ = protocol::classify_status(
        exchange_.http_status, error ? error->code.value_or("") : "",
        error ? error->type.value_or("") : "");
    exchange_.detail = "HTTP status " + std::to_string(exchange_.http_status);
    if (!error)
        exchange_.body_excerpt = protocol::excerpt(body);
}

void create_operation::finished(std::exception_ptr escaped)
{
    if (escaped) {
        try {
            std::rethrow_exception(escaped);
        }
        catch (std::bad_alloc const&) {
            failure_ = make_error_code(boost::system::errc::not_enough_memory);
        }
    }
    exchange_.timings.total = since_start_.lap();
    response_.exchange = std::move(exchange_);
    completion_.complete(failure_, std::move(response_));
}

} // namespace vidi
