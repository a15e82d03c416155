#include "batch/monitor.hpp"

#include "batch/runner.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace vidi::batch {
namespace {

namespace asio = boost::asio;

// The executor may run no more, and the run be over: then there is nothing to end.
template <class Implementation, class Function>
void tell_runner(Implementation const& self, Function function)
{
    std::lock_guard const lock{self.mutex};
    if (self.watched.expired())
        return;
    asio::post(self.executor, [watched = self.watched, function] {
        if (auto const running = watched.lock())
            function(*running);
    });
}

} // namespace

void monitor::implementation::attach(
    asio::any_io_executor where, std::weak_ptr<runner> run, std::shared_ptr<account> of)
{
    std::lock_guard const lock{mutex};
    executor = std::move(where);
    watched = std::move(run);
    numbers = std::move(of);
}

monitor::monitor() : self_{std::make_unique<implementation>()} {}

monitor::~monitor() = default;

progress monitor::snapshot() const
{
    std::lock_guard const lock{self_->mutex};
    return self_->numbers ? self_->numbers->snapshot() : progress{};
}

void monitor::stop()
{
    tell_runner(*self_, [](runner& running) { running.stop(ending::stopped); });
}

void monitor::abort()
{
    tell_runner(*self_, [](runner& running) { running.abort(); });
}

} // namespace vidi::batch
