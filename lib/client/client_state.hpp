#pragma once

#include <vidi/client.hpp>

#include "admission/admission.hpp"
#include "client/retry_control.hpp"
#include "pool/connection_pool.hpp"
#include "protocol/endpoint.hpp"
#include "transport/operation.hpp"
#include "transport/optional_mutex.hpp"

#include <boost/intrusive/list.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace vidi {

// Holds what the operations share for longer than the operation and its coroutines exist, whose
// destruction still uses it: bases are destroyed in the reverse of their order.
class client_state_owner
{
public:
    explicit client_state_owner(std::shared_ptr<client_state> s) : state_{std::move(s)} {}

protected:
    client_state& shared() const noexcept { return *state_; }
    std::shared_ptr<client_state> const& state() const noexcept { return state_; }

private:
    std::shared_ptr<client_state> const state_;
};

// An operation that the client's destruction ends.
class outstanding_operation : public client_state_owner,
                              public transport::operation,
                              public boost::intrusive::list_base_hook<>
{
public:
    explicit outstanding_operation(std::shared_ptr<client_state>);
    ~outstanding_operation() override;

    // Starts it, and puts it among those that the client's destruction ends: not before, as it must
    // be owned by then.
    void launch(transport::task<void>);
};

// What the operations of a client share. It outlives the client for as long as one of them is
// under way.
class client_state
{
public:
    using executor_type = client::executor_type;

    // Throws boost::system::system_error if the configuration cannot be used.
    client_state(executor_type, client_config);
    client_state(client_state const&) = delete;
    client_state& operator=(client_state const&) = delete;

    // Stops all operations, and lets no further one have a connection.
    void close();

    std::string next_client_request_id();

    client_config const config;
    transport::operation_environment const environment;
    protocol::endpoint endpoint;
    secret head_prefix;
    std::shared_ptr<admission::gatekeeper> const gatekeeper;
    std::optional<pool::connection_pool> pool;
    retry_control retries;

private:
    friend class outstanding_operation;

    client_state(executor_type, client_config, error_code, std::string detail);

    transport::optional_mutex mutex_;
    boost::intrusive::list<outstanding_operation> outstanding_;
    std::string const id_prefix_;
    std::atomic<std::uint64_t> next_id_ = 1;
};

} // namespace vidi
