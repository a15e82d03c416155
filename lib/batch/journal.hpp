#pragma once

#include <vidi/batch/item.hpp>
#include <vidi/batch/journal_reader.hpp>
#include <vidi/batch/result.hpp>

#include "identity.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace vidi::batch {

/// How a journal is opened.
enum class journal_mode
{
    create, ///< There must not be one.
    resume  ///< There must be one, of the same job.
};

/// What the journal knows of an item that was entered.
struct standing
{
    /// The question's number in the journal.
    std::int64_t question = 0;
    /// What became of it, if it is done.
    std::optional<batch::result> result{};
    /// Its record is in the output already.
    bool reported = false;
    /// How often it was in flight when a run ended.
    unsigned interrupted = 0;
};

/// The state of a job, in an SQLite file in WAL mode. All calls block on the disk; one thread at a
/// time. What was done is durable, against the loss of power too, when commit() has returned.
///
/// While it is open for writing, no other process can open it so: it is told the pid of this one.
class journal
{
public:
    /// @param job What tells this job from another, such as a digest of its settings.
    /// @throws journal_error The file is there or not there, is no journal, or that of another job
    /// or of another version, is held by another process (which its pid names), or cannot be used.
    journal(std::filesystem::path const& file, journal_mode mode, std::string const& job);
    /// What was not committed is undone.
    ~journal();

    journal(journal const&) = delete;
    journal& operator=(journal const&) = delete;

    /// Begins a transaction, which all that follows is part of. Not nested.
    /// @throws journal_error, as all that follow: the disk is full or broken. The transaction is
    /// then undone.
    void begin();
    void commit();

    /// Enters an item, in place of what stood at its position. A question without a result counts
    /// as begun from now on; its result is to follow.
    standing enter(batch::origin const& origin, identity const& question);

    /// The result of a question that is begun.
    void finish(std::int64_t question, batch::result const& result);

    /// A question that was begun, and whose request was not sent: it is as it was before.
    void forget(std::int64_t question);

    /// The record of the item at that position is in the output, and ends at that byte.
    void report(std::uint64_t position, std::uint64_t end);

    /// Makes failed questions as if they had not been asked, so that they are asked again.
    /// @return How many.
    std::uint64_t reopen_failed();

    /// The last byte of the output, not after `size`, at which a record ends; all that would end
    /// later, and all whose question has no result, count as not reported from now on.
    std::uint64_t settle_output(std::uint64_t size);

    /// Calls `visit` with each reported item, in the order of the output, until it returns false.
    void each_reported(
        std::function<bool(batch::origin const&, batch::result const&, std::uint64_t end)> const&
            visit);

    journal_counts counts();

private:
    struct implementation;
    std::unique_ptr<implementation> self_;
};

} // namespace vidi::batch
