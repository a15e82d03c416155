#pragma once

#include "emulator/message.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace vidi::emulation {

/// Where a request came in.
struct request_place
{
    std::uint64_t connection = 0;
    std::uint64_t request_on_connection = 0;
};

/// The record of a request that is under way.
using record_ptr = std::shared_ptr<testing::exchange_record>;

/// Counts what happens, and lets other threads look and wait.
class recorder
{
public:
    using statistics = testing::emulator_statistics;

    using observer = std::function<void(testing::exchange_record const&)>;

    /// Keeps records of that many requests, and passes each on when it is final.
    recorder(std::size_t ledger_limit, observer on_exchange)
        : ledger_limit_{ledger_limit}, on_exchange_{std::move(on_exchange)}
    {
    }

    /// Changes the counters and wakes who waits for them.
    void update(std::function<void(statistics&)> const& change);

    /// Records a request.
    record_ptr begin(request_place place, http_request const& request);
    void blame(record_ptr const& record, std::optional<testing::fault> cause);
    void execute(record_ptr const& record);
    void answer(record_ptr const& record, unsigned status);
    void complete(record_ptr const& record, bool whole);
    void abort(record_ptr const& record);
    /// Nothing about it will change any more.
    void finish(record_ptr const& record) const;

    statistics snapshot() const;
    std::vector<testing::exchange_record> ledger() const;
    bool wait_for(
        std::function<bool(statistics const&)> const& condition,
        std::chrono::milliseconds timeout) const;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    statistics statistics_;
    std::size_t ledger_limit_;
    observer on_exchange_;
    std::deque<record_ptr> ledger_;
};

} // namespace vidi::emulation
