#include "emulator/recorder.hpp"

namespace vidi::emulation {

void recorder::update(std::function<void(statistics&)> const& change)
{
    std::scoped_lock const lock{mutex_};
    change(statistics_);
    changed_.notify_all();
}

record_ptr recorder::begin(request_place place, http_request const& request)
{
    std::scoped_lock const lock{mutex_};
    ++statistics_.requests;
    auto record = std::make_shared<testing::exchange_record>(testing::exchange_record{
        .sequence = statistics_.requests,
        .connection = place.connection,
        .request_on_connection = place.request_on_connection,
        .method = request.method,
        .target = request.target,
        .client_request_id = std::string(request.header("X-Client-Request-Id"))});
    ledger_.push_back(record);
    if (ledger_.size() > ledger_limit_)
        ledger_.pop_front();
    changed_.notify_all();
    return record;
}

void recorder::blame(record_ptr const& record, std::optional<testing::fault> cause)
{
    std::scoped_lock const lock{mutex_};
    record->cause = cause;
}

void recorder::execute(record_ptr const& record)
{
    std::scoped_lock const lock{mutex_};
    record->executed = true;
}

void recorder::answer(record_ptr const& record, unsigned status)
{
    std::scoped_lock const lock{mutex_};
    ++statistics_.answered[status];
    record->status = status;
    changed_.notify_all();
}

void recorder::complete(record_ptr const& record, bool whole)
{
    std::scoped_lock const lock{mutex_};
    record->complete = whole;
}

void recorder::abort(record_ptr const& record)
{
    std::scoped_lock const lock{mutex_};
    ++statistics_.aborted;
    record->aborted = true;
    changed_.notify_all();
}

void recorder::finish(record_ptr const& record) const
{
    // Nobody else changes it, so that the observer need not hold up those who look.
    if (on_exchange_)
        on_exchange_(*record);
}

recorder::statistics recorder::snapshot() const
{
    std::scoped_lock const lock{mutex_};
    return statistics_;
}

std::vector<testing::exchange_record> recorder::ledger() const
{
    std::scoped_lock const lock{mutex_};
    std::vector<testing::exchange_record> records;
    for (auto const& record : ledger_)
        records.push_back(*record);
    return records;
}

bool recorder::wait_for(
    std::function<bool(statistics const&)> const& condition,
    std::chrono::milliseconds timeout) const
{
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, timeout, [&] { return condition(statistics_); });
}

} // namespace vidi::emulation
