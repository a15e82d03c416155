#include "batch.hpp"

#include <vidi/client.hpp>

#include "ask.hpp"
#include "bad_line_report.hpp"
#include "console.hpp"
#include "descriptor_limit.hpp"
#include "input_line.hpp"
#include "line_source.hpp"
#include "numbers.hpp"
#include "printable.hpp"
#include "progress_display.hpp"
#include "record.hpp"
#include "semaphore.hpp"
#include "summary.hpp"
#include "tally.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <signal.h>

#include <chrono>
#include <exception>
#include <optional>
#include <utility>
#include <variant>

namespace vidi_tool {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

// Takes one line after the other, as long as requests may be added to those in flight, and writes
// a record of each as it is done. Nothing else is kept, so the length of the list does not matter.
class batch
{
public:
    batch(asio::io_context& context, batch_options const& options);

    exit_status run();

private:
    asio::awaitable<void> go_through_list();
    asio::awaitable<void> go_through_lines();
    asio::awaitable<void> begin(list_item item, std::uint64_t line);
    asio::awaitable<void> process(list_item item, std::uint64_t line);
    asio::awaitable<void> reject(std::uint64_t line, std::string reason);
    asio::awaitable<void> finish(record_origin origin, outcome result);

    void expect_signals();
    void stop(exit_status status, std::string const& reason);
    progress_snapshot current_progress() const;
    void say(std::string const& message) { console_.say("vidi batch: " + message); }
    void report_end();

    asio::io_context& context_;
    batch_options const& options_;
    std::optional<vidi::client> client_;
    line_source source_;
    record_writer writer_;
    semaphore slots_;
    asio::signal_set signals_;
    console console_;
    bad_line_report bad_lines_;
    progress_display display_;
    clock::time_point begin_ = clock::now();
    tally tally_;
    std::uint64_t exchanges_ = 0;
    std::uint64_t images_read_ = 0;
    std::uint64_t not_done_ = 0;
    vidi::pool_statistics connections_;
    std::optional<exit_status> stopped_;
};

vidi::client_config make_config(batch_options const& options)
{
    auto config = make_config(options.request, options.concurrency);
    config.admission.adaptive_concurrency = !options.fixed_concurrency;
    config.admission.requests = options.requests_per_minute;
    config.admission.tokens = options.tokens_per_minute;
    return config;
}

batch::batch(asio::io_context& context, batch_options const& options)
    : context_{context}, options_{options},
      client_{std::in_place, context.get_executor(), make_config(options)},
      source_{context.get_executor(), options.input},
      writer_{context.get_executor(), options.output, source_.identity()},
      slots_{context.get_executor(), options.concurrency}, signals_{context, SIGINT, SIGTERM},
      display_{context.get_executor(), console_, [this] { return current_progress(); }}
{
}

exit_status batch::run()
{
    expect_signals();
    display_.start();
    asio::co_spawn(context_, go_through_list(), [](std::exception_ptr failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
    context_.run();
    report_end();
    return stopped_.value_or(status_of(tally_));
}

asio::awaitable<void> batch::go_through_list()
{
    try {
        co_await go_through_lines();
    }
    catch (boost::system::system_error const& error) {
        stop(exit_failures, "cannot read the list any further: " + error.code().message());
    }
    co_await slots_.wait_until_unused();
    if (auto const failure = writer_.close())
        stop(exit_failures, "cannot write to " + writer_.name() + ": " + failure.message());
    display_.stop();
    signals_.cancel();
}

asio::awaitable<void> batch::go_through_lines()
{
    while (auto line = co_await source_.next()) {
        auto parsed = line->too_long ? bad_line{"longer than 1 MiB"} : parse_line(line->text);
        if (auto const item = std::get_if<list_item>(&parsed))
            co_await begin(std::move(*item), line->number);
        else if (auto const bad = std::get_if<bad_line>(&parsed))
            co_await reject(line->number, std::move(bad->reason));
    }
}

asio::awaitable<void> batch::begin(list_item item, std::uint64_t line)
{
    co_await slots_.acquire();
    ++images_read_;
    asio::co_spawn(context_, process(std::move(item), line), [this](std::exception_ptr failure) {
        slots_.release();
        if (failure)
            std::rethrow_exception(failure);
    });
}

asio::awaitable<void> batch::process(list_item item, std::uint64_t line)
{
    if (stopped_) {
        ++not_done_;
        co_return;
    }
    auto result = co_await ask(
        *client_, options_.request, item.image, item.prompt.value_or(options_.request.prompt));
    if (result.response)
        exchanges_ += result.response->exchange.attempts;
    if (result.given_up) {
        ++not_done_;
        co_return;
    }
    // A temporary aggregate within a co_await expression is destroyed twice by GCC 12.
    record_origin origin{std::move(item.id), line, std::move(item.image)};
    co_await finish(std::move(origin), std::move(result));
}

asio::awaitable<void> batch::reject(std::uint64_t line, std::string reason)
{
    ++images_read_;
    bad_lines_.report(console_, line, reason);
    record_origin origin{.line = line};
    auto result = unusable("bad_line", std::move(reason));
    co_await finish(std::move(origin), std::move(result));
}

asio::awaitable<void> batch::finish(record_origin origin, outcome result)
{
    if (writer_.is_terminal())
        console_.clear();
    auto const failure = co_await writer_.write(make_record(origin, result));
    if (failure) {
        ++not_done_;
        stop(exit_failures, "cannot write to " + writer_.name() + ": " + failure.message());
        co_return;
    }
    add(tally_, result);
    if (is_hopeless(tally_, result)) {
        auto const& why = *result.failure;
        stop(
            exit_refused, "stopped, because it concerns all images: " + why.message +
                              (why.advice.empty() ? "" : "; " + why.advice));
    }
}

void batch::expect_signals()
{
    signals_.async_wait([this](boost::system::error_code ec, int) {
        if (ec)
            return;
        // From now on another signal ends the program at once.
        signals_.clear();
        stop(exit_interrupted, "interrupted");
    });
}

// Destroying the client cancels what is in flight. What has completed by then is still written.
void batch::stop(exit_status status, std::string const& reason)
{
    if (stopped_)
        return;
    stopped_ = status;
    say(reason);
    source_.stop();
    connections_ = client_->statistics();
    client_.reset();
}

progress_snapshot batch::current_progress() const
{
    progress_snapshot result{
        .shown = {
            .done = tally_.done(),
            .failed = tally_.failed,
            .in_flight = slots_.in_use(),
            .tokens = tally_.input_tokens + tally_.output_tokens}};
    auto const all_bytes = source_.at_end() ? source_.position() : source_.size();
    if (all_bytes) {
        result.position = {
            .bytes = source_.position(),
            .all_bytes = *all_bytes,
            .images = images_read_,
            .in_flight = slots_.in_use()};
    }
    return result;
}

void batch::report_end()
{
    if (stopped_) {
        say(with_separators(tally_.done()) +
            " images done; not done: " + with_separators(not_done_) + " of those read" +
            (source_.at_end() ? std::string{}
                              : " and all after line " + std::to_string(source_.line_number())));
    }
    else {
        connections_ = client_->statistics();
    }
    say(format_summary(
        {.counts = tally_,
         .time = clock::now() - begin_,
         .exchanges = exchanges_,
         .connections = connections_}));
}

} // namespace

int run_batch(batch_options const& options)
{
    raise_descriptor_limit(options.concurrency);
    asio::io_context context{1};
    return batch{context, options}.run();
}

} // namespace vidi_tool
