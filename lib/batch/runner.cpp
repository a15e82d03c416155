#include "batch/runner.hpp"

#include <vidi/json.hpp>

#include "batch/monitor.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

namespace vidi::batch {
namespace {

namespace asio = boost::asio;

identity identity_of(item const& taken)
{
    if (auto const question = std::get_if<request>(&taken.question))
        return identify(serialize(*question));
    // No request begins like this.
    auto const& why = std::get<unusable>(taken.question);
    return identify(why.kind + '\n' + why.message + '\n' + taken.origin.image);
}

run_options with_concurrency(run_options options)
{
    options.concurrency = std::max<std::size_t>(1, options.concurrency);
    return options;
}

result result_of(unusable const& why)
{
    result made;
    made.failure = failure{.kind = why.kind, .message = why.message};
    return made;
}

} // namespace

runner::runner(
    asio::any_io_executor executor, vidi::client& client, batch::source& source, batch::sink& sink,
    run_options options, monitor* watch)
    : executor_{std::move(executor)}, client_{client}, source_{source}, sink_{sink},
      options_{with_concurrency(std::move(options))}, watch_{watch},
      account_{std::make_shared<account>()}, slots_{executor_, 2 * options_.concurrency},
      requests_{executor_, options_.concurrency}, turn_{executor_, 1},
      next_changed_{executor_}, ended_{executor_}
{
}

runner::~runner() = default;

void runner::open()
{
    if (options_.journal.empty())
        return;
    bool const resumes = options_.continuation != continuation::none;
    auto opened = std::make_unique<journal>(
        options_.journal, resumes ? journal_mode::resume : journal_mode::create, options_.job);
    if (resumes) {
        bool const anew =
            options_.continuation == continuation::retry_failed && opened->reopen_failed() != 0;
        sink_.cut(opened->settle_output(anew ? 0 : sink_.size()));
    }
    // When so many wait for it, most of those that may come have come.
    journal_.emplace(
        executor_, std::move(opened), options_.concurrency, [this] { sink_.synchronise(); });
}

void runner::start()
{
    if (watch_)
        watch_->self_->attach(executor_, shared_from_this(), account_);
    asio::co_spawn(executor_, go(), [self = shared_from_this()](std::exception_ptr failure) {
        if (failure)
            self->fail(failure);
        self->over_ = true;
        self->ended_.wake_all();
    });
}

asio::awaitable<void> runner::wait()
{
    bool const throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!over_) {
        co_await ended_.wait();
        auto const state = co_await asio::this_coro::cancellation_state;
        if (!over_ && state.cancelled() != asio::cancellation_type::none)
            abort();
    }
    co_await asio::this_coro::throw_if_cancelled(throws);
}

summary runner::take_summary()
{
    if (failure_)
        std::rethrow_exception(failure_);
    summary_.ending = stopped_.value_or(ending::complete);
    summary_.progress = account_->snapshot();
    return std::move(summary_);
}

asio::awaitable<void> runner::go()
{
    co_await take_items();
    co_await slots_.wait_until_unused();
    if (journal_)
        co_await journal_->flush();
    journal_.reset();
}

asio::awaitable<void> runner::take_items()
{
    for (std::uint64_t number = 0;; ++number) {
        co_await slots_.acquire();
        auto taken = co_await take();
        if (!taken) {
            slots_.release();
            co_return;
        }
        ++in_work_;
        tell();
        asio::co_spawn(
            executor_, work_on(*std::move(taken), number),
            [self = shared_from_this()](std::exception_ptr failure) {
                --self->in_work_;
                self->slots_.release();
                self->tell();
                if (failure)
                    self->fail(failure);
            });
    }
}

// None at the end, and after a failure.
asio::awaitable<std::optional<item>> runner::take()
{
    if (stopped_)
        co_return std::nullopt;
    try {
        co_return co_await source_.next();
    }
    catch (...) {
        if (!failure_)
            failure_ = std::current_exception();
    }
    co_return std::nullopt;
}

asio::awaitable<void> runner::work_on(item taken, std::uint64_t number)
{
    auto found = co_await find(taken);
    if (!found && journal_)
        hold_back_after(number);
    if (options_.in_order && !co_await wait_for_turn(number)) {
        ++summary_.not_done;
        co_return;
    }
    if (found)
        co_await deliver(taken.origin, *std::move(found));
    else
        ++summary_.not_done;
    pass_turn();
}

// Whoever has the same question waits until it is answered.
asio::awaitable<std::optional<runner::finding>> runner::find(item const& taken)
{
    auto const question = identity_of(taken);
    for (auto other = flights_.find(question); other != flights_.end();
         other = flights_.find(question)) {
        auto const awaited = other->second;
        co_await awaited->landed.wait();
        if (awaited->found)
            co_return co_await find_twin(taken, question, *awaited->found);
    }
    auto const own = std::make_shared<flight>(executor_);
    flights_.emplace(question, own);
    std::optional<finding> found;
    std::exception_ptr failure;
    try {
        found = co_await find_first(taken, question);
        if (found)
            own->found = found->result;
    }
    catch (...) {
        failure = std::current_exception();
    }
    flights_.erase(question);
    own->landed.wake_all();
    if (failure)
        std::rethrow_exception(failure);
    co_return found;
}

// With an entry of its own in the journal.
asio::awaitable<std::optional<runner::finding>>
runner::find_twin(item const& taken, identity const& question, result answer)
{
    bool reported = false;
    if (journal_)
        reported = (co_await journal_->enter(taken.origin, question)).reported;
    co_return known(std::move(answer), reported);
}

asio::awaitable<std::optional<runner::finding>>
runner::find_first(item const& taken, identity const& question)
{
    standing stands;
    std::optional<result> answer;
    bool sent = false;
    {
        // First, since the journal says of what is entered that it may have been sent.
        co_await requests_.acquire();
        permit const held{requests_};
        if (journal_)
            stands = co_await journal_->enter(taken.origin, question);
        if (stands.result)
            co_return known(*std::move(stands.result), stands.reported);
        answer = co_await find_answer(taken, stands, sent);
    }
    if (!answer) {
        if (journal_ && !sent)
            co_await journal_->forget(stands.question);
        co_return std::nullopt;
    }
    answer->interrupted = stands.interrupted;
    answer->completed =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    if (journal_)
        co_await journal_->finish(stands.question, *answer);
    finding made{.result = *std::move(answer)};
    co_return made;
}

runner::finding runner::known(result what, bool reported) const
{
    bool const of_this_run = what.completed >= begin_;
    return {
        .result = std::move(what),
        .how = of_this_run ? provenance::twin : provenance::journal,
        .reported = reported};
}

asio::awaitable<std::optional<result>>
runner::find_answer(item const& taken, standing const& stands, bool& sent)
{
    auto const asked = std::get_if<request>(&taken.question);
    if (!asked)
        co_return result_of(std::get<unusable>(taken.question));
    if (stands.interrupted != 0)
        account_->asks_again();
    co_return co_await ask(*asked, sent);
}

asio::awaitable<std::optional<result>> runner::ask(request const& question, bool& sent)
{
    if (is_over_budget())
        stop(ending::budget);
    if (stopped_)
        co_return std::nullopt;
    auto const signal = std::make_shared<asio::cancellation_signal>();
    at_client_.insert(signal);
    tell();
    auto const [code, response] = co_await client_.async_create(
        question,
        asio::bind_cancellation_slot(signal->slot(), asio::as_tuple(asio::use_awaitable)));
    at_client_.erase(signal);
    tell();
    if (code == asio::error::operation_aborted) {
        sent = response.exchange.attempts != 0;
        account_->cancelled(response);
        if (!stopped_)
            abort();
        co_return std::nullopt;
    }
    auto given = judge(code, response);
    account_->answered(given);
    stop_if_refused(given);
    co_return std::move(given.result);
}

asio::awaitable<void> runner::deliver(origin const& from, finding found)
{
    if (found.reported) {
        account_->done(found.result, found.how);
        co_return;
    }
    co_await turn_.acquire();
    std::uint64_t end = 0;
    std::exception_ptr failure = sink_failure_;
    try {
        if (!failure)
            end = co_await sink_.write(from, found.result);
    }
    catch (...) {
        failure = sink_failure_ = std::current_exception();
    }
    turn_.release();
    if (failure) {
        ++summary_.not_done;
        std::rethrow_exception(failure);
    }
    if (journal_)
        journal_->report(from.position, end);
    account_->done(found.result, found.how);
}

// False if it will never come.
asio::awaitable<bool> runner::wait_for_turn(std::uint64_t number)
{
    while (number != next_ && number < gap_ && !aborted_)
        co_await next_changed_.wait();
    bool const comes = number == next_ && number < gap_;
    co_return comes;
}

// The item has no result. What is in the journal after it, the next run hands over in order.
void runner::hold_back_after(std::uint64_t number)
{
    gap_ = std::min(gap_, number);
    next_changed_.wake_all();
}

void runner::pass_turn()
{
    ++next_;
    next_changed_.wake_all();
}

bool runner::is_over_budget() const
{
    auto const requests = account_->requests() + at_client_.size();
    return (options_.max_requests != 0 && requests >= options_.max_requests) ||
           (options_.max_tokens != 0 && account_->tokens() >= options_.max_tokens);
}

void runner::stop_if_refused(verdict const& given)
{
    if (stopped_ || options_.refusals == 0 || !given.result.failure)
        return;
    bool const all = given.concerns == reach::all_items;
    bool const convincing = given.concerns == reach::perhaps_all &&
                            account_->refused_from_the_first() >= options_.refusals;
    if (!all && !convincing)
        return;
    summary_.refusal = *given.result.failure;
    summary_.code = given.code;
    stop(ending::refused);
    // They would fail like it.
    cancel(asio::cancellation_type::terminal);
}

// What waits to be sent is cancelled; what is on its way completes.
void runner::stop(ending why)
{
    if (stopped_)
        return;
    stopped_ = why;
    source_.stop();
    if (why != ending::budget)
        cancel(asio::cancellation_type::total);
}

void runner::abort()
{
    if (aborted_)
        return;
    aborted_ = true;
    stop(ending::aborted);
    stopped_ = ending::aborted;
    cancel(asio::cancellation_type::terminal);
    next_changed_.wake_all();
}

// Emitting may complete an operation at once, and so change the set.
void runner::cancel(asio::cancellation_type what)
{
    std::vector<std::shared_ptr<asio::cancellation_signal>> const all{
        at_client_.begin(), at_client_.end()};
    for (auto const& each : all)
        each->emit(what);
}

void runner::fail(std::exception_ptr failure)
{
    if (!failure_)
        failure_ = std::move(failure);
    abort();
}

void runner::tell() { account_->working_on(in_work_, at_client_.size()); }

asio::awaitable<summary>
run(client& client, source& source, sink& sink, run_options options, monitor* watch)
{
    auto const executor = co_await asio::this_coro::executor;
    auto const running =
        std::make_shared<runner>(executor, client, source, sink, std::move(options), watch);
    running->open();
    running->start();
    co_await running->wait();
    co_return running->take_summary();
}

} // namespace vidi::batch
