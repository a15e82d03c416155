#include "batch/journal_writer.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace vidi::batch {
namespace {

namespace asio = boost::asio;

// Short beside what a model takes to answer, and long enough for many to come together.
constexpr std::chrono::milliseconds gathering{20};

// Each time the output is made safe from a loss of power, which takes the disk's time.
constexpr std::chrono::seconds between_reports{1};

// So that memory does not depend on how fast the disk is.
constexpr std::size_t most_reports = 65'536;

} // namespace

journal_writer::journal_writer(
    asio::any_io_executor const& executor, std::unique_ptr<journal> written, std::size_t enough,
    std::function<void()> synchronise)
    : executor_{asio::prefer(executor, asio::execution::outstanding_work.tracked)},
      journal_{std::move(written)}, enough_{enough},
      synchronise_{std::move(synchronise)}, thread_{[this] { run(); }}
{
}

journal_writer::~journal_writer()
{
    {
        std::lock_guard const lock{mutex_};
        closing_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

asio::awaitable<standing> journal_writer::enter(origin const& from, identity const& question)
{
    standing found;
    co_await perform([&](journal& to) { found = to.enter(from, question); }, false);
    co_return found;
}

asio::awaitable<void> journal_writer::finish(std::int64_t question, result const& what)
{
    co_await perform([&](journal& to) { to.finish(question, what); }, false);
}

asio::awaitable<void> journal_writer::forget(std::int64_t question)
{
    co_await perform([=](journal& to) { to.forget(question); }, false);
}

asio::awaitable<void> journal_writer::flush()
{
    co_await perform([](journal&) {}, true);
}

void journal_writer::report(std::uint64_t position, std::uint64_t end)
{
    std::lock_guard const lock{mutex_};
    if (reports_.empty())
        reports_due_ = clock::now() + between_reports;
    record const added{position, end};
    reports_.push_back(added);
    if (reports_.size() == 1 || reports_.size() == most_reports)
        wake_.notify_one();
}

// The frame of whoever awaits outlives the work, because it is resumed after it: also when it is
// cancelled, since this cannot be.
asio::awaitable<void> journal_writer::perform(std::function<void(journal&)> work, bool with_reports)
{
    auto const initiate = [this,
                           with_reports](handler completion, std::function<void(journal&)> to_do) {
        task added{std::move(to_do), std::move(completion)};
        add(std::move(added), with_reports);
    };
    co_await asio::async_initiate<asio::use_awaitable_t<> const, void(std::exception_ptr)>(
        initiate, asio::use_awaitable, std::move(work));
}

// Wakes the thread when it has something to do, and not while it gathers more.
void journal_writer::add(task added, bool with_reports)
{
    bool wakes = false;
    {
        std::lock_guard const lock{mutex_};
        tasks_.push_back(std::move(added));
        reports_wanted_ = reports_wanted_ || with_reports;
        wakes = with_reports || tasks_.size() == 1 || tasks_.size() == enough_;
    }
    if (wakes)
        wake_.notify_one();
}

bool journal_writer::are_reports_due() const
{
    return !reports_.empty() && (closing_ || reports_wanted_ || reports_.size() >= most_reports ||
                                 clock::now() >= reports_due_);
}

void journal_writer::wait(std::unique_lock<std::mutex>& lock)
{
    while (!closing_ && tasks_.empty() && !are_reports_due()) {
        if (reports_.empty())
            wake_.wait(lock);
        else
            wake_.wait_until(lock, reports_due_);
    }
}

void journal_writer::gather(std::unique_lock<std::mutex>& lock)
{
    auto const end = clock::now() + gathering;
    wake_.wait_until(
        lock, end, [this] { return closing_ || reports_wanted_ || tasks_.size() >= enough_; });
}

void journal_writer::run()
{
    std::unique_lock lock{mutex_};
    while (true) {
        wait(lock);
        gather(lock);
        auto tasks = std::exchange(tasks_, {});
        std::vector<record> reports;
        if (are_reports_due())
            reports.swap(reports_);
        reports_wanted_ = false;
        if (closing_ && tasks.empty() && reports.empty())
            return;
        lock.unlock();
        auto const failure = write(tasks, reports);
        asio::post(executor_, [done = std::move(tasks), failure]() mutable {
            for (auto& each : done)
                std::move(each.completion)(failure);
        });
        lock.lock();
    }
}

// What failed once is not tried again: the system tells of lost output once, and then no more.
std::exception_ptr
journal_writer::write(std::vector<task>& tasks, std::vector<record> const& reports) noexcept
try {
    if (failure_)
        return failure_;
    if (!reports.empty())
        synchronise_();
    journal_->begin();
    for (auto& each : tasks)
        each.work(*journal_);
    for (auto const& each : reports)
        journal_->report(each.position, each.end);
    journal_->commit();
    return {};
}
catch (...) {
    return failure_ = std::current_exception();
}

} // namespace vidi::batch
