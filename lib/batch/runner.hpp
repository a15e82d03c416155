#pragma once

#include <vidi/batch/run.hpp>

#include "batch/account.hpp"
#include "batch/identity.hpp"
#include "batch/journal_writer.hpp"
#include "batch/semaphore.hpp"
#include "batch/signal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace vidi::batch {

/// One run of a batch. Reads top to bottom: take items, work on each, hand over its result.
/// All of it happens on one executor, which runs one handler at a time.
class runner : public std::enable_shared_from_this<runner>
{
public:
    runner(
        boost::asio::any_io_executor executor, vidi::client& client, batch::source& source,
        batch::sink& sink, run_options options, monitor* watch);
    ~runner();

    /// Opens the journal, and makes it and the output agree. Blocks on the disk.
    void open();
    void start();

    /// Completes when the run is over. Cancelling it aborts the run, which then still has to end.
    boost::asio::awaitable<void> wait();
    /// @throws What went wrong.
    summary take_summary();

    void stop(ending why);
    void abort();

private:
    // A question that is being asked. Equal items wait for it.
    struct flight
    {
        explicit flight(boost::asio::any_io_executor const& executor) : landed{executor} {}

        signal landed;
        std::optional<result> found{};
    };

    struct finding
    {
        batch::result result{};
        provenance how = provenance::asked;
        bool reported = false;
    };

    boost::asio::awaitable<void> go();
    boost::asio::awaitable<void> take_items();
    boost::asio::awaitable<std::optional<item>> take();
    boost::asio::awaitable<void> work_on(item taken, std::uint64_t number);
    boost::asio::awaitable<std::optional<finding>> find(item const& taken);
    boost::asio::awaitable<std::optional<finding>>
    find_twin(item const& taken, identity const& question, result answer);
    boost::asio::awaitable<std::optional<finding>>
    find_first(item const& taken, identity const& question);
    finding known(result what, bool reported) const;
    boost::asio::awaitable<std::optional<result>>
    find_answer(item const& taken, standing const& stands, bool& sent);
    boost::asio::awaitable<std::optional<result>> ask(request const& question, bool& sent);
    boost::asio::awaitable<void> deliver(origin const& from, finding found);
    boost::asio::awaitable<bool> wait_for_turn(std::uint64_t number);
    void hold_back_after(std::uint64_t number);
    void pass_turn();

    bool is_over_budget() const;
    void stop_if_refused(verdict const& given);
    void cancel(boost::asio::cancellation_type what);
    void fail(std::exception_ptr failure);
    void tell();

    boost::asio::any_io_executor executor_;
    vidi::client& client_;
    batch::source& source_;
    batch::sink& sink_;
    run_options options_;
    monitor* watch_;
    std::shared_ptr<account> account_;
    std::optional<journal_writer> journal_;
    // Of items in work, and of those that are sent. There are more of the former: some wait for the
    // journal, and some for their turn.
    semaphore slots_;
    semaphore requests_;
    semaphore turn_;
    std::size_t in_work_ = 0;
    std::map<identity, std::shared_ptr<flight>> flights_;
    std::set<std::shared_ptr<boost::asio::cancellation_signal>> at_client_;
    // The number of the item whose result is handed over next, if that is done in order.
    std::uint64_t next_ = 0;
    // Nothing is handed over in order from that one on.
    std::uint64_t gap_ = std::numeric_limits<std::uint64_t>::max();
    signal next_changed_;
    // As exact as the time at which a result is complete.
    decltype(result::completed) begin_ =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    std::optional<ending> stopped_;
    bool aborted_ = false;
    summary summary_;
    std::exception_ptr failure_;
    std::exception_ptr sink_failure_;
    bool over_ = false;
    signal ended_;
};

} // namespace vidi::batch
