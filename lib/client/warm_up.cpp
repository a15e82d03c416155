#include "client/warm_up.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <mutex>

namespace vidi {

// One connection: made, and given to the pool.
class warm_up::opening final : public outstanding_operation
{
public:
    opening(std::shared_ptr<client_state> s, std::shared_ptr<warm_up> owner)
        : outstanding_operation{std::move(s)}, owner_{std::move(owner)}
    {
    }

    transport::task<void> open()
    {
        auto& pool = shared().pool;
        exchange_info ignored;
        auto acquired = co_await pool->acquire(*this, shared().endpoint.origin, false, ignored);
        failure_ = acquired.failure;
        if (failure_)
            pool->count_failure(failure_);
        else
            acquired.leased->give_back();
    }

private:
    void on_cancel(asio::cancellation_type) override { stop(asio::error::operation_aborted); }

    void finished(error_code failure) override { owner_->on_opened(failure ? failure : failure_); }

    std::shared_ptr<warm_up> const owner_;
    error_code failure_;
};

void warm_up::start(std::shared_ptr<client_state> shared, handler h, std::size_t connections)
{
    auto const self = std::make_shared<warm_up>(std::move(shared), std::move(h));
    self->completion_.connect_slot(self);
    self->shared_->environment.later.execute([self, connections] { self->open(connections); });
}

warm_up::warm_up(std::shared_ptr<client_state> s, handler h)
    : shared_{std::move(s)},
      completion_{std::move(h), executor()}, mutex_{shared_->config.single_threaded}
{
}

void warm_up::open(std::size_t connections)
{
    auto const now = shared_->pool->statistics();
    auto const present = now.open + now.connecting;
    auto const wanted = std::min(connections, shared_->config.pool.max_connections);
    if (wanted <= present)
        return completion_.complete({}, 0);
    std::vector<std::shared_ptr<opening>> openings(wanted - present);
    for (auto& each : openings)
        each = std::make_shared<opening>(shared_, shared_from_this());
    bool cancelled = false;
    {
        std::lock_guard const lock{mutex_};
        pending_ = openings.size();
        openings_.assign(openings.begin(), openings.end());
        cancelled = cancelled_;
    }
    for (auto const& each : openings) {
        if (cancelled)
            each->stop(asio::error::operation_aborted);
        each->launch(each->open());
    }
}

void warm_up::cancel(asio::cancellation_type)
{
    std::vector<std::weak_ptr<opening>> openings;
    {
        std::lock_guard const lock{mutex_};
        cancelled_ = true;
        openings = openings_;
    }
    for (auto const& each : openings) {
        if (auto const running = each.lock())
            running->cancel(asio::cancellation_type::terminal);
    }
}

void warm_up::on_opened(error_code failure)
{
    bool last = false;
    {
        std::lock_guard const lock{mutex_};
        opened_ += !failure;
        if (!first_failure_)
            first_failure_ = failure;
        last = --pending_ == 0;
    }
    if (last)
        completion_.complete(first_failure_, opened_);
}

} // namespace vidi
