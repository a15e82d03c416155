#pragma once

#include <vidi/batch/journal_reader.hpp>
#include <vidi/batch/progress.hpp>
#include <vidi/batch/sink.hpp>
#include <vidi/batch/source.hpp>
#include <vidi/client.hpp>
#include <vidi/detail/config.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace vidi::batch {

/// What is done with the journal of an earlier run.
enum class continuation
{
    none,        ///< The job is new: there must not be a journal.
    resume,      ///< What is done is not asked again; what was in flight is.
    retry_failed ///< As resume, but what failed is asked again too, and the output written anew.
};

/// How a batch is run. The defaults are those of a batch that is not to be resumed.
struct run_options
{
    /// Requests put to the client at the same time, at most; at least 1. How many of them are sent
    /// is the business of the client's admission. As many items again may be in work: they wait for
    /// the journal, for the sink, or for a place.
    std::size_t concurrency = 256;
    /// The file of the journal; empty if there is none, and nothing survives the process.
    std::filesystem::path journal{};
    batch::continuation continuation = batch::continuation::none;
    /// What tells this job from another, such as its settings in JSON; the journal keeps it. A job
    /// is not gone on with if it differs.
    std::string job{};
    /// Nothing more is begun when this run has sent so many requests (repetitions included) or used
    /// so many tokens; what is in flight then completes, so that the number may be passed by what
    /// that takes. 0 is no limit.
    std::uint64_t max_requests = 0;
    std::uint64_t max_tokens = 0;
    /// The batch ends when so many questions in a row of this run, from the first, fail for a
    /// reason that may concern all others, such as a host that cannot be reached. One is enough if
    /// it concerns them certainly, such as a key that is not accepted. 0: nothing ends it.
    std::size_t refusals = 8;
    /// Results in the order of the items, not in that of the answers. One that is late holds back
    /// those after it, and less than twice `concurrency` are held back.
    /// If the run ends early, and there is a journal, results behind an item that has none are not
    /// handed over: the next run does so, in order.
    bool in_order = false;
};

/// Why a batch ended.
enum class ending
{
    complete, ///< Every item of the source has a result.
    stopped,  ///< By monitor::stop().
    aborted,  ///< By monitor::abort(), or because the operation was cancelled.
    budget,   ///< `max_requests` or `max_tokens` were reached.
    refused   ///< All that was asked failed for the same reason; `progress::failures` has it.
};

/// What became of a batch.
struct summary
{
    batch::ending ending = batch::ending::complete;
    /// For `ending::refused`, why: the failure of the last question, and its code.
    batch::failure refusal{};
    error_code code{};
    /// Items taken from the source that have no result.
    std::uint64_t not_done = 0;
    batch::progress progress{};
};

/// Asks about every item of the source, and gives the results to the sink.
///
/// With a journal, an item is recorded as begun before its request is sent, and its result before
/// the sink is told of it. After a crash a run with `continuation::resume` goes on: no result is
/// lost, nothing that was done is asked again, and what was in flight is asked again and says so in
/// `result::interrupted`.
///
/// Equal questions are asked once, and each is answered; without a journal, only those that are in
/// work at the same time.
///
/// The memory needed depends on the concurrency, not on the length of the source.
///
/// @param client Must live until the operation is complete, as all arguments that are referred to.
/// @param watch To look at it and end it from outside; may be null.
/// @throws journal_error The journal cannot be used, or could not be written to any more.
/// @throws What source or sink throw. All that was in flight is complete or cancelled then.
///
/// Cancellation: does what monitor::abort() does. A coroutine of Asio lets terminal cancellation
/// through, unless it is told otherwise.
/// Thread safety: the coroutine's executor must not run two handlers at the same time: that of an
/// io_context with one thread, or a strand. Source and sink are called there. With a journal, the
/// executor's context must not be destroyed before the operation is complete.
VIDI_DECL boost::asio::awaitable<summary>
run(client& client, source& source, sink& sink, run_options options, monitor* watch = nullptr);

} // namespace vidi::batch
