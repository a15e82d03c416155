#pragma once

#include "batch/identity.hpp"
#include "batch/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>

namespace vidi::batch {

/// Finds the questions of a journal by their identities.
///
/// These come in no order: with an index of them in the file, each would change a page of its own,
/// and each page be written to the disk. So the latest are in memory, and merged into the index
/// when there are many, in order. Those that were not when a run ended are merged by the next.
class question_index
{
public:
    /// Merges what is missing in the index, in a transaction.
    explicit question_index(sqlite::connection& connection);

    std::optional<std::int64_t> find(identity const& question);

    /// A question that was added to the journal, in a transaction.
    void add(identity const& question, std::int64_t number);

private:
    void merge();

    std::unordered_map<identity, std::int64_t, identity_hash> latest_;
    sqlite::statement find_;
    sqlite::statement merge_;
    sqlite::statement mark_merged_;
};

} // namespace vidi::batch
