#include "batch.hpp"

#include <vidi/batch/remove_journal.hpp>
#include <vidi/batch/run.hpp>
#include <vidi/client.hpp>

#include "advice.hpp"
#include "bad_line_report.hpp"
#include "command.hpp"
#include "console.hpp"
#include "descriptor_limit.hpp"
#include "json_text.hpp"
#include "list_source.hpp"
#include "numbers.hpp"
#include "printable.hpp"
#include "progress_display.hpp"
#include "record_sink.hpp"
#include "record_writer.hpp"
#include "summary.hpp"
#include "tally.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/object.hpp>

#include <signal.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <utility>

namespace vidi_tool {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using clock = std::chrono::steady_clock;

// The journal is beside the output; where that is no file, there is none.
class batch
{
public:
    batch(asio::io_context& context, batch_options const& options);

    exit_status run();

private:
    asio::awaitable<void> run_it();
    vidi::batch::run_options make_run_options() const;

    void expect_signal();
    void take_signal();
    progress current_progress() const;
    void say(std::string const& message) { console_.say("vidi batch: " + message); }
    exit_status report_end();
    exit_status report_failure(std::exception_ptr const& failure);
    void report_ending();
    void report_rest();
    void report_summary();

    asio::io_context& context_;
    batch_options const& options_;
    vidi::client client_;
    std::unique_ptr<image_list> list_;
    record_writer writer_;
    console console_;
    bad_line_report bad_lines_;
    list_source source_;
    record_sink sink_;
    vidi::batch::monitor monitor_;
    asio::signal_set signals_;
    unsigned signals_taken_ = 0;
    progress_display display_;
    clock::time_point begin_ = clock::now();
    vidi::batch::summary summary_;
};

vidi::client_config make_config(batch_options const& options)
{
    auto config = make_config(options.request, options.concurrency);
    config.admission.adaptive_concurrency = !options.fixed_concurrency;
    config.admission.requests = options.requests_per_minute;
    config.admission.tokens = options.tokens_per_minute;
    return config;
}

// Before the output is opened, which may empty it.
record_target prepare_output(batch_options const& options)
{
    auto target = options.output;
    if (!resumes(options)) {
        bool const has_name = !target.is_standard_output();
        if (has_name && target.overwrite)
            vidi::batch::remove_journal(journal_of(options));
        else if (has_name && std::filesystem::exists(journal_of(options)))
            throw usage_error(
                one_line(journal_of(options)) +
                " is the journal of an earlier run; add --resume to go on with it, or --force to "
                "begin anew");
        return target;
    }
    if (target.overwrite)
        throw usage_error("--force begins anew, and --resume goes on: choose one of them");
    if (options.retry_failed && (options.list.limit != 0 || options.list.sample != 0))
        throw usage_error(
            "--retry-failed writes all results anew, and would lose those beyond --limit and "
            "--sample: leave these out");
    if (!std::filesystem::exists(journal_of(options)))
        throw usage_error(
            one_line(journal_of(options)) + " is not there, so that nothing can be gone on with; "
                                            "run it without --resume");
    target.keep = true;
    return target;
}

record_format format_of(batch_options const& options)
{
    auto const from_name =
        options.output.name.ends_with(".csv") ? record_format::csv : record_format::json_lines;
    return options.format.value_or(from_name);
}

batch::batch(asio::io_context& context, batch_options const& options)
    : context_{context}, options_{options}, client_{context, make_config(options)},
      list_{open_list(context.get_executor(), options.list)},
      writer_{context.get_executor(), prepare_output(options), list_->identity()},
      source_{
          *list_, options.request,
          [this](std::uint64_t number, std::string const& reason) {
              bad_lines_.report(console_, list_->unit(), number, reason);
          }},
      sink_{
          writer_, format_of(options),
          [this] {
              if (writer_.is_terminal())
                  console_.clear();
          }},
      signals_{context, SIGINT, SIGTERM}, display_{
                                              context.get_executor(), console_, options.progress,
                                              [this] { return current_progress(); }}
{
}

exit_status batch::run()
{
    expect_signal();
    display_.start();
    std::exception_ptr failed;
    asio::co_spawn(context_, run_it(), [&](std::exception_ptr failure) {
        failed = std::move(failure);
        display_.stop();
        signals_.cancel();
    });
    context_.run();
    if (failed)
        return report_failure(failed);
    if (auto const failure = writer_.close()) {
        say("cannot write to " + writer_.name() + ": " + failure.message());
        return exit_failures;
    }
    return report_end();
}

exit_status batch::report_failure(std::exception_ptr const& failure)
{
    summary_.progress = monitor_.snapshot();
    try {
        std::rethrow_exception(failure);
    }
    catch (vidi::batch::journal_error const& error) {
        if (source_.count() == 0)
            throw usage_error(error.what());
        say(one_line(error.what()));
    }
    catch (std::exception const& error) {
        say(one_line(error.what()));
    }
    report_rest();
    report_summary();
    return exit_failures;
}

vidi::batch::run_options batch::make_run_options() const
{
    vidi::batch::run_options result;
    result.concurrency = options_.concurrency;
    result.in_order = options_.in_order;
    result.max_requests = options_.budget_requests;
    result.max_tokens = options_.budget_tokens;
    if (!writer_.is_file())
        return result;
    result.journal = journal_of(options_);
    result.job = job_of(options_);
    if (options_.retry_failed)
        result.continuation = vidi::batch::continuation::retry_failed;
    else if (options_.resume)
        result.continuation = vidi::batch::continuation::resume;
    return result;
}

asio::awaitable<void> batch::run_it()
{
    auto settings = make_run_options();
    summary_ = co_await vidi::batch::run(client_, source_, sink_, std::move(settings), &monitor_);
}

void batch::expect_signal()
{
    signals_.async_wait([this](boost::system::error_code ec, int) {
        if (!ec)
            take_signal();
    });
}

void batch::take_signal()
{
    if (++signals_taken_ == 1) {
        say("interrupted: what is in flight is waited for; once more, and it is not");
        monitor_.stop();
        expect_signal();
        return;
    }
    monitor_.abort();
    // Another one ends the program at once.
    signals_.clear();
}

progress batch::current_progress() const
{
    return {
        .counts = monitor_.snapshot(),
        .concurrency_limit = client_.admission().concurrency_limit,
        .expected_rest = list_->expected_rest()};
}

exit_status batch::report_end()
{
    using vidi::batch::ending;
    if (summary_.ending != ending::complete)
        report_ending();
    report_summary();
    if (options_.list.sample != 0 && writer_.is_file())
        say("this was a sample; for the rest, give the same command with --resume, and without "
            "--sample and --force");
    switch (summary_.ending) {
    case ending::complete:
        return status_of(summary_.progress);
    case ending::refused:
        return exit_refused;
    case ending::budget:
        return exit_failures;
    case ending::stopped:
    case ending::aborted:
        break;
    }
    return exit_interrupted;
}

void batch::report_ending()
{
    if (summary_.ending == vidi::batch::ending::refused) {
        auto const what_to_do = advice(summary_.code);
        say("stopped, because it concerns all images: " + summary_.refusal.message +
            (what_to_do.empty() ? "" : "; " + what_to_do));
    }
    if (summary_.ending == vidi::batch::ending::budget)
        say("stopped, because the budget is used up");
    report_rest();
}

void batch::report_rest()
{
    auto const not_done = source_.count() - summary_.progress.done();
    bool const is_all_read = list_->expected_rest() == 0.0;
    say(with_separators(summary_.progress.done()) +
        " images done; not done: " + with_separators(not_done) + " of those read" +
        (is_all_read ? std::string{}
                     : " and all after " + std::string{list_->unit()} + ' ' +
                           std::to_string(source_.last_number())));
    if (writer_.is_file())
        say("to go on, give the same command with --resume, and without --force");
}

void batch::report_summary()
{
    say(format_summary(
        {.counts = summary_.progress,
         .time = clock::now() - begin_,
         .connections = client_.statistics()}));
}

} // namespace

std::string journal_of(batch_options const& options) { return options.output.name + ".journal"; }

bool resumes(batch_options const& options)
{
    bool const result = options.resume || options.retry_failed;
    if (result && options.output.is_standard_output())
        throw usage_error("--resume and --retry-failed need the output of the earlier run: add -o");
    return result;
}

std::string job_of(batch_options const& options)
{
    json::object job{{"model", options.request.model}, {"prompt", options.request.prompt}};
    if (options.request.detail)
        job["detail"] = static_cast<int>(*options.request.detail);
    if (format_of(options) == record_format::csv)
        job["format"] = "csv";
    return compact_json(job);
}

int run_batch(batch_options const& options)
{
    raise_descriptor_limit(options.concurrency);
    asio::io_context context{1};
    return batch{context, options}.run();
}

} // namespace vidi_tool
