#include "client/attempt.hpp"

#include <vidi/json.hpp>

#include "model/error_body.hpp"
#include "protocol/classify.hpp"
#include "protocol/excerpt.hpp"
#include "protocol/redact.hpp"
#include "protocol/response_head.hpp"
#include "transport/exchange.hpp"

#include <new>
#include <utility>

namespace vidi {

using transport::task;

task<void> attempt::run(transport::operation& on_behalf_of, std::string_view request, bool reuse)
{
    auto& pool = *shared_->pool;
    auto acquired = co_await pool.acquire(on_behalf_of, shared_->endpoint.origin, reuse, exchange);
    if (acquired.failure) {
        failure = acquired.failure;
        pool.count_failure(failure);
        co_return;
    }
    auto& leased = *acquired.leased;
    if (on_behalf_of.stopped()) {
        leased.give_back();
        failure = *on_behalf_of.interruption();
        co_return;
    }
    fresh_ = acquired.fresh;
    began_ = true;
    exchange.connection_reused = leased->exchanges++ != 0;
    transport::exchange_result result;
    try {
        result = co_await transport::exchange_messages(
            on_behalf_of, *leased, request, shared_->config.timeouts, shared_->config.limits,
            &protocol::read_header, exchange);
    }
    catch (std::bad_alloc const&) {
        result.failure = make_error_code(boost::system::errc::not_enough_memory);
        result.sent = true; // as far as anybody knows
    }
    latency = watch_.lap();
    if (result.reusable)
        leased.give_back();
    failure = result.failure;
    if (failure)
        pool.count_failure(failure);
    sent_ = result.sent;
    answered_ = result.began_to_answer;
    body_ = std::move(result.body);
    exchange.http_status = result.status;
    protocol::settle_retry_after(
        exchange, std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

bool attempt::possibly_billed() const noexcept
{
    return protocol::is_possibly_billed(sent_, failure, known().http_status);
}

admission::outcome attempt::result() const noexcept
{
    std::optional<std::uint64_t> tokens;
    if (answer && answer->usage && answer->usage->total_tokens > 0)
        tokens = static_cast<std::uint64_t>(answer->usage->total_tokens);
    return {failure, known(), tokens};
}

bool attempt::met_a_stale_connection() const noexcept
{
    return began_ && !fresh_ && !answered_ && failure == errc::connection_closed_before_response;
}

void attempt::understand()
{
    try {
        if (!failure && exchange.http_status >= 200 && exchange.http_status < 300)
            understand_success();
        else if (!failure)
            understand_failure();
    }
    catch (std::bad_alloc const&) {
        failure = make_error_code(boost::system::errc::not_enough_memory);
    }
    if (!answer)
        answer = std::make_unique<response>();
    answer->exchange = std::move(exchange);
    std::string{}.swap(body_);
}

void attempt::understand_success()
{
    if (!exchange.content_encoding.empty()) {
        failure = errc::response_encoded;
        exchange.detail = "Content-Encoding: " + exchange.content_encoding;
        return;
    }
    parse_error error;
    // In its place, since it is large to move.
    answer.reset(new response(parse_response(body_, error)));
    if (error.code) {
        failure = error.code;
        redact(error.message);
        redact(body_);
        exchange.detail = std::move(error.message);
        exchange.json_offset = error.offset;
        exchange.json_path = std::move(error.path);
        exchange.body_excerpt = protocol::excerpt(body_);
    }
}

// What did not work is shown to people, and kept in logs.
void attempt::redact(std::string& text) const
{
    protocol::redact(text, shared_->config.api_key.reveal());
}

void attempt::understand_failure()
{
    redact(body_);
    redact(exchange.location);
    answer = std::make_unique<response>();
    auto& error = answer->error;
    error = model::parse_error_body(body_);
    failure = protocol::classify_status(exchange.http_status, error);
    exchange.detail = "HTTP status " + std::to_string(exchange.http_status);
    if (!error)
        exchange.body_excerpt = protocol::excerpt(body_);
}

} // namespace vidi
