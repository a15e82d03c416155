#include "batch/monitor.hpp"

#include "batch/runner.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace vidi::batch {
namespace {

namespace asio = boost::asio;

void end(runner& running, ending how)
{
    if (how == ending::aborted)
        running.abort();
    else
        running.stop(how);
}

} // namespace

void monitor::implementation::attach(
    asio::any_io_executor where, std::shared_ptr<runner> const& run, std::shared_ptr<account> of)
{
    std::optional<ending> how;
    {
        std::lock_guard const lock{mutex};
        executor = std::move(where);
        watched = run;
        numbers = std::move(of);
        how = wanted;
    }
    if (how)
        end(*run, *how);
}

// The executor may run no more, and the run be over: then there is nothing to end.
void monitor::implementation::want(ending how)
{
    std::lock_guard const lock{mutex};
    wanted = how;
    if (watched.expired())
        return;
    asio::post(executor, [run = watched, how] {
        if (auto const running = run.lock())
            end(*running, how);
    });
}

monitor::monitor() : self_{std::make_unique<implementation>()} {}

monitor::~monitor() = default;

progress monitor::snapshot() const
{
    std::lock_guard const lock{self_->mutex};
    return self_->numbers ? self_->numbers->snapshot() : progress{};
}

void monitor::stop() { self_->want(ending::stopped); }

void monitor::abort() { self_->want(ending::aborted); }

} // namespace vidi::batch
