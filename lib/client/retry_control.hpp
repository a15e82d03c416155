#pragma once

#include <vidi/client_config.hpp>
#include <vidi/retry.hpp>

#include "protocol/hedging.hpp"
#include "protocol/retry_budget.hpp"
#include "transport/optional_mutex.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace vidi {

// What the operations of a client share to decide about further attempts: the retry budget, the
// usual latency, chance. Callable from any thread.
class retry_control
{
public:
    using duration = std::chrono::milliseconds;

    explicit retry_control(client_config const&);

    // What an attempt's end says about the server.
    void count(error_code failure);
    void count_possibly_billed();

    // After how long to try again; nothing to give up. `limit` is the caller's bound on the number
    // of retries, if there is one.
    std::optional<duration>
    decide(failed_attempt, std::optional<unsigned> limit, std::optional<bool> retry_billed);

    void count_retry();

    // After how long a second attempt may begin beside one that begins; `first` says that the
    // request does so too.
    std::optional<duration> hedge_after(bool first);

    // The permission for a second attempt, to be given back if it is not used.
    bool take_hedge();
    void give_back_hedge();
    void on_answer(std::chrono::microseconds latency);

    retry_statistics statistics() const;

private:
    static std::optional<duration> ask_policy(retry_options const&, failed_attempt const&);
    double random() noexcept;

    retry_options const options_;
    bool const hedging_enabled_;
    mutable transport::optional_mutex mutex_;
    protocol::retry_budget budget_;
    protocol::hedging_rules hedging_;
    retry_statistics counts_;
    std::atomic<bool> budget_full_ = true; // to be read without the lock
    std::atomic<std::uint64_t> random_state_;
};

} // namespace vidi
