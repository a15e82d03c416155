#pragma once

#include "emulator/message.hpp"

#include <condition_variable>
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
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    statistics statistics_;
    std::vector<testing::exchange_record> ledger_;
};

} // namespace vidi::emulation
