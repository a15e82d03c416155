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
/// While it is open, nobody else can open it to write: another process is told the pid of this one.
/// Beside the file there are three more then, with `-wal`, `-shm` and `-lock` after its name. The
/// first two belong to it, after a crash as well: whoever copies or moves it takes them along.
///
/// After an exception of any call the transaction is undone and the journal refuses all others,
/// saying why: a job that went on would lose what was undone. It can be opened again.
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

    /// Begins a transaction, which all that follows is part of. Not nested. A change outside of one
    /// is one by itself.
    /// @throws journal_error, as all that follow: the disk is full or broken, or the file damaged.
    /// @throws std::logic_error, as all that follow: it is called when it must not be.
    void begin();
    void commit();

    /// Enters an item. A question without a result counts as begun from now on, in this run; its
    /// result is to follow.
    ///
    /// If another item stood at its position, with another id, image or question, this one takes
    /// its place and is not reported. The record of that one stays in the output: nothing says of
    /// it any more where it ends, and a later record is that of the item. If no record follows it,
    /// the next settle_output() does not count it in, and it is cut off. Its question stays in the
    /// journal, and in counts().
    standing enter(batch::origin const& origin, identity const& question);

    /// The result of a question that is begun.
    void finish(std::int64_t question, batch::result const& result);

    /// A question that was begun in this run, and whose request was not sent: it is as it was
    /// before, but that it was in flight when an earlier run ended is not forgotten.
    void forget(std::int64_t question);

    /// The record of the item at that position is in the output, and ends at that byte.
    void report(std::uint64_t position, std::uint64_t end);

    /// Makes failed questions as if they had not been asked, so that they are asked again, and
    /// their items not reported. Their records stay in the output, as those of enter() do.
    /// @return How many.
    std::uint64_t reopen_failed();

    /// Makes journal and output agree after a crash, in which the output may have lost its end.
    ///
    /// All items whose record would end after `size` count as not reported from now on.
    /// @param size How long the output is, in bytes.
    /// @return Where the last record ends of an item that is reported, or 0: the output is to be
    /// cut there. What follows is a part of a record, a record that was not committed, or one that
    /// reopen_failed() or enter() have made out of date.
    std::uint64_t settle_output(std::uint64_t size);

    /// Calls `visit` with each reported item, in the order of the output, until it returns false.
    /// It may call report().
    void each_reported(
        std::function<bool(batch::origin const&, batch::result const&, std::uint64_t end)> const&
            visit);

    /// What is not committed is included.
    journal_counts counts();

private:
    struct implementation;
    std::unique_ptr<implementation> self_;
};

} // namespace vidi::batch
