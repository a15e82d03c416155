#include "emulator/recorder.hpp"

namespace vidi::emulation {

void recorder::update(std::function<void(statistics&)> const& change)
{
    std::scoped_lock const lock{mutex_};
    change(statistics_);
    changed_.notify_all();
}

std::uint64_t recorder::begin(request_place place, http_request const& request)
{
    std::scoped_lock const lock{mutex_};
    ++statistics_.requests;
    ledger_.push_back(
        {.sequence = statistics_.requests,
         .connection = place.connection,
         .request_on_connection = place.request_on_connection,
         .method = request.method,
         .target = request.target,
         .client_request_id = std::string(request.header("X-Client-Request-Id"))});
    if (ledger_.size() > ledger_limit_)
        ledger_.pop_front();
    changed_.notify_all();
    return statistics_.requests;
}

void recorder::answer(std::uint64_t sequence, unsigned status)
{
    std::scoped_lock const lock{mutex_};
    ++statistics_.answered[status];
    if (auto const record = find(sequence))
        record->status = status;
    changed_.notify_all();
}

void recorder::abort(std::uint64_t sequence)
{
    std::scoped_lock const lock{mutex_};
    ++statistics_.aborted;
    if (auto const record = find(sequence))
        record->aborted = true;
    changed_.notify_all();
}

recorder::statistics recorder::snapshot() const
{
    std::scoped_lock const lock{mutex_};
    return statistics_;
}

std::vector<testing::exchange_record> recorder::ledger() const
{
    std::scoped_lock const lock{mutex_};
    return {ledger_.begin(), ledger_.end()};
}

testing::exchange_record* recorder::find(std::uint64_t sequence)
{
    auto const dropped = statistics_.requests - ledger_.size();
    return sequence > dropped ? &ledger_[sequence - dropped - 1] : nullptr;
}

bool recorder::wait_for(
    std::function<bool(statistics const&)> const& condition,
    std::chrono::milliseconds timeout) const
{
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, timeout, [&] { return condition(statistics_); });
}

} // namespace vidi::emulation
