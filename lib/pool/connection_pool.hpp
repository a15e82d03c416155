#pragma once

#include "pool/basic_pool.hpp"
#include "transport/connection.hpp"
#include "transport/open.hpp"

#include <memory>
#include <optional>

namespace vidi::pool {

class connection_pool;

// A connection that an operation holds. It ends with the lease, unless it is given back.
class lease
{
public:
    lease() = default;
    lease(
        connection_pool& pool, protocol::origin const& to, std::unique_ptr<transport::connection> c)
        : pool_{&pool}, to_{&to}, connection_{std::move(c)}
    {
    }
    lease(lease&&) = default;
    lease& operator=(lease&& other) noexcept
    {
        std::swap(pool_, other.pool_);
        std::swap(to_, other.to_);
        std::swap(connection_, other.connection_);
        return *this;
    }
    ~lease();

    transport::connection& operator*() const noexcept { return *connection_; }
    transport::connection* operator->() const noexcept { return connection_.get(); }

    void give_back();

private:
    connection_pool* pool_ = nullptr;
    protocol::origin const* to_ = nullptr;
    std::unique_ptr<transport::connection> connection_;
};

struct acquire_result
{
    error_code failure;
    std::optional<lease> leased;
    bool fresh = true; // made for this operation, so the server cannot have closed it while idle
};

// The pool of a client: the rules, and the connections to apply them to. It outlives all leases.
class connection_pool
{
public:
    connection_pool(client_config const&, error_code&, std::string& detail);

    // A connection to `to`, which outlives the lease: an idle one if `reuse` allows it, else a new
    // one, if need be after waiting for a place. Notes times and failures in `exchange`.
    transport::task<acquire_result>
    acquire(transport::operation&, protocol::origin const& to, bool reuse, exchange_info& exchange);

    void close() { rules_.close(); }
    void close_idle() { rules_.close_idle(); }
    void count_failure(error_code);
    pool_statistics statistics() { return rules_.statistics(rules::clock::now()); }

private:
    friend class lease;
    using rules = basic_pool<transport::connection>;

    class queue_entry;
    class permission;

    transport::task<rules::grant>
    wait_for_grant(transport::operation&, protocol::origin const& to, bool reuse);
    transport::task<acquire_result>
    connect(transport::operation&, protocol::origin const& to, exchange_info& exchange);

    timeouts const timeouts_;
    transport::opener opener_;
    rules rules_;
};

} // namespace vidi::pool
