#pragma once

#include <vidi/batch/item.hpp>
#include <vidi/batch/result.hpp>
#include <vidi/detail/config.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace vidi::batch {

/// Why a journal cannot be used, in words for a person: which file, what is wrong, what to do.
class VIDI_DECL journal_error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// Numbers of a journal as a whole.
struct journal_counts
{
    std::uint64_t items = 0;     ///< Doubles included.
    std::uint64_t questions = 0; ///< Without doubles; those of items that were replaced included.
    std::uint64_t succeeded = 0; ///< Questions.
    std::uint64_t failed = 0;    ///< Questions.
    std::uint64_t in_flight = 0; ///< Questions begun and not done in the last run.
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;

    bool operator==(journal_counts const&) const = default;
};

/// Reads the journal of a job, also of one that is being run. Changes nothing of what it says; but
/// it may have to be repaired after a crash, so that its directory must be writable. All calls
/// block on the disk; one thread at a time.
class VIDI_DECL journal_reader
{
public:
    /// @throws journal_error It is not there, is no journal, or one of another version.
    explicit journal_reader(std::filesystem::path const& file);
    ~journal_reader();

    journal_reader(journal_reader const&) = delete;
    journal_reader& operator=(journal_reader const&) = delete;

    /// What the run said of the job, such as its settings in JSON.
    std::string job() const;

    /// Takes as long for many items as for few.
    journal_counts counts() const;

    /// Calls `visit` with each item, by position, until it returns false. Its result is null if it
    /// is not done. Memory does not depend on their number. While a job is run, some are read as
    /// they are now and some as they were a moment ago.
    /// @throws journal_error It is damaged.
    void each(std::function<bool(batch::origin const&, batch::result const*)> const& visit) const;

private:
    struct implementation;
    std::unique_ptr<implementation> self_;
};

} // namespace vidi::batch
