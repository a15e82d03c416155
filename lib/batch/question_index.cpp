#include "batch/question_index.hpp"

namespace vidi::batch {
namespace {

// A few megabytes. The more there are, the more of them go to the same page of the index.
constexpr std::size_t most_in_memory = 65'536;

} // namespace

question_index::question_index(sqlite::connection& connection)
    : find_{connection, "SELECT question FROM identity WHERE identity = ?"},
      merge_{
          connection, "INSERT INTO identity SELECT identity, number FROM question WHERE number >"
                      " (SELECT value FROM job WHERE key = 'indexed') ORDER BY identity"},
      mark_merged_{
          connection, "UPDATE job SET value = (SELECT coalesce(max(number), 0) FROM question)"
                      " WHERE key = 'indexed'"}
{
    connection.execute("BEGIN IMMEDIATE");
    merge();
    connection.execute("COMMIT");
}

std::optional<std::int64_t> question_index::find(identity const& question)
{
    if (auto const found = latest_.find(question); found != latest_.end())
        return found->second;
    sqlite::rows row = find_.select(question);
    if (!row.next())
        return std::nullopt;
    return row.integer<std::int64_t>(0);
}

void question_index::add(identity const& question, std::int64_t number)
{
    latest_.emplace(question, number);
    if (latest_.size() == most_in_memory)
        merge();
}

void question_index::merge()
{
    merge_.run();
    mark_merged_.run();
    latest_.clear();
}

} // namespace vidi::batch
