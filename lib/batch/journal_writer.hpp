#pragma once

#include "batch/journal.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace vidi::batch {

/// Writes a journal in a thread of its own, off the path of the requests. What gathers within a few
/// milliseconds, or while the disk is busy, is written in one transaction: a commit costs as much
/// as the entries of many items.
///
/// Whoever awaits does so on the executor, and is resumed when what it asked for is committed. If
/// the journal fails, its exception is thrown to all who wait, and to all who come after.
class journal_writer
{
public:
    /// @param executor Kept busy while the writer lives.
    /// @param enough Does not wait for more when so many are asked for.
    /// @param synchronise Makes the output safe from a loss of power. Records are reported to the
    /// journal only then.
    journal_writer(
        boost::asio::any_io_executor const& executor, std::unique_ptr<journal> written,
        std::size_t enough, std::function<void()> synchronise);
    /// What was asked for is still written.
    ~journal_writer();

    journal_writer(journal_writer const&) = delete;
    journal_writer& operator=(journal_writer const&) = delete;

    boost::asio::awaitable<standing> enter(origin const& from, identity const& question);
    boost::asio::awaitable<void> finish(std::int64_t question, result const& what);
    boost::asio::awaitable<void> forget(std::int64_t question);

    /// Does not wait: reports are written about once a second, and by flush().
    void report(std::uint64_t position, std::uint64_t end);

    /// Waits until all is written.
    boost::asio::awaitable<void> flush();

private:
    using handler = boost::asio::any_completion_handler<void(std::exception_ptr)>;
    using clock = std::chrono::steady_clock;

    struct task
    {
        std::function<void(journal&)> work;
        handler completion;
    };

    struct record
    {
        std::uint64_t position;
        std::uint64_t end;
    };

    boost::asio::awaitable<void> perform(std::function<void(journal&)> work, bool with_reports);
    void add(task added, bool with_reports);
    void run();
    bool are_reports_due() const;
    void wait(std::unique_lock<std::mutex>& lock);
    void gather(std::unique_lock<std::mutex>& lock);
    std::exception_ptr write(std::vector<task>& tasks, std::vector<record> const& reports) noexcept;

    boost::asio::any_io_executor executor_;
    std::unique_ptr<journal> journal_;
    std::size_t enough_;
    std::function<void()> synchronise_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<task> tasks_;
    std::vector<record> reports_;
    clock::time_point reports_due_{};
    bool reports_wanted_ = false;
    bool closing_ = false;
    // Of the thread alone.
    std::exception_ptr failure_;
    std::thread thread_;
};

} // namespace vidi::batch
