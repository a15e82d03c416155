#include "client/create_operation.hpp"

#include "client/attempt_race.hpp"
#include "transport/pause.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

namespace vidi {

using transport::task;

void create_operation::start(
    std::shared_ptr<client_state> shared, handler h, detail::prepared_request request)
{
    auto const timeout = request.timeout.value_or(shared->config.timeouts.operation);
    if (auto const& told = shared->config.observer; told && !request.failure)
        told->on_begin({request.client_request_id, request.model, request.text.view().size()});
    auto const self =
        std::make_shared<create_operation>(std::move(shared), std::move(h), std::move(request));
    self->limit(timeout, errc::operation_timeout);
    self->completion_.connect_slot(self);
    self->launch(self->create());
}

create_operation::create_operation(
    std::shared_ptr<client_state> s, handler h, detail::prepared_request request)
    : outstanding_operation{std::move(s)},
      completion_{std::move(h), executor()}, request_{std::move(request)},
      admittance_{*shared().gatekeeper, request_.lane, request_.tokens}, failure_{request_.failure}
{
}

task<void> create_operation::create()
{
    while (!failure_) {
        if (!admittance_.try_enter()) {
            failure_ = co_await enter();
            if (failure_)
                co_return;
        }
        begin_attempt();
        if (auto const first_alone = shared().retries.hedge_after(retries_ == 0 && !replayed_))
            co_await try_beside(*first_alone);
        else
            co_await attempt_->run(*this, text_for(attempt_->number), reuse_);
        auto const next = settle();
        if (!next)
            co_return;
        co_await wait(*next);
    }
}

task<error_code> create_operation::enter()
{
    transport::stopwatch watch;
    auto const failure = co_await admittance_.enter(*this, shared().config.timeouts.admission);
    waits_.admission += watch.lap();
    co_return failure;
}

void create_operation::begin_attempt() { attempt_.emplace(shared(), latest_number_ + 1); }

// The text is made for the first attempt.
std::string_view create_operation::text_for(unsigned number)
{
    if (number != 1)
        request_.text.set_attempt(number);
    return request_.text.view();
}

task<void> create_operation::try_beside(duration first_alone)
{
    transport::stopwatch watch;
    auto const number = attempt_->number;
    (void)text_for(number);
    auto const text = std::make_shared<detail::request_text const>(std::move(request_.text));
    auto const race = std::make_shared<attempt_race>(*this, state());
    race->start(text, number, reuse_);
    racing_ = true;
    begin_stage(first_alone, {});
    co_await race->wait();
    end_stage();
    if (!race->decided() && !stopped()) {
        race->start_beside(text, number + 1, *request_.lane, request_.tokens);
        co_await race->wait();
    }
    co_await race->end_all();
    request_.text = *text;
    unused_ = race->take_attempts();
    attempt_.emplace(std::move(unused_.front()));
    // One that is cut off was as slow as this at least.
    attempt_->latency = watch.lap();
    unused_.erase(unused_.begin());
    for (auto& each : unused_)
        count_unused(each);
    racing_ = false;
    if (stopped() && attempt_->failure)
        attempt_->failure = *interruption();
}

// Counts an attempt that has ended, and says whether it may have been charged for unseen.
bool create_operation::count(attempt const& a)
{
    bool const billed = a.possibly_billed();
    if (billed) {
        ++possibly_billed_;
        shared().retries.count_possibly_billed();
    }
    if (a.began()) {
        ++attempts_;
        hedges_ += a.hedge;
        latest_number_ = std::max(latest_number_, a.number);
    }
    else if (a.hedge) {
        shared().retries.give_back_hedge();
    }
    return billed;
}

// Of one beside another that answered: what it was answered is lost.
void create_operation::count_unused(attempt& a)
{
    if (!a.answer)
        a.understand();
    if (!a.hedge)
        admittance_.end(a.result());
    shared().retries.count(a.failure);
    if (!a.failure)
        a.failure = asio::error::operation_aborted;
    count(a);
}

// What the attempt has come to: how long to wait before the next, or nothing if it was the last.
std::optional<create_operation::duration> create_operation::settle()
{
    auto& a = *attempt_;
    if (!a.answer)
        a.understand();
    failure_ = a.failure;
    bool const billed = count(a);
    reuse_ = !may_replay(billed);
    if (!reuse_) {
        replayed_ = true;
        failure_ = {};
        tell(duration::zero());
        return duration::zero();
    }
    admittance_.end(a.result());
    shared().retries.count(a.failure);
    if (!failure_)
        shared().retries.on_answer(a.latency);
    auto const next = next_attempt(billed);
    tell(next);
    return next;
}

// A connection that was idle may have been closed by the server at the very moment when it was
// taken. If it ended before a byte of the response, the request goes again, once, on a new one.
bool create_operation::may_replay(bool billed) const
{
    auto const& config = shared().config.retry;
    return attempt_->met_a_stale_connection() && !replayed_ && !stopped() &&
           (!billed || request_.retry_possibly_billed.value_or(config.retry_possibly_billed));
}

std::optional<create_operation::duration> create_operation::next_attempt(bool billed)
{
    if (!failure_ || stopped())
        return {};
    auto const wait = shared().retries.decide(
        {.failure = failure_,
         .response = *attempt_->answer,
         .retries = retries_,
         .possibly_billed = billed},
        request_.max_retries, request_.retry_possibly_billed);
    auto const left = time_left();
    if (!wait || (left && *wait >= *left))
        return {};
    ++retries_;
    shared().retries.count_retry();
    failure_ = {};
    // Others on the executor have their turn in between.
    return std::max(*wait, duration{1});
}

task<void> create_operation::wait(duration time)
{
    if (time > duration::zero()) {
        transport::stopwatch watch;
        co_await transport::pause(*this, time);
        waits_.backoff += watch.lap();
    }
    if (stopped())
        failure_ = *interruption();
}

void create_operation::finished(error_code failure)
{
    if (failure)
        failure_ = failure;
    if (attempt_ && attempt_->answer)
        return complete(*attempt_->answer);
    response nothing;
    if (attempt_)
        nothing.exchange = std::move(attempt_->exchange);
    complete(nothing);
}

void create_operation::complete(response& result)
{
    auto& exchange = result.exchange;
    exchange.client_request_id = std::move(request_.client_request_id);
    exchange.attempts = attempts_;
    exchange.possibly_billed = possibly_billed_;
    exchange.hedges = hedges_;
    exchange.timings.admission = waits_.admission;
    exchange.timings.backoff = waits_.backoff;
    exchange.timings.total = since_start_.lap();
    if (request_.failure)
        exchange.detail = std::move(request_.detail);
    if (auto const& told = shared().config.observer; told && !request_.failure)
        told->on_end({failure_, result});
    completion_.complete(failure_, std::move(result));
}

void create_operation::tell(std::optional<duration> next)
{
    for (auto const& each : unused_)
        tell(each, next);
    unused_.clear();
    tell(*attempt_, next);
}

void create_operation::tell(attempt const& a, std::optional<duration> next) const
{
    auto const& told = shared().config.observer;
    if (!told)
        return;
    told->on_attempt(
        {.client_request_id = request_.client_request_id,
         .number = a.number,
         .hedge = a.hedge,
         .failure = a.failure,
         .response = *a.answer,
         .possibly_billed = a.possibly_billed(),
         .retry_after = next});
}

void create_operation::on_cancel(asio::cancellation_type type)
{
    using asio::cancellation_type;
    bool const unconditional =
        (type & (cancellation_type::terminal | cancellation_type::partial)) !=
        cancellation_type::none;
    bool const without_effect = (type & cancellation_type::total) != cancellation_type::none;
    bool const began = racing_ || attempts_ != 0 || (attempt_ && attempt_->began());
    if (unconditional || (without_effect && !began))
        stop(asio::error::operation_aborted);
}

} // namespace vidi
