#include "batch/journal.hpp"

#include "batch/columns.hpp"
#include "batch/journal_file.hpp"
#include "batch/lock_file.hpp"
#include "batch/question_index.hpp"
#include "batch/sqlite.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <type_traits>

namespace vidi::batch {
namespace {

// The run of a question that was not begun in any.
constexpr std::int64_t not_begun = 0;

// Sums of what servers claim, which is not trusted: they stay between 0 and the greatest number.
std::int64_t add(std::int64_t sum, std::int64_t number)
{
    if (number > 0 && sum > std::numeric_limits<std::int64_t>::max() - number)
        return std::numeric_limits<std::int64_t>::max();
    return std::max<std::int64_t>(sum + number, 0);
}

std::int64_t subtract(std::int64_t sum, std::int64_t number)
{
    return number > 0 ? std::max<std::int64_t>(sum - number, 0) : sum;
}

std::int64_t to_signed(std::uint64_t number)
{
    if (!std::in_range<std::int64_t>(number))
        throw std::out_of_range{"a position beyond what a journal can hold"};
    return static_cast<std::int64_t>(number);
}

} // namespace

struct journal::implementation
{
    implementation(
        std::filesystem::path const& canonical, journal_mode mode, std::string const& job);

    sqlite::connection
    open(std::filesystem::path const& canonical, journal_mode mode, std::string const& job);

    /// Does something with the file. After a failure nothing more is done: what was undone would be
    /// missing without a word.
    template <class Action>
    auto use(Action action);

    /// The same in a transaction, of its own if there is none.
    template <class Action>
    auto change(Action action);

    void begin();
    void commit();

    standing enter_question(identity const& question);
    bool enter_origin(batch::origin const& origin, std::int64_t question);
    void finish(std::int64_t question, batch::result const& result);
    void forget(std::int64_t question);
    std::uint64_t reopen_failed();
    std::uint64_t settle_output(std::uint64_t size);

    // In this order: the lock is released last.
    lock_file lock;
    sqlite::connection connection;
    std::int64_t run;
    journal_counts counts;
    /// Of the last commit.
    journal_counts stored_counts;
    bool in_transaction = false;
    /// Why it is not used any more; empty if it is.
    std::string failure{};

    question_index index{connection};
    sqlite::statement begin_transaction{connection, "BEGIN IMMEDIATE"};
    sqlite::statement commit_transaction{connection, "COMMIT"};
    sqlite::statement store_counts{
        connection, "UPDATE counts SET items = ?, questions = ?, succeeded = ?, failed = ?,"
                    " in_flight = ?, input_tokens = ?, output_tokens = ?"};
    sqlite::statement insert_question{
        connection, "INSERT INTO question(identity, run, interrupted) VALUES(?, ?, 0)"};
    sqlite::statement find_question{
        connection, "SELECT question.run, question.interrupted, " + result_columns() +
                        " FROM question LEFT JOIN result ON result.question = question.number"
                        " WHERE question.number = ?"};
    sqlite::statement begin_question{
        connection, "UPDATE question SET run = ?, interrupted = ? WHERE number = ?"};
    sqlite::statement insert_result{connection, store_result_sql()};
    sqlite::statement forget_question{
        connection, "UPDATE question SET run = 0 WHERE number = ? AND run = ? AND NOT EXISTS"
                    " (SELECT 1 FROM result WHERE result.question = question.number)"};
    sqlite::statement insert_entry{
        connection, "INSERT INTO entry(position, question, id, image) VALUES(?, ?, ?, ?)"
                    " ON CONFLICT DO NOTHING"};
    sqlite::statement find_entry{
        connection, "SELECT question, id, image, output_end FROM entry WHERE position = ?"};
    sqlite::statement replace_entry{
        connection, "UPDATE entry SET question = ?, id = ?, image = ?, output_end = NULL"
                    " WHERE position = ?"};
    sqlite::statement report_entry{
        connection, "UPDATE entry SET output_end = ? WHERE position = ?"};
};

journal::implementation::implementation(
    std::filesystem::path const& canonical, journal_mode mode, std::string const& job)
    : lock{canonical}, connection{open(canonical, mode, job)}, run{begin_run(connection)}
{
    sqlite::statement statement{connection, counts_sql};
    sqlite::rows row = statement.select();
    if (!row.next())
        throw connection.damaged("its numbers are missing");
    counts = stored_counts = read_counts(row);
}

sqlite::connection journal::implementation::open(
    std::filesystem::path const& canonical, journal_mode mode, std::string const& job)
{
    if (mode == journal_mode::create)
        return create_journal(canonical, job);
    sqlite::connection opened = open_journal(canonical, job);
    if (read_job(opened) != job)
        throw opened.error(
            "this is the journal of another job",
            "Give the settings of that job to resume it, or start this one with another journal.");
    return opened;
}

template <class Action>
auto journal::implementation::use(Action action)
{
    if (!failure.empty())
        throw journal_error{"the journal was closed after an error: " + failure};
    try {
        return action();
    }
    catch (std::exception const& e) {
        failure = e.what();
        connection.roll_back();
        in_transaction = false;
        throw;
    }
}

template <class Action>
auto journal::implementation::change(Action action)
{
    return use([&] {
        bool const alone = !in_transaction;
        if (alone)
            begin();
        if constexpr (std::is_void_v<std::invoke_result_t<Action>>) {
            action();
            if (alone)
                commit();
        }
        else {
            auto result = action();
            if (alone)
                commit();
            return result;
        }
    });
}

void journal::implementation::begin()
{
    if (in_transaction)
        throw std::logic_error{"a transaction of the journal has begun already"};
    begin_transaction.run();
    in_transaction = true;
}

void journal::implementation::commit()
{
    if (!in_transaction)
        throw std::logic_error{"no transaction of the journal has begun"};
    if (counts != stored_counts)
        store_counts.run(
            to_signed(counts.items), to_signed(counts.questions), to_signed(counts.succeeded),
            to_signed(counts.failed), to_signed(counts.in_flight), counts.input_tokens,
            counts.output_tokens);
    commit_transaction.run();
    stored_counts = counts;
    in_transaction = false;
}

standing journal::implementation::enter_question(identity const& question)
{
    auto const number = index.find(question);
    if (!number) {
        insert_question.run(question, run);
        auto const added = connection.last_number();
        index.add(question, added);
        ++counts.questions;
        ++counts.in_flight;
        return {added};
    }
    sqlite::rows row = find_question.select(*number);
    if (!row.next())
        throw connection.damaged("a question cannot be found");
    standing found{*number, read_result(row, 2)};
    auto const last_run = row.integer<std::int64_t>(0);
    found.interrupted = row.integer<unsigned>(1);
    if (found.result || last_run == run)
        return found;
    if (last_run != not_begun && found.interrupted != std::numeric_limits<unsigned>::max())
        ++found.interrupted;
    begin_question.run(run, found.interrupted, found.question);
    ++counts.in_flight;
    return found;
}

// Whether it is in the output.
bool journal::implementation::enter_origin(batch::origin const& origin, std::int64_t question)
{
    auto const position = to_signed(origin.position);
    auto const id = id_text(origin.id);
    insert_entry.run(position, question, id, origin.image);
    if (connection.changes() == 1) {
        ++counts.items;
        return false;
    }
    sqlite::rows row = find_entry.select(position);
    if (!row.next())
        throw connection.damaged("an item cannot be found");
    bool const has_id = !row.is_null(1);
    if (row.integer<std::int64_t>(0) == question && has_id == id.has_value() &&
        (!has_id || row.text(1) == *id) && row.text(2) == origin.image)
        return !row.is_null(3);
    replace_entry.run(question, id, origin.image, position);
    return false;
}

void journal::implementation::finish(std::int64_t question, batch::result const& result)
{
    store_result(insert_result, question, result);
    if (connection.changes() != 1 || counts.in_flight == 0)
        throw std::logic_error{"the result of a question that is not begun"};
    --counts.in_flight;
    ++(result.failure ? counts.failed : counts.succeeded);
    if (result.usage) {
        counts.input_tokens = add(counts.input_tokens, result.usage->input_tokens);
        counts.output_tokens = add(counts.output_tokens, result.usage->output_tokens);
    }
}

void journal::implementation::forget(std::int64_t question)
{
    forget_question.run(question, run);
    if (connection.changes() != 1 || counts.in_flight == 0)
        throw std::logic_error{"a question to forget that is not begun"};
    --counts.in_flight;
}

std::uint64_t journal::implementation::reopen_failed()
{
    // total() cannot overflow, as sum() can.
    sqlite::statement tokens{
        connection, "SELECT CAST(total(input_tokens) AS INTEGER),"
                    " CAST(total(output_tokens) AS INTEGER) FROM result WHERE failed"};
    {
        sqlite::rows row = tokens.select();
        row.next();
        counts.input_tokens = subtract(counts.input_tokens, row.integer<std::int64_t>(0));
        counts.output_tokens = subtract(counts.output_tokens, row.integer<std::int64_t>(1));
    }
    for (char const* sql :
         {"UPDATE entry SET output_end = NULL WHERE output_end IS NOT NULL AND"
          " (SELECT failed FROM result WHERE result.question = entry.question)",
          "UPDATE question SET run = 0 WHERE"
          " (SELECT failed FROM result WHERE result.question = question.number)",
          "DELETE FROM result WHERE failed"})
        sqlite::statement{connection, sql}.run();
    auto const reopened = static_cast<std::uint64_t>(connection.changes());
    counts.failed -= std::min(counts.failed, reopened);
    return reopened;
}

std::uint64_t journal::implementation::settle_output(std::uint64_t size)
{
    sqlite::statement{connection, "UPDATE entry SET output_end = NULL WHERE output_end > ?"}.run(
        to_signed(size));
    sqlite::statement last{
        connection, "SELECT coalesce(max(output_end), 0) AS output_end FROM entry"};
    sqlite::rows row = last.select();
    row.next();
    return row.integer<std::uint64_t>(0);
}

journal::journal(std::filesystem::path const& file, journal_mode mode, std::string const& job)
    : self_{std::make_unique<implementation>(canonical_path(file), mode, job)}
{
}

journal::~journal() = default;

void journal::begin()
{
    self_->use([&] { self_->begin(); });
}

void journal::commit()
{
    self_->use([&] { self_->commit(); });
}

standing journal::enter(batch::origin const& origin, identity const& question)
{
    return self_->change([&] {
        standing stands = self_->enter_question(question);
        stands.reported = self_->enter_origin(origin, stands.question) && stands.result;
        return stands;
    });
}

void journal::finish(std::int64_t question, batch::result const& result)
{
    self_->change([&] { self_->finish(question, result); });
}

void journal::forget(std::int64_t question)
{
    self_->change([&] { self_->forget(question); });
}

void journal::report(std::uint64_t position, std::uint64_t end)
{
    self_->change([&] {
        self_->report_entry.run(to_signed(end), to_signed(position));
        if (self_->connection.changes() != 1)
            throw std::logic_error{"a record of an item that was not entered"};
    });
}

std::uint64_t journal::reopen_failed()
{
    return self_->change([&] { return self_->reopen_failed(); });
}

std::uint64_t journal::settle_output(std::uint64_t size)
{
    return self_->change([&] { return self_->settle_output(size); });
}

void journal::each_reported(
    std::function<bool(batch::origin const&, batch::result const&, std::uint64_t end)> const& visit)
{
    // Two statements: what is sorted is then two numbers an item, and not all its text.
    auto order = self_->use([&] {
        return sqlite::statement{
            self_->connection, "SELECT position, output_end FROM entry"
                               " WHERE output_end IS NOT NULL ORDER BY output_end"};
    });
    auto item = self_->use([&] {
        return sqlite::statement{
            self_->connection, std::string{"SELECT "} + origin_columns + ", " + result_columns() +
                                   " FROM entry JOIN result ON result.question = entry.question"
                                   " WHERE entry.position = ?"};
    });
    sqlite::rows row = order.select();
    while (self_->use([&] { return row.next(); })) {
        batch::origin origin;
        batch::result result;
        std::uint64_t end = 0;
        self_->use([&] {
            end = row.integer<std::uint64_t>(1);
            sqlite::rows found = item.select(row.integer<std::int64_t>(0));
            auto read = found.next() ? read_result(found, origin_width) : std::nullopt;
            if (!read)
                throw self_->connection.damaged("an item is in the output without a result");
            result = *std::move(read);
            origin = read_origin(found, 0);
        });
        if (!visit(origin, result, end))
            return;
    }
}

journal_counts journal::counts()
{
    return self_->use([&] { return self_->counts; });
}

} // namespace vidi::batch
