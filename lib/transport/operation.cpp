#include "transport/operation.hpp"

#include "transport/waiter.hpp"

#include <boost/system/errc.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace vidi::transport {

operation::operation(operation_environment const& environment)
    : environment_{environment}, gate_{environment.single_threaded}
{
    gate_.enter({});
}

operation::~operation() { environment_.limits->withdraw(*this); }

void operation::start(task<void> root)
{
    root_ = std::move(root);
    wait_for(root_.coroutine());
    leave(resumption::later);
    environment_.later.execute(continuation{*this});
}

void operation::wait_for(std::coroutine_handle<> awaiting)
{
    awaiting_ = awaiting;
    if (!self_)
        self_ = shared_from_this();
}

// Whoever comes to cancel must not find himself in a completion handler.
void operation::enter(gate::words what)
{
    if (!gate_.enter(what))
        return;
    auto const keep_alive = shared_from_this();
    leave(what == to_resume ? resumption::here : resumption::later);
}

void operation::leave(resumption where)
{
    do {
        do_what_was_asked(gate_.take(), where);
    } while (!gate_.leave());
}

// Once the operation is done there is nothing left to do.
void operation::do_what_was_asked(gate::words what, resumption where)
{
    if (!root_)
        return;
    if ((what & to_check_limits) != 0)
        check_limits();
    if (auto const types = what >> cancellation_shift; types != 0)
        on_cancel(static_cast<asio::cancellation_type>(types));
    if ((what & to_resume) == 0)
        return;
    if (where == resumption::here)
        resume();
    else
        environment_.later.execute(continuation{*this});
}

void operation::resume()
{
    interruption_.slot().clear();
    std::exchange(awaiting_, {}).resume();
    if (root_.done())
        finish();
}

void operation::finish()
{
    error_code failure;
    try {
        root_.rethrow();
    }
    catch (std::bad_alloc const&) {
        failure = make_error_code(boost::system::errc::not_enough_memory);
    }
    root_ = {};
    self_.reset();
    finished(failure);
    environment_.limits->withdraw(*this);
}

void operation::cancel(asio::cancellation_type types)
{
    enter(static_cast<gate::words>(types) << cancellation_shift);
}

void operation::abandon() noexcept
{
    if (waiting_in_)
        waiting_in_->drop();
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
    if (after >= std::chrono::duration_cast<duration>(deadlines::never - now))
        return {};
    return {now + after, reason};
}

void operation::limit(duration after, error_code reason)
{
    whole_ = make_limit(after, reason);
    schedule();
}

void operation::pause_limit()
{
    if (whole_.at == deadlines::never)
        return;
    paused_ = whole_.at - clock::now();
    whole_.at = deadlines::never;
}

void operation::resume_limit()
{
    if (!paused_)
        return;
    whole_.at = clock::now() + *std::exchange(paused_, std::nullopt);
    schedule();
}

std::optional<operation::duration> operation::time_left() const
{
    if (whole_.at == deadlines::never)
        return {};
    return std::chrono::floor<duration>(whole_.at - clock::now());
}

void operation::begin_stage(duration after, error_code reason)
{
    stage_expired_ = false;
    stage_ = make_limit(after, reason);
    schedule();
}

// A limit that moves later leaves the deadline alone: it comes too early and is set again then. So
// a stage that ends in time, as nearly all do, costs nothing.
void operation::schedule()
{
    auto const earliest = std::min(whole_.at, stage_.at);
    if (earliest >= scheduled_)
        return;
    scheduled_ = earliest;
    environment_.limits->set(*this, earliest);
}

std::shared_ptr<deadlines::entry> operation::owner()
{
    auto const self = weak_from_this().lock();
    if (!self)
        return {};
    return {self, this};
}

void operation::check_limits()
{
    scheduled_ = deadlines::never;
    auto const now = clock::now();
    if (whole_.at <= now) {
        auto const reason = whole_.reason;
        whole_ = {};
        stop(reason);
    }
    if (stage_.at <= now) {
        stage_.at = deadlines::never;
        stage_expired_ = true;
        interrupt();
    }
    schedule();
}

} // namespace vidi::transport
