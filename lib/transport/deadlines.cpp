#include "transport/deadlines.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace vidi::transport {

deadlines::deadlines(asio::any_io_executor const& executor, bool single_threaded)
    : mutex_{single_threaded}, timer_{executor}
{
}

void deadlines::set(entry& e, time_point at)
{
    std::lock_guard const lock{mutex_};
    if (e.at_ == at)
        return;
    if (e.at_ != never)
        queue_.erase(queue_.iterator_to(e));
    e.at_ = at;
    if (at != never)
        insert(e);
    arm();
}

// Limits of equal length, as most are, come in the order of their ends.
void deadlines::insert(entry& e) { queue_.insert(queue_.end(), e); }

// A timer that wakes too early is set again then: nearly every deadline is withdrawn in time, and
// costs the system's timer nothing.
void deadlines::arm()
{
    if (queue_.empty()) {
        if (std::exchange(armed_for_, never) != never)
            timer_.cancel();
        return;
    }
    auto const earliest = queue_.begin()->at_;
    if (earliest >= armed_for_)
        return;
    timer_.expires_at(earliest);
    armed_for_ = never;
    timer_.async_wait([self = shared_from_this()](error_code ec) {
        if (!ec)
            self->on_timer();
    });
    armed_for_ = earliest;
}

void deadlines::on_timer()
{
    std::vector<std::shared_ptr<entry>> due;
    {
        std::lock_guard const lock{mutex_};
        armed_for_ = never;
        auto const now = clock::now();
        while (!queue_.empty() && queue_.begin()->at_ <= now) {
            auto& first = *queue_.begin();
            if (auto owner = first.owner())
                due.push_back(std::move(owner));
            queue_.erase(queue_.begin());
            first.at_ = never;
        }
        arm();
    }
    for (auto const& each : due)
        each->on_deadline();
}

} // namespace vidi::transport
