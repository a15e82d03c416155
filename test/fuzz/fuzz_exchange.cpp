// A response that is any bytes, cut up anywhere, ends the exchange in one way or another; and in
// the same way as if it had come in one piece.

#include "fuzz/fuzzing.hpp"
#include "protocol/response_head.hpp"
#include "support/scripted_peer.hpp"
#include "transport/exchange.hpp"
#include "transport/operation.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>

namespace {

using namespace vidi::transport;
using vidi_fuzz::expect;
using vidi_fuzz::script;

struct outcome
{
    exchange_result result;
    vidi::exchange_info exchange;
};

// Where the head is faulty, or about as large as it may be, the parser decides differently when it
// comes in pieces. And whether the connection can be used again depends on what has arrived at the
// end of the response.
bool same(outcome const& a, outcome const& b)
{
    auto const too_large = vidi::errc::response_head_too_large;
    if ((a.result.failure && b.result.failure) || a.result.failure == too_large ||
        b.result.failure == too_large)
        return true;
    return a.result.failure == b.result.failure && a.result.status == b.result.status &&
           a.result.body == b.result.body && a.exchange.request_id == b.exchange.request_id &&
           a.exchange.retry_after == b.exchange.retry_after &&
           a.exchange.rate_limit == b.exchange.rate_limit;
}

class one_exchange final : public operation
{
public:
    one_exchange(operation_environment const& environment, vidi_test::stream_socket socket)
        : operation{environment}, connection_{std::move(socket)}
    {
    }

    void start() { operation::start(run()); }

    std::optional<outcome> ended;

private:
    task<void> run()
    {
        outcome now;
        now.result = co_await exchange_messages(
            *this, connection_, "GET / HTTP/1.1\r\n\r\n", times_, bounds_,
            &vidi::protocol::read_header, now.exchange);
        ended = std::move(now);
    }

    void on_cancel(boost::asio::cancellation_type) override {}
    void finished(vidi::error_code failure) override { expect(!failure); }

    connection connection_;
    // No limits, so that no input depends on the clock.
    vidi::timeouts times_{.write{0}, .response_head{0}, .response_body_idle{0}};
    vidi::limits bounds_{.response_head = 1024, .response_body = 4096};
};

boost::asio::io_context& context()
{
    static boost::asio::io_context instance{1};
    return instance;
}

void run_all()
{
    context().restart();
    context().poll();
}

// Sends `text` in pieces, and then the end of the stream.
template <class NextPiece>
outcome exchange(std::string_view text, NextPiece next_piece)
{
    static operation_environment const environment{context().get_executor(), true};
    auto [here, there] = vidi_test::make_socket_pair(context());
    auto const running = std::make_shared<one_exchange>(environment, std::move(here));
    running->start();
    run_all();
    while (!text.empty() && !running->ended) {
        auto const size = std::min(text.size(), next_piece());
        there.write_some(boost::asio::buffer(text.substr(0, size)));
        text.remove_prefix(size);
        run_all();
    }
    there.shutdown(boost::asio::socket_base::shutdown_send);
    run_all();
    expect(running->ended.has_value());
    return std::move(*running->ended);
}

} // namespace

// The first bytes say where to cut, the others are the response.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    script input{data, size};
    auto const cuts = input.take(input.byte() % 8);
    auto const text = input.take(size);
    std::size_t next = 0;
    auto const in_pieces = exchange(text, [&] {
        return next == cuts.size() ? 64 * 1024
                                   : std::size_t{1} + static_cast<std::uint8_t>(cuts[next++]);
    });
    auto const whole = exchange(text, [&] { return text.size(); });
    expect(same(in_pieces, whole));
    return 0;
}
