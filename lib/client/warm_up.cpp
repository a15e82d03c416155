#include "client/warm_up.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>

namespace vidi {

// One connection: made, and given to the pool.
class warm_up::opening final : public outstanding_operation
{
public:
    opening(std::shared_ptr<client_state> s, std::shared_ptr<warm_up> owner)
        : outstanding_operation{std::move(s), owner->executor()}, owner_{std::move(owner)}
    {
    }

    transport::task<void> open()
    {
        auto const& pool = shared().pool;
        exchange_info ignored;
        auto acquired = co_await pool->acquire(*this, shared().endpoint.origin, false, ignored);
        failure_ = acquired.failure;
        if (failure_)
            pool->count_failure(failure_);
        else
            acquired.leased->give_back();
    }

private:
    void finished(std::exception_ptr escaped) override
    {
        if (escaped)
            std::rethrow_exception(escaped);
        owner_->on_opened(failure_);
    }

    std::shared_ptr<warm_up> const owner_;
    error_code failure_;
};

void warm_up::start(std::shared_ptr<client_state> shared, handler h, std::size_t connections)
{
    completion<error_code, std::size_t> c{std::move(h), shared->executor};
    auto const self = std::make_shared<warm_up>(shared->operation_executor(), std::move(c));
    self->completion_.connect_slot(self);
    asio::post(self->executor_, [self, shared = std::move(shared), connections] {
        self->open(shared, connections);
    });
}

warm_up::warm_up(client::executor_type executor, completion<error_code, std::size_t> c)
    : executor_{std::move(executor)}, completion_{std::move(c)}
{
}

void warm_up::open(std::shared_ptr<client_state> const& shared, std::size_t connections)
{
    auto const now = shared->pool->statistics();
    auto const present = now.open + now.connecting;
    auto const wanted = std::min(connections, shared->config.pool.max_connections);
    pending_ = wanted > present ? wanted - present : 0;
    if (pending_ == 0)
        return completion_.complete({}, 0);
    auto const count = pending_;
    for (std::size_t i = 0; i < count; ++i) {
        auto const one = std::make_shared<opening>(shared, shared_from_this());
        openings_.push_back(one);
        one->run(one->open());
    }
}

void warm_up::cancel(asio::cancellation_type)
{
    for (auto const& each : openings_) {
        if (auto const running = each.lock())
            running->stop(asio::error::operation_aborted);
    }
}

void warm_up::on_opened(error_code failure)
{
    opened_ += !failure;
    if (!first_failure_)
        first_failure_ = failure;
    if (--pending_ == 0)
        completion_.complete(first_failure_, opened_);
}

} // namespace vidi
