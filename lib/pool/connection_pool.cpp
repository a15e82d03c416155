#include "pool/connection_pool.hpp"

#include "transport/stopwatch.hpp"
#include "transport/waiter.hpp"

#include <boost/asio/error.hpp>

namespace vidi::pool {

using transport::operation;
using transport::task;

lease::~lease()
{
    if (connection_) {
        connection_.reset();
        pool_->rules_.ended(*to_);
    }
}

void lease::give_back()
{
    auto const now = connection_pool::rules::clock::now();
    pool_->rules_.give_back(*to_, std::move(connection_), now);
}

// The place in the queue of an operation that waits.
class connection_pool::queue_entry final : public rules::waiter, public transport::waiter
{
public:
    queue_entry(rules& pool, protocol::origin const& to, operation& on_behalf_of, bool reuse)
        : transport::waiter{on_behalf_of}, pool_{pool}, to_{to}, reuse_{reuse}
    {
    }

    ~queue_entry() { pool_.withdraw(to_, *this); }

    rules::grant& granted() noexcept { return *granted_; }

private:
    bool begin() override
    {
        auto at_once = pool_.acquire(to_, rules::clock::now(), reuse_, this);
        if (!at_once)
            return true;
        granted_ = std::move(at_once);
        return false;
    }

    bool give_up() override
    {
        if (!pool_.withdraw(to_, *this))
            return false;
        granted_.emplace(rules::grant{asio::error::operation_aborted, {}});
        return true;
    }

    void on_grant(rules::grant what) override
    {
        granted_ = std::move(what);
        wake();
    }

    rules& pool_;
    protocol::origin const& to_;
    bool const reuse_;
    std::optional<rules::grant> granted_;
};

// The place of a connection that is being made: given up unless the connection is made.
class connection_pool::permission
{
public:
    permission(rules& pool, protocol::origin const& to) : pool_{pool}, to_{to} {}
    permission(permission const&) = delete;
    permission& operator=(permission const&) = delete;

    ~permission()
    {
        if (!used_)
            pool_.not_connected(to_);
    }

    void use(bool tls, bool resumed)
    {
        used_ = true;
        pool_.connected(to_, tls, resumed);
    }

private:
    rules& pool_;
    protocol::origin const& to_;
    bool used_ = false;
};

connection_pool::connection_pool(client_config const& config, error_code& ec, std::string& detail)
    : timeouts_{config.timeouts}, opener_{config, ec, detail}, rules_{
                                                                   config.pool,
                                                                   config.single_threaded}
{
}

void connection_pool::count_failure(error_code ec)
{
    if (ec.category() == error_category())
        rules_.count_failure(static_cast<errc>(ec.value()));
}

task<connection_pool::rules::grant>
connection_pool::wait_for_grant(operation& on_behalf_of, protocol::origin const& to, bool reuse)
{
    queue_entry entry{rules_, to, on_behalf_of, reuse};
    on_behalf_of.begin_stage(timeouts_.pool, errc::pool_timeout);
    co_await entry.wait();
    auto granted = std::move(entry.granted());
    if (granted.failure)
        granted.failure = on_behalf_of.interruption().value_or(granted.failure);
    on_behalf_of.end_stage();
    co_return granted;
}

task<acquire_result> connection_pool::connect(
    operation& on_behalf_of, protocol::origin const& to, exchange_info& exchange)
{
    permission to_connect{rules_, to};
    auto made = co_await opener_.open(on_behalf_of, to, exchange);
    if (made.failure)
        co_return acquire_result{made.failure, {}};
    to_connect.use(to.tls, made.opened->resumed_session());
    co_return acquire_result{{}, lease{*this, to, std::move(made.opened)}};
}

task<acquire_result> connection_pool::acquire(
    operation& on_behalf_of, protocol::origin const& to, bool reuse, exchange_info& exchange)
{
    auto granted = rules_.acquire(to, rules::clock::now(), reuse);
    if (!granted) {
        transport::stopwatch watch;
        granted = co_await wait_for_grant(on_behalf_of, to, reuse);
        exchange.timings.queue += watch.lap();
    }
    if (granted->failure) {
        if (granted->failure == errc::operation_timeout)
            exchange.detail = "while it waited for a free connection of the pool";
        co_return acquire_result{granted->failure, {}};
    }
    if (!granted->connection)
        co_return co_await connect(on_behalf_of, to, exchange);
    if (granted->connection->exchanges != 0)
        rules_.count_reuse();
    co_return acquire_result{{}, lease{*this, to, std::move(granted->connection)}, false};
}

} // namespace vidi::pool
