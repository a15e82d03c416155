#pragma once

#include "emulator/message.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

namespace vidi::emulation {

/// Where a request came in.
struct request_place
{
    std::uint64_t connection = 0;
    std::uint64_t request_on_connection = 0;
};

/// Counts what happens, and lets other threads look and wait.
class recorder
{
public:
    using statistics = testing::emulator_statistics;

    /// Keeps records of that many requests.
    explicit recorder(std::size_t ledger_limit) : ledger_limit_{ledger_limit} {}

    /// Changes the counters and wakes who waits for them.
    void update(std::function<void(statistics&)> const& change);

    /// Records a request and returns its sequence number.
    std::uint64_t begin(request_place place, http_request const& request);
    void answer(std::uint64_t sequence, unsigned status);
    void abort(std::uint64_t sequence);

    statistics snapshot() const;
    std::vector<testing::exchange_record> ledger() const;
    bool wait_for(
        std::function<bool(statistics const&)> const& condition,
        std::chrono::milliseconds timeout) const;

private:
    /// Null if it is no longer kept.
    testing::exchange_record* find(std::uint64_t sequence);

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    statistics statistics_;
    std::size_t ledger_limit_;
    // The latest requests: the last one has the sequence number `statistics_.requests`.
    std::deque<testing::exchange_record> ledger_;
};

} // namespace vidi::emulation
