#include "emulator/session.hpp"

#include "emulator/api_error.hpp"
#include "emulator/distortion.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <iterator>

namespace vidi::emulation {
namespace {

namespace net = boost::asio;
using namespace boost::asio::experimental::awaitable_operators;
using testing::behaviour;
using testing::connection_behaviour;
using testing::next_request;

constexpr auto use_result = net::as_tuple(net::use_awaitable);

// The session may end before this does.
net::awaitable<void>
write_unasked(std::shared_ptr<byte_stream> stream, std::string bytes, std::shared_ptr<void>)
{
    co_await stream->write(bytes);
}

// For a client that reads all that it is given.
constexpr std::size_t endless_limit = std::size_t{256} << 20;

std::size_t position_of(testing::response_place place, transmission const& out)
{
    using testing::response_place;
    auto const size = out.bytes.size();
    switch (place) {
    case response_place::start:
        return 0;
    case response_place::in_head:
        return out.body_at / 2;
    case response_place::after_head:
        return out.body_at;
    case response_place::in_body:
        return out.body_at + (size - out.body_at) / 2;
    case response_place::before_last_byte:
        return size - std::min<std::size_t>(size, 1);
    }
    return size;
}

} // namespace

/// One request and the response to it.
struct session::exchange
{
    record_ptr record;
    testing::behaviour plan{};
    http_reply reply{};
    transmission out{};
};

session::session(session_context& context, net::ip::tcp::socket socket, std::uint64_t number)
    : context_{context}, stream_{std::make_shared<byte_stream>(std::move(socket))},
      reader_{
          *stream_,
          {context.options.idle_timeout, context.options.request_timeout,
           context.options.body_limit}},
      number_{number}
{
    reader_.on_idle = [this](bool idle) { set_idle(idle); };
}

session::~session()
{
    context_.idle.erase(this);
    context_.log.update([&](auto& s) {
        --s.connections_open;
        s.connections_idle = context_.idle.size();
    });
}

net::awaitable<void> session::run()
{
    if (!co_await open())
        co_return;
    for (;;) {
        if (next_ == next_request::reset_at_first_byte) {
            bool const begun = co_await reader_.wait_for_request();
            co_await stream_->close(begun ? testing::closing::reset : testing::closing::orderly);
            co_return;
        }
        auto const received = co_await reader_.read();
        if (!co_await react(received))
            co_return;
    }
}

net::awaitable<bool> session::react(request_reader::result const& received)
{
    if (auto const request = std::get_if<http_request>(&received)) {
        if (next_ == next_request::serve)
            co_return co_await serve(*request);
        co_await leave_unanswered(*request);
    }
    else if (auto const bad = std::get_if<bad_request>(&received))
        co_await refuse(bad->status);
    else
        co_await stream_->close(testing::closing::orderly);
    co_return false;
}

net::awaitable<bool> session::open()
{
    // Named, because GCC 12 lays the coroutine out wrongly otherwise.
    auto const how = plan_connection();
    switch (how) {
    case connection_behaviour::serve:
        co_return co_await handshake();
    case connection_behaviour::close:
        co_await stream_->close(testing::closing::abrupt);
        break;
    case connection_behaviour::reset:
        co_await stream_->close(testing::closing::reset);
        break;
    case connection_behaviour::no_handshake:
        co_await discard_input();
        break;
    case connection_behaviour::never_read:
        if (co_await handshake())
            co_await stay();
        break;
    case connection_behaviour::bad_handshake:
        co_await stream_->write_raw("220 This is not TLS.\r\n");
        co_await stream_->close_gently();
        break;
    }
    co_return false;
}

net::awaitable<bool> session::handshake()
{
    if (!context_.tls)
        co_return true;
    stream_->expires_after(context_.options.request_timeout);
    auto const error = co_await stream_->handshake(*context_.tls, tls_engine::side::server);
    bool const resumed = stream_->resumed();
    context_.log.update([&](auto& s) {
        s.tls_failed += error ? 1u : 0u;
        s.tls_handshakes += error ? 0u : 1u;
        s.tls_resumed += !error && resumed ? 1u : 0u;
    });
    if (error)
        co_await stream_->close_gently();
    co_return !error;
}

net::awaitable<void> session::refuse(unsigned status)
{
    if (status == 0 || status == 408)
        context_.log.update([](auto& s) { ++s.requests_incomplete; });
    if (status == 0) {
        co_await stream_->close(testing::closing::abrupt);
        co_return;
    }
    context_.log.update([&](auto& s) { ++s.answered[status]; });
    auto const reply = to_reply(protocol_error(status));
    stream_->expires_after(context_.options.request_timeout);
    if (!co_await stream_->write(serialise(reply, false, body_part::send)))
        co_await stream_->close_gently();
}

record_ptr session::begin_record(http_request const& request)
{
    ++requests_;
    // Whatever becomes of the session, the record ends with its last user.
    auto record = context_.log.begin({number_, requests_}, request);
    auto const user = record.get();
    return {user, [record = std::move(record), &log = context_.log](auto*) { log.finish(record); }};
}

net::awaitable<void> session::leave_unanswered(http_request const& request)
{
    context_.log.abort(begin_record(request));
    co_await stream_->close(next_closing_);
}

net::awaitable<bool> session::serve(http_request const& request)
{
    exchange current{.record = begin_record(request)};
    current.plan = plan(request, current.record->sequence);
    context_.log.blame(current.record, current.plan.cause);
    co_await answer(current, request);
    bool const due = co_await wait(current.reply.latency + current.plan.delay);
    compose(current, request);
    bool const complete = due && co_await deliver(current);
    if (!complete)
        context_.log.abort(current.record);
    bool const keep =
        complete && current.out.keep_alive && !current.plan.close_after && !current.out.close;
    next_ = current.plan.next;
    next_closing_ = current.plan.how;
    if (!keep)
        co_await finish(current);
    co_return keep;
}

net::awaitable<void> session::answer(exchange& current, http_request const& request)
{
    if (auto const canned = std::get_if<testing::canned_reply>(&current.plan.answer))
        current.reply = to_reply(*canned);
    else if (!std::holds_alternative<behaviour::raw_bytes>(current.plan.answer))
        current.reply = co_await context_.site.answer(request);
    if (current.reply.executed)
        context_.log.execute(current.record);
}

// Once it is due: what it says of the rate limits is true then.
void session::compose(exchange& current, http_request const& request)
{
    auto& plan = current.plan;
    if (auto const raw = std::get_if<behaviour::raw_bytes>(&plan.answer)) {
        current.out = {.bytes = raw->bytes, .close = plan.how};
        return;
    }
    auto& reply = current.reply;
    if (reply.settle)
        std::ranges::move(reply.settle(), std::back_inserter(reply.headers));
    bool const keep_alive =
        may_keep_alive(request) && !has_token(find_header(reply.headers, "Connection"), "close");
    if (auto const distorted = std::get_if<behaviour::distorted_answer>(&plan.answer))
        current.out = distort(distorted->how, std::move(reply), keep_alive);
    else
        current.out = transmit(
            reply, keep_alive, request.method == "HEAD" ? body_part::omit : body_part::send);
    if (plan.close_at)
        plan.close_after = position_of(*plan.close_at, current.out);
}

net::awaitable<bool> session::deliver(exchange const& current)
{
    auto const size = current.out.bytes.size();
    auto const end = std::min(size, current.plan.close_after.value_or(size));
    auto stall = current.plan.stall_after;
    std::size_t sent = 0;
    for (;;) {
        if (stall && sent == std::min(*stall, end)) {
            stall.reset();
            if (!co_await wait_for_release(current.record->sequence))
                co_return false;
        }
        if (sent == end)
            break;
        auto next = current.plan.slice == 0 ? end : std::min(sent + current.plan.slice, end);
        next = std::min(next, stall.value_or(end));
        if (!co_await send(current, sent, next))
            co_return false;
        sent = next;
        if (sent < end && !co_await wait(current.plan.pause))
            co_return false;
    }
    co_return end == size&& co_await deliver_rest(current);
}

net::awaitable<bool> session::deliver_rest(exchange const& current)
{
    for (std::size_t sent = 0; !current.out.endless.empty();) {
        sent += current.out.endless.size();
        if (sent > endless_limit || !co_await write(current.out.endless))
            co_return false;
    }
    if (current.out.late.empty())
        co_return true;
    if (!co_await wait(current.plan.pause))
        co_return true;
    co_await write(current.out.late);
    co_return true;
}

net::awaitable<bool> session::send(exchange const& current, std::size_t from, std::size_t to)
{
    auto const& out = current.out;
    // Counted first: the client may look as soon as it has the bytes.
    if (from == 0 && out.status != 0)
        context_.log.answer(current.record, out.status);
    bool const completes = out.complete_at && from < *out.complete_at && *out.complete_at <= to;
    if (completes)
        context_.log.complete(current.record, true);
    bool const written = co_await write(std::string_view{out.bytes}.substr(from, to - from));
    if (completes && !written)
        context_.log.complete(current.record, false);
    co_return written;
}

net::awaitable<bool> session::write(std::string_view bytes)
{
    stream_->expires_after(context_.options.request_timeout);
    auto const error = co_await stream_->write(bytes);
    stream_->expires_never();
    co_return !error;
}

net::awaitable<void> session::finish(exchange const& current)
{
    if (current.plan.close_after)
        co_await stream_->close(current.plan.how);
    else if (current.out.close)
        co_await stream_->close(*current.out.close);
    else
        co_await stream_->close_gently();
}

// A client that gives up must be noticed while its answer is waited for.
net::awaitable<bool> session::wait(std::chrono::microseconds time)
{
    if (time <= std::chrono::microseconds::zero())
        co_return true;
    net::steady_timer timer{co_await net::this_coro::executor, time};
    auto const first = co_await (timer.async_wait(use_result) || reader_.watch_for_close());
    co_return first.index() == 0;
}

net::awaitable<bool> session::wait_for_release(std::uint64_t sequence)
{
    net::steady_timer timer{co_await net::this_coro::executor};
    timer.expires_at(net::steady_timer::time_point::max());
    context_.stalled[sequence] = &timer;
    context_.log.update([](auto& s) { ++s.stalled; });
    auto const first = co_await (timer.async_wait(use_result) || reader_.watch_for_close());
    context_.stalled.erase(sequence);
    context_.log.update([](auto& s) { --s.stalled; });
    co_return first.index() == 0;
}

net::awaitable<void> session::discard_input()
{
    char bytes[256];
    for (;;)
        if ((co_await stream_->read_some(net::buffer(bytes))).error)
            co_return;
}

net::awaitable<void> session::stay()
{
    net::steady_timer timer{co_await net::this_coro::executor};
    timer.expires_at(net::steady_timer::time_point::max());
    stream_->expires_never();
    co_await timer.async_wait(use_result);
}

bool session::may_keep_alive(http_request const& request) const
{
    auto const limit = context_.options.max_requests_per_connection;
    return request.keep_alive && context_.options.keep_alive && (limit == 0 || requests_ < limit);
}

connection_behaviour session::plan_connection()
{
    auto const& script = context_.options.connection_script;
    if (!script)
        return connection_behaviour::serve;
    auto const plan = script(number_);
    stream_->limit({plan.close_after_received, plan.close_after_sent, plan.how});
    next_ = plan.first;
    next_closing_ = plan.how;
    return plan.what;
}

behaviour session::plan(http_request const& request, std::uint64_t sequence) const
{
    auto const& script = context_.options.script;
    if (!script)
        return {};
    return script(
        {.sequence = sequence,
         .connection = number_,
         .request_on_connection = requests_,
         .method = request.method,
         .target = request.target,
         .headers = request.headers,
         .body = request.body});
}

void session::set_idle(bool idle)
{
    if (idle) {
        context_.idle.insert(this);
    }
    else {
        context_.idle.erase(this);
        // A request was faster than the order to close.
        closed_token_.reset();
    }
    context_.log.update([&](auto& s) { s.connections_idle = context_.idle.size(); });
}

net::awaitable<void> session::send_unasked(std::string bytes, std::shared_ptr<void> token)
{
    return write_unasked(stream_, std::move(bytes), std::move(token));
}

void session::close_idle(std::shared_ptr<void> token)
{
    closed_token_ = std::move(token);
    stream_->cancel();
}

} // namespace vidi::emulation
