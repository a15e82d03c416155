#include "client/attempt_race.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

namespace vidi {
namespace {

// What concerns the attempt alone, and not the request, is none: the other may do better.
bool is_answer(attempt const& a)
{
    return a.began() && a.failure != condition::retryable &&
           a.failure != asio::error::operation_aborted &&
           a.failure != boost::system::errc::not_enough_memory;
}

} // namespace

// One attempt. It holds the text, as nobody else may for as long as it takes to end.
class attempt_race::runner final : public outstanding_operation
{
public:
    runner(
        std::shared_ptr<client_state> s, std::weak_ptr<attempt_race> race, text_pointer text,
        unsigned number)
        : outstanding_operation{std::move(s)}, running{shared(), number}, race_{std::move(race)},
          text_{std::move(text)}
    {
    }

    void begin(bool reuse) { launch(run(reuse)); }

    std::optional<admission::admittance> admittance; // if it has one of its own
    attempt running;

private:
    transport::task<void> run(bool reuse)
    {
        co_await running.run(*this, text_->view(), reuse);
        running.understand();
    }

    void on_cancel(asio::cancellation_type) override { stop(asio::error::operation_aborted); }

    void finished(error_code failure) override
    {
        if (failure)
            running.failure = failure;
        if (auto const race = race_.lock())
            race->on_ended(*this);
    }

    std::weak_ptr<attempt_race> const race_; // which owns this
    text_pointer const text_;
};

attempt_race::attempt_race(transport::operation& waiting, std::shared_ptr<client_state> s)
    : waiter{waiting}, shared_{std::move(s)}, mutex_{shared_->config.single_threaded}
{
}

void attempt_race::start(text_pointer text, unsigned number, bool reuse)
{
    auto const first = std::make_shared<runner>(shared_, weak_from_this(), std::move(text), number);
    add(first);
    first->begin(reuse);
}

bool attempt_race::start_beside(
    text_pointer of_first, unsigned number, admission::lane& lane, std::uint64_t tokens)
{
    auto& retries = shared_->retries;
    if (!retries.take_hedge())
        return false;
    try {
        auto text = std::make_shared<detail::request_text>(*of_first);
        text->set_attempt(number);
        auto const second =
            std::make_shared<runner>(shared_, weak_from_this(), std::move(text), number);
        second->running.hedge = true;
        if (second->admittance.emplace(*shared_->gatekeeper, &lane, tokens).try_enter()) {
            add(second);
            try {
                second->begin(true);
            }
            catch (...) {
                remove_latest();
                throw;
            }
            return true;
        }
    }
    catch (std::bad_alloc const&) {
        // The first goes on alone.
    }
    retries.give_back_hedge();
    return false;
}

void attempt_race::add(std::shared_ptr<runner> const& r)
{
    std::lock_guard const lock{mutex_};
    runners_.push_back(r);
    ++running_;
}

void attempt_race::remove_latest()
{
    std::lock_guard const lock{mutex_};
    runners_.pop_back();
    --running_;
}

bool attempt_race::decided() const
{
    std::lock_guard const lock{mutex_};
    return answered_ || running_ == 0;
}

transport::task<void> attempt_race::end_all()
{
    std::vector<std::shared_ptr<runner>> left;
    {
        std::lock_guard const lock{mutex_};
        ending_ = true;
        left = runners_;
    }
    for (auto const& each : left)
        each->cancel(asio::cancellation_type::terminal);
    co_await wait();
}

std::vector<attempt> attempt_race::take_attempts()
{
    std::stable_partition(
        runners_.begin(), runners_.end(), [this](auto const& r) { return r.get() == answered_; });
    std::vector<attempt> result;
    for (auto& each : runners_) {
        if (each->admittance)
            each->admittance->end(each->running.result());
        result.push_back(std::move(each->running));
    }
    runners_.clear();
    return result;
}

// There is nothing to wait for if what is waited for has happened.
bool attempt_race::begin()
{
    std::lock_guard const lock{mutex_};
    waiting_ = running_ != 0 && (ending_ || !answered_);
    return waiting_;
}

// Not from waiting for the end, which comes soon.
bool attempt_race::give_up()
{
    std::lock_guard const lock{mutex_};
    return !ending_ && std::exchange(waiting_, false);
}

void attempt_race::on_ended(runner& r)
{
    bool wakes = false;
    {
        std::lock_guard const lock{mutex_};
        --running_;
        if (!answered_ && !ending_ && is_answer(r.running))
            answered_ = &r;
        bool const over = running_ == 0 || (answered_ && !ending_);
        wakes = over && std::exchange(waiting_, false);
    }
    if (wakes)
        wake();
}

} // namespace vidi
