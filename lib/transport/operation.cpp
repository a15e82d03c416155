#include "transport/operation.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>

namespace vidi::transport {

operation::operation(asio::any_io_executor executor)
    : executor_{std::move(executor)}, timer_{executor_}
{
}

void operation::run(task<void> root)
{
    root_ = std::move(root);
    auto const keep_alive = shared_from_this();
    root_.start();
    if (root_.done())
        resume({});
}

void operation::resume(std::coroutine_handle<> awaiting)
{
    if (awaiting)
        awaiting.resume();
    if (!root_.done())
        return;
    detach();
    std::exception_ptr failure;
    try {
        root_.rethrow();
    }
    catch (...) {
        failure = std::current_exception();
    }
    root_ = {};
    finished(failure);
}

void operation::detach()
{
    whole_ = {};
    stage_ = {};
    schedule();
}

void operation::stop(error_code reason)
{
    if (stopped())
        return;
    stop_reason_ = reason;
    interrupt();
}

std::optional<error_code> operation::interruption() const
{
    if (!stop_reason_ && stage_expired_)
        return stage_.reason;
    return stop_reason_;
}

operation::time_limit operation::make_limit(duration after, error_code reason)
{
    if (after <= duration::zero())
        return {};
    auto const now = clock::now();
    // A limit beyond the clock's range is none.
    if (after >= std::chrono::duration_cast<duration>(clock::time_point::max() - now))
        return {};
    return {now + after, reason};
}

void operation::limit(duration after, error_code reason)
{
    whole_ = make_limit(after, reason);
    schedule();
}

void operation::begin_stage(duration after, error_code reason)
{
    stage_expired_ = false;
    stage_ = make_limit(after, reason);
    schedule();
}

// A limit that moves later leaves the timer alone: it wakes too early and is set again then. So a
// stage that ends in time, as nearly all do, costs no timer operation.
void operation::schedule()
{
    auto const earliest = std::min(whole_.at, stage_.at);
    bool const done = earliest == clock::time_point::max();
    if (done && timer_at_ != clock::time_point::max()) {
        timer_at_ = clock::time_point::max();
        timer_.cancel();
    }
    if (done || earliest >= timer_at_)
        return;
    timer_at_ = earliest;
    timer_.expires_at(earliest);
    timer_.async_wait(
        asio::bind_executor(executor_, [self = shared_from_this(), earliest](error_code) {
            if (self->timer_at_ == earliest)
                self->on_timer();
        }));
}

void operation::on_timer()
{
    timer_at_ = clock::time_point::max();
    auto const now = clock::now();
    if (whole_.at <= now) {
        auto const reason = whole_.reason;
        whole_ = {};
        stop(reason);
    }
    if (stage_.at <= now) {
        stage_.at = clock::time_point::max();
        stage_expired_ = true;
        interrupt();
    }
    schedule();
}

} // namespace vidi::transport
