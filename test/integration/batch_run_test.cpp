#include <vidi/batch/run.hpp>
#include <vidi/batch/survey.hpp>

#include "client_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>

#include <gmock/gmock.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <set>
#include <thread>
#include <vector>

namespace vidi::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Items from a vector; it can fail, or wait for ever, at its end.
class vector_source final : public batch::source
{
public:
    explicit vector_source(asio::io_context& context)
        : stopped_{context, asio::steady_timer::time_point::max()}
    {
    }

    asio::awaitable<std::optional<batch::item>> next() override
    {
        if (at != items.size())
            co_return items[at++];
        if (failure)
            std::rethrow_exception(failure);
        if (endless)
            co_await stopped_.async_wait(asio::as_tuple(asio::use_awaitable));
        co_return std::nullopt;
    }

    void stop() override { stopped_.cancel(); }

    std::vector<batch::item> items;
    std::size_t at = 0;
    std::exception_ptr failure;
    bool endless = false;

private:
    asio::steady_timer stopped_;
};

// An output that records are added to, one byte each.
class vector_sink final : public batch::sink
{
public:
    asio::awaitable<std::uint64_t>
    write(batch::origin const& from, batch::result const& what) override
    {
        if (written.size() == room)
            throw std::runtime_error{"the sink is full"};
        written.emplace_back(from, what);
        co_return written.size();
    }

    std::uint64_t size() override { return written.size(); }

    void synchronise() override
    {
        if (unsafe.exchange(false))
            throw std::runtime_error{"the disk is broken"};
    }

    void cut(std::uint64_t size) override { written.resize(static_cast<std::size_t>(size)); }

    std::vector<std::uint64_t> positions() const
    {
        std::vector<std::uint64_t> result;
        for (auto const& [from, what] : written)
            result.push_back(from.position);
        return result;
    }

    std::vector<std::pair<batch::origin, batch::result>> written;
    std::size_t room = std::size_t(-1);
    // It cannot be made safe, which the system says once.
    std::atomic<bool> unsafe = false;
};

class batch_run : public client_test
{
protected:
    batch_run() : source{context}
    {
        std::string name = std::filesystem::temp_directory_path() / "vidi-batch-XXXXXX";
        if (!::mkdtemp(name.data()))
            throw std::runtime_error{"cannot make a directory for the test"};
        directory_ = name;
        options.concurrency = 4;
    }

    ~batch_run() override { std::filesystem::remove_all(directory_); }

    void keep_journal() { options.journal = directory_ / "journal"; }

    void add(std::string const& prompt)
    {
        batch::item added;
        added.origin.position = source.items.size() + 1;
        added.origin.image = "red.png";
        added.question = ask(prompt);
        source.items.push_back(std::move(added));
    }

    void add_unusable()
    {
        batch::item added;
        added.origin.position = source.items.size() + 1;
        added.question = batch::unusable{.kind = "bad_line", .message = "no image"};
        source.items.push_back(std::move(added));
    }

    void add_many(int number)
    {
        for (int i = 0; i != number; ++i)
            add("question " + std::to_string(i));
    }

    batch::summary run_batch(batch::monitor* watch = nullptr)
    {
        return run(batch::run(client(), source, sink, options, watch));
    }

    // The next run of the same job, in the same process.
    batch::summary resume(batch::continuation how = batch::continuation::resume)
    {
        source.at = 0;
        options.continuation = how;
        return run_batch();
    }

    batch::survey look(batch::survey_options settings = {})
    {
        source.at = 0;
        return run(batch::look_over(source, std::move(settings)));
    }

    std::size_t requests() const { return server->ledger().size(); }

    vector_source source;
    vector_sink sink;
    batch::run_options options;

private:
    std::filesystem::path directory_;
};

TEST_F(batch_run, answers_every_item)
{
    start();
    add_many(20);
    add_unusable();
    auto const summary = run_batch();
    EXPECT_EQ(summary.ending, batch::ending::complete);
    EXPECT_EQ(summary.not_done, 0U);
    EXPECT_EQ(summary.progress.succeeded, 20U);
    EXPECT_EQ(summary.progress.failed, 1U);
    EXPECT_EQ(summary.progress.asked, 20U);
    EXPECT_EQ(summary.progress.attempts, 20U);
    EXPECT_GT(summary.progress.input_tokens, 0);
    EXPECT_EQ(summary.progress.failures, (std::map<std::string, std::uint64_t>{{"bad_line", 1}}));
    ASSERT_THAT(sink.written, SizeIs(21));
    std::set<std::uint64_t> positions;
    for (auto const& [from, what] : sink.written) {
        positions.insert(from.position);
        if (from.position != 21) {
            EXPECT_THAT(what.text, HasSubstr("question " + std::to_string(from.position - 1)));
        }
    }
    EXPECT_THAT(positions, SizeIs(21));
    EXPECT_EQ(requests(), 20U);
    expect_nothing_in_use();
}

TEST_F(batch_run, of_nothing_is_complete)
{
    start();
    EXPECT_EQ(run_batch().ending, batch::ending::complete);
    EXPECT_THAT(sink.written, IsEmpty());
}

TEST_F(batch_run, asks_doubles_once_and_answers_each)
{
    start();
    keep_journal();
    for (auto const* prompt : {"a", "b", "a", "a", "c", "b"})
        add(prompt);
    auto const summary = run_batch();
    EXPECT_EQ(requests(), 3U);
    EXPECT_EQ(summary.progress.doubles, 3U);
    ASSERT_THAT(sink.written, SizeIs(6));
    std::map<std::uint64_t, std::string> answers;
    for (auto const& [from, what] : sink.written)
        answers[from.position] = what.text;
    EXPECT_EQ(answers[1], answers[3]);
    EXPECT_EQ(answers[1], answers[4]);
    EXPECT_EQ(answers[2], answers[6]);
    EXPECT_NE(answers[1], answers[2]);
}

TEST_F(batch_run, without_a_journal_doubles_wait_for_the_one_in_flight)
{
    start();
    for (int i = 0; i != 4; ++i)
        add("a");
    auto const summary = run_batch();
    EXPECT_EQ(requests(), 1U);
    EXPECT_EQ(summary.progress.doubles, 3U);
    EXPECT_THAT(sink.written, SizeIs(4));
}

TEST_F(batch_run, goes_on_where_it_ended)
{
    start();
    keep_journal();
    add_many(20);
    options.max_requests = 7;
    auto const first = run_batch();
    EXPECT_EQ(first.ending, batch::ending::budget);
    EXPECT_EQ(requests(), 7U);
    EXPECT_THAT(sink.written, SizeIs(7));

    options.max_requests = 0;
    auto const second = resume();
    EXPECT_EQ(second.ending, batch::ending::complete);
    EXPECT_EQ(second.progress.succeeded, 20U);
    EXPECT_EQ(second.progress.found_before, 7U);
    EXPECT_EQ(second.progress.asked, 13U);
    EXPECT_EQ(requests(), 20U);
    auto const positions = sink.positions();
    EXPECT_THAT(positions, SizeIs(20));
    EXPECT_THAT(std::set<std::uint64_t>(positions.begin(), positions.end()), SizeIs(20));

    auto const third = resume();
    EXPECT_EQ(third.progress.found_before, 20U);
    EXPECT_EQ(requests(), 20U);
    EXPECT_THAT(sink.written, SizeIs(20));
}

TEST_F(batch_run, writes_anew_what_the_output_has_lost)
{
    start();
    keep_journal();
    add_many(10);
    run_batch();
    sink.written.resize(4);
    auto const kept = sink.positions();
    resume();
    EXPECT_EQ(requests(), 10U);
    ASSERT_THAT(sink.written, SizeIs(10));
    auto const now = sink.positions();
    EXPECT_TRUE(std::equal(kept.begin(), kept.end(), now.begin()));
    EXPECT_THAT(std::set<std::uint64_t>(now.begin(), now.end()), SizeIs(10));
}

TEST_F(batch_run, asks_again_what_was_in_flight_and_says_so)
{
    start([](request_view const& r) { return r.sequence <= 2 ? behaviour::stall() : behaviour{}; });
    keep_journal();
    add_many(2);
    batch::monitor watch;
    auto future = asio::co_spawn(
        context, batch::run(client(), source, sink, options, &watch), asio::use_future);
    run_until_server([](auto const& s) { return s.requests == 2; });
    EXPECT_EQ(watch.snapshot().in_flight, 2U);
    std::thread{[&] { watch.abort(); }}.join();
    run_until([&] { return future.wait_for(0s) == std::future_status::ready; });
    auto const first = future.get();
    EXPECT_EQ(first.ending, batch::ending::aborted);
    EXPECT_EQ(first.not_done, 2U);
    EXPECT_EQ(first.progress.possibly_billed, 2U);

    auto const second = resume();
    EXPECT_EQ(second.progress.succeeded, 2U);
    EXPECT_EQ(second.progress.interrupted, 2U);
    ASSERT_THAT(sink.written, SizeIs(2));
    for (auto const& [from, what] : sink.written)
        EXPECT_EQ(what.interrupted, 1U);
    EXPECT_EQ(requests(), 4U);
}

TEST_F(batch_run, what_was_not_sent_is_not_marked)
{
    start([](request_view const&) { return behaviour::stall(); });
    keep_journal();
    config.admission.adaptive_concurrency = false;
    config.pool.max_connections = 1;
    add_many(3);
    batch::monitor watch;
    auto future = asio::co_spawn(
        context, batch::run(client(), source, sink, options, &watch), asio::use_future);
    run_until_server([](auto const& s) { return s.requests == 1; });
    run_until([&] { return client().statistics().waiting == 2; });
    watch.abort();
    run_until([&] { return future.wait_for(0s) == std::future_status::ready; });
    EXPECT_EQ(future.get().not_done, 3U);
    batch::journal_reader const reader{options.journal};
    EXPECT_EQ(reader.counts().in_flight, 1U);
}

TEST_F(batch_run, stops_when_what_is_in_flight_is_done)
{
    start([](request_view const& r) {
        return r.sequence <= 4 ? behaviour::normal(100ms) : behaviour{};
    });
    add_many(50);
    batch::monitor watch;
    auto future = asio::co_spawn(
        context, batch::run(client(), source, sink, options, &watch), asio::use_future);
    run_until_server([](auto const& s) { return s.requests == 4; });
    watch.stop();
    run_until([&] { return future.wait_for(0s) == std::future_status::ready; });
    auto const summary = future.get();
    EXPECT_EQ(summary.ending, batch::ending::stopped);
    EXPECT_EQ(summary.progress.succeeded, 4U);
    EXPECT_EQ(requests(), 4U);
}

TEST_F(batch_run, stops_though_the_source_waits)
{
    start();
    source.endless = true;
    add("a");
    batch::monitor watch;
    auto future = asio::co_spawn(
        context, batch::run(client(), source, sink, options, &watch), asio::use_future);
    run_until([&] { return watch.snapshot().succeeded == 1; });
    watch.stop();
    run_until([&] { return future.wait_for(0s) == std::future_status::ready; });
    EXPECT_EQ(future.get().progress.succeeded, 1U);
}

TEST_F(batch_run, keeps_the_order_if_asked)
{
    start([](request_view const& r) {
        return r.sequence == 1 ? behaviour::normal(200ms) : behaviour{};
    });
    options.in_order = true;
    keep_journal();
    for (auto const* prompt : {"a", "b", "a", "c", "d", "e", "f"})
        add(prompt);
    run_batch();
    EXPECT_THAT(sink.positions(), ElementsAre(1, 2, 3, 4, 5, 6, 7));
}

// The second is answered before the first is.
TEST_F(batch_run, in_order_ends_though_an_item_has_no_result)
{
    start([](request_view const& r) {
        return r.sequence == 1 ? behaviour::stall() : behaviour::error(401, "no");
    });
    options.in_order = true;
    options.concurrency = 3;
    add_many(20);
    auto const summary = run_batch();
    EXPECT_EQ(summary.ending, batch::ending::refused);
    EXPECT_EQ(summary.not_done + sink.written.size(), source.at);
}

TEST_F(batch_run, in_order_results_behind_a_gap_come_with_the_next_run)
{
    start([](request_view const& r) { return r.sequence == 2 ? behaviour::stall() : behaviour{}; });
    keep_journal();
    options.in_order = true;
    options.concurrency = 2;
    add_many(6);
    batch::monitor watch;
    std::optional<batch::summary> summary;
    asio::co_spawn(
        context, batch::run(client(), source, sink, options, &watch),
        [&](std::exception_ptr failure, batch::summary result) {
            EXPECT_FALSE(failure);
            summary = std::move(result);
        });
    run_until_server([](auto const& s) { return s.stalled == 1 && s.requests >= 3; });
    watch.abort();
    run_until([&] { return summary.has_value(); });
    EXPECT_EQ(summary->ending, batch::ending::aborted);
    EXPECT_LT(sink.written.size(), 6U);
    EXPECT_EQ(resume().ending, batch::ending::complete);
    EXPECT_THAT(sink.positions(), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(batch_run, in_order_ends_at_a_budget)
{
    start();
    keep_journal();
    options.concurrency = 4;
    options.max_requests = 3;
    add_many(10);
    run_batch();
    options.in_order = true;
    auto const summary = resume();
    EXPECT_EQ(summary.ending, batch::ending::budget);
    options.max_requests = 0;
    EXPECT_EQ(resume().ending, batch::ending::complete);
    std::set<std::uint64_t> all;
    for (auto const position : sink.positions())
        all.insert(position);
    EXPECT_THAT(all, SizeIs(10));
    EXPECT_THAT(sink.written, SizeIs(10));
}

TEST_F(batch_run, ends_when_all_are_refused)
{
    start([](request_view const&) { return behaviour::error(401, "no"); });
    keep_journal();
    add_many(100);
    auto const summary = run_batch();
    EXPECT_EQ(summary.ending, batch::ending::refused);
    EXPECT_EQ(summary.refusal.kind, "authentication_failed");
    EXPECT_EQ(summary.code, errc::authentication_failed);
    EXPECT_LE(requests(), 4U);
    EXPECT_LE(sink.written.size(), 4U);
}

TEST_F(batch_run, asks_again_what_failed_if_told_to)
{
    start([](request_view const& r) {
        return r.sequence <= 5 ? behaviour::error(500, "no") : behaviour{};
    });
    keep_journal();
    add_many(10);
    EXPECT_EQ(run_batch().progress.failed, 5U);
    EXPECT_EQ(resume().progress.failed, 5U);
    EXPECT_EQ(requests(), 10U);
    auto const last = resume(batch::continuation::retry_failed);
    EXPECT_EQ(last.progress.succeeded, 10U);
    EXPECT_EQ(requests(), 15U);
    ASSERT_THAT(sink.written, SizeIs(10));
    for (auto const& [from, what] : sink.written)
        EXPECT_FALSE(what.failure);
}

TEST_F(batch_run, ends_if_the_sink_fails)
{
    start();
    keep_journal();
    sink.room = 3;
    add_many(20);
    EXPECT_THROW(run_batch(), std::runtime_error);
    EXPECT_THAT(sink.written, SizeIs(3));
    sink.room = 100;
    resume();
    EXPECT_THAT(sink.written, SizeIs(20));
    EXPECT_LE(requests(), 24U);
}

// It is made safe each second, also while an answer is waited for.
TEST_F(batch_run, ends_if_the_output_cannot_be_made_safe)
{
    start([](request_view const& r) {
        return r.sequence == 2 ? behaviour::normal(1500ms) : behaviour{};
    });
    keep_journal();
    options.concurrency = 1;
    add_many(3);
    sink.unsafe = true;
    EXPECT_THROW(run_batch(), std::runtime_error);
    EXPECT_EQ(resume().ending, batch::ending::complete);
}

TEST_F(batch_run, ends_if_the_source_fails_when_what_is_in_flight_is_done)
{
    start();
    add_many(3);
    source.failure = std::make_exception_ptr(std::out_of_range{"no more"});
    EXPECT_THROW(run_batch(), std::out_of_range);
    EXPECT_THAT(sink.written, SizeIs(3));
}

TEST_F(batch_run, can_be_cancelled)
{
    start([](request_view const&) { return behaviour::stall(); });
    add_many(10);
    asio::cancellation_signal signal;
    std::optional<batch::summary> summary;
    asio::co_spawn(
        context, batch::run(client(), source, sink, options),
        asio::bind_cancellation_slot(
            signal.slot(), [&](std::exception_ptr failure, batch::summary result) {
                EXPECT_FALSE(failure);
                summary = std::move(result);
            }));
    run_until_server([](auto const& s) { return s.requests == 4; });
    signal.emit(asio::cancellation_type::terminal);
    run_until([&] { return summary.has_value(); });
    EXPECT_EQ(summary->ending, batch::ending::aborted);
    // Four with the server, and as many that wait for their place.
    EXPECT_EQ(summary->not_done, 8U);
    expect_nothing_in_use();
}

TEST_F(batch_run, can_be_stopped_before_it_begins)
{
    start();
    add_many(3);
    batch::monitor watch;
    watch.stop();
    EXPECT_EQ(run_batch(&watch).ending, batch::ending::stopped);
    EXPECT_EQ(requests(), 0U);
    batch::monitor aborted;
    aborted.abort();
    EXPECT_EQ(run_batch(&aborted).ending, batch::ending::aborted);
}

TEST_F(batch_run, many_doubles_are_answered_together)
{
    start();
    keep_journal();
    options.concurrency = 64;
    for (int i = 0; i != 500; ++i)
        add("the same");
    EXPECT_EQ(run_batch().progress.doubles, 499U);
    EXPECT_EQ(requests(), 1U);
    EXPECT_THAT(sink.written, SizeIs(500));
}

TEST_F(batch_run, a_survey_of_a_new_job_is_a_guess)
{
    start();
    add_many(3);
    add("question 1");
    add_unusable();
    auto const found = look();
    EXPECT_EQ(found.items, 5U);
    EXPECT_EQ(found.unusable, (std::map<std::string, std::uint64_t>{{"bad_line", 1}}));
    EXPECT_EQ(found.doubles, 1U);
    EXPECT_EQ(found.questions, 3U);
    EXPECT_EQ(found.answers_known, 0U);
    EXPECT_GT(found.input_tokens, 3);
    EXPECT_GT(found.output_tokens, 3);
    EXPECT_EQ(requests(), 0U);
}

TEST_F(batch_run, a_survey_goes_by_what_the_journal_knows)
{
    start([](request_view const& r) {
        return r.sequence == 2 ? behaviour::error(400, "no") : behaviour{};
    });
    keep_journal();
    options.concurrency = 1;
    add_many(3);
    auto const counts = run_batch().progress;
    ASSERT_EQ(counts.failed, 1U);
    add("question 0");
    add("question 7");
    add("question 8");
    auto const found = look({.journal = options.journal});
    EXPECT_EQ(found.items, 6U);
    EXPECT_EQ(found.done, 3U);
    EXPECT_EQ(found.doubles, 1U);
    EXPECT_EQ(found.questions, 2U);
    EXPECT_EQ(found.answers_known, 2U);
    EXPECT_EQ(found.input_tokens, counts.input_tokens);
    EXPECT_EQ(found.output_tokens, counts.output_tokens);
    EXPECT_EQ(look({.journal = options.journal, .retry_failed = true}).questions, 3U);
    EXPECT_THROW(look({.journal = options.journal / "none"}), batch::journal_error);
}

TEST_F(batch_run, refuses_the_journal_of_another_job)
{
    start();
    keep_journal();
    options.job = "{\"model\":\"a\"}";
    add("a");
    run_batch();
    options.job = "{\"model\":\"b\"}";
    EXPECT_THROW(resume(), batch::journal_error);
    options.continuation = batch::continuation::none;
    EXPECT_THROW(run_batch(), batch::journal_error);
    EXPECT_EQ(requests(), 1U);
}

} // namespace
} // namespace vidi::testing
