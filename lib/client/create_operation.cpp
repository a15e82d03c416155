#include "client/create_operation.hpp"

#include <vidi/json.hpp>

#include "model/error_body.hpp"
#include "model/validate.hpp"
#include "protocol/classify.hpp"
#include "protocol/excerpt.hpp"
#include "protocol/request_head.hpp"
#include "protocol/response_head.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>

#include <new>
#include <utility>

namespace vidi {

using transport::exchange_result;
using transport::task;

namespace {

// How often a request may meet a connection that the server has just closed, before a new
// connection is the only thing left to try.
constexpr unsigned most_attempts = 3;

constexpr std::size_t longest_client_request_id = 512;

constexpr std::size_t longest_draft_kept = std::size_t{4} << 20;

// The body grows in memory that the thread keeps, so that what is held while the request is under
// way is not larger than it must be.
std::string make_request(std::string_view head_prefix, std::string_view id, request const& what)
{
    thread_local std::string body;
    body.clear();
    serialize(what, body);
    auto result = protocol::make_request(head_prefix, id, body);
    if (body.capacity() > longest_draft_kept)
        std::string{}.swap(body);
    return result;
}

} // namespace

void create_operation::start(
    std::shared_ptr<client_state> shared, handler h, request const& what, request_options options)
{
    auto const self = std::make_shared<create_operation>(std::move(shared), std::move(h));
    self->completion_.connect_slot(self);
    self->limit(
        options.timeout.value_or(self->shared().config.timeouts.operation),
        errc::operation_timeout);
    self->prepare(what, std::move(options));
    static_cast<operation&>(*self).start(self->create());
}

create_operation::create_operation(std::shared_ptr<client_state> s, handler h)
    : outstanding_operation{std::move(s)}, completion_{std::move(h), executor()}
{
}

// In the caller's own time, so that the request need not be kept.
void create_operation::prepare(request const& what, request_options options)
{
    failure_ = model::validate(what, exchange_.detail);
    if (failure_)
        return;
    auto& id = options.client_request_id;
    if (id.empty())
        id = shared().next_client_request_id();
    if (id.size() > longest_client_request_id || !protocol::is_field_value(id)) {
        exchange_.detail = "client_request_id: it is longer than 512 characters, or holds one that "
                           "a header field cannot carry";
        failure_ = errc::invalid_request;
        return;
    }
    request_ = make_request(shared().head_prefix, id, what);
    exchange_.client_request_id = std::move(id);
}

// A connection that was idle may have been closed by the server at the very moment when it was
// taken. If it ended before a byte of the response, the request goes again on another one.
task<void> create_operation::create()
{
    bool fresh = false;
    for (bool reuse = true; !failure_; reuse = false) {
        auto result = co_await attempt(reuse, fresh);
        bool const was_stale = !fresh && !result.began_to_answer &&
                               result.failure == errc::connection_closed_before_response;
        if (was_stale && exchange_.attempts < most_attempts)
            continue;
        failure_ = result.failure;
        body_ = std::move(result.body);
        exchange_.http_status = result.status;
        break;
    }
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
    fresh = acquired.fresh;
    sending_ = true;
    ++exchange_.attempts;
    auto& leased = *acquired.leased;
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

void create_operation::finished(std::exception_ptr escaped)
{
    auto result = understand(escaped);
    exchange_.timings.total = since_start_.lap();
    result.exchange = std::move(exchange_);
    completion_.complete(failure_, std::move(result));
}

response create_operation::understand(std::exception_ptr escaped)
{
    try {
        if (escaped)
            std::rethrow_exception(escaped);
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
