#include <vidi/batch/journal_reader.hpp>

#include "batch/columns.hpp"
#include "batch/journal_file.hpp"
#include "batch/sqlite.hpp"

#include <limits>
#include <utility>
#include <vector>

namespace vidi::batch {
namespace {

// How many items are read at once. While a statement reads, what a run writes cannot go from the
// -wal file to the journal, so that no statement is left waiting for the caller.
constexpr std::size_t slice = 64;

} // namespace

struct journal_reader::implementation
{
    using read_item = std::pair<batch::origin, std::optional<batch::result>>;

    explicit implementation(std::filesystem::path const& file)
        : connection{open_journal_to_read(canonical_path(file))}
    {
    }

    void read_slice(std::int64_t after, std::vector<read_item>& items);

    sqlite::connection connection;
    sqlite::statement counts{connection, counts_sql};
    sqlite::statement next_items{
        connection, std::string{"SELECT question.number, "} + origin_columns + ", " +
                        result_columns() +
                        " FROM entry LEFT JOIN question ON question.number = entry.question"
                        " LEFT JOIN result ON result.question = entry.question"
                        " WHERE entry.position > ? ORDER BY entry.position LIMIT ?"};
};

void journal_reader::implementation::read_slice(std::int64_t after, std::vector<read_item>& items)
{
    items.clear();
    sqlite::rows row = next_items.select(after, static_cast<std::int64_t>(slice));
    while (row.next()) {
        if (row.is_null(0))
            throw connection.damaged("the question of an item is missing");
        // In a damaged file they may go round in a circle.
        if (row.integer<std::int64_t>(1) <= after)
            throw connection.damaged("its items are not in order");
        after = row.integer<std::int64_t>(1);
        items.emplace_back(read_origin(row, 1), read_result(row, 1 + origin_width));
    }
}

journal_reader::journal_reader(std::filesystem::path const& file)
    : self_{std::make_unique<implementation>(file)}
{
}

journal_reader::~journal_reader() = default;

std::string journal_reader::job() const { return read_job(self_->connection); }

journal_counts journal_reader::counts() const
{
    sqlite::rows row = self_->counts.select();
    if (!row.next())
        throw self_->connection.damaged("its numbers are missing");
    return read_counts(row);
}

void journal_reader::each(
    std::function<bool(batch::origin const&, batch::result const*)> const& visit) const
{
    std::vector<implementation::read_item> items;
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    do {
        self_->read_slice(last, items);
        for (auto const& [origin, result] : items) {
            if (!visit(origin, result ? &*result : nullptr))
                return;
            last = static_cast<std::int64_t>(origin.position);
        }
    } while (items.size() == slice);
}

} // namespace vidi::batch
