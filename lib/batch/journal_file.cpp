#include "batch/journal_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <concepts>
#include <cstdint>
#include <limits>
#include <system_error>

namespace vidi::batch {
namespace {

// "vidi", which file(1) and SQLite show.
constexpr std::int64_t application_id = 0x76696469;
constexpr std::int64_t format_version = 1;

// As they are in the file, by which they are known again.
//
// `counts` is one row: the sums of ten million rows would take minutes.
// `identity` has the questions up to the number `indexed` of `job`: question_index says why.
// `question.run` is the one in which a question was last begun, or 0: what an earlier run left in
// flight is seen without a search.
// `result` is not part of `question`, whose rows would then grow when they are answered, and its
// pages be split. What is long in it comes last, so that the rest is read without it.
constexpr char const* tables[] = {
    R"(CREATE TABLE counts(
    items INTEGER NOT NULL,
    questions INTEGER NOT NULL,
    succeeded INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    in_flight INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL))",
    R"(CREATE TABLE entry(
    position INTEGER PRIMARY KEY,
    question INTEGER NOT NULL,
    output_end INTEGER,
    id TEXT,
    image TEXT NOT NULL))",
    R"(CREATE TABLE identity(
    identity BLOB PRIMARY KEY,
    question INTEGER NOT NULL) WITHOUT ROWID)",
    R"(CREATE TABLE job(
    key TEXT PRIMARY KEY,
    value) WITHOUT ROWID)",
    R"(CREATE TABLE question(
    number INTEGER PRIMARY KEY,
    identity BLOB NOT NULL,
    run INTEGER NOT NULL,
    interrupted INTEGER NOT NULL))",
    R"(CREATE TABLE result(
    question INTEGER PRIMARY KEY,
    failed INTEGER NOT NULL,
    interrupted INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    possibly_billed INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    input_tokens INTEGER,
    output_tokens INTEGER,
    total_tokens INTEGER,
    cached_tokens INTEGER,
    cache_write_tokens INTEGER,
    reasoning_tokens INTEGER,
    http_status INTEGER,
    status TEXT NOT NULL,
    failure_kind TEXT,
    failure_message TEXT,
    request_id TEXT,
    failure_code TEXT,
    usage_additional TEXT,
    text TEXT NOT NULL))"};

[[noreturn]] void
throw_error(std::filesystem::path const& file, std::string const& what, std::string const& advice)
{
    throw journal_error{file.string() + ": " + what + ". " + advice};
}

void require_file(std::filesystem::path const& file)
{
    std::error_code ignored;
    auto const type = std::filesystem::status(file, ignored).type();
    if (type == std::filesystem::file_type::not_found)
        throw_error(file, "there is no such journal", "Check the name, or start a new job.");
    if (type != std::filesystem::file_type::regular)
        throw_error(file, "it is not a file that can be read", "Check the name.");
}

template <std::integral T = std::int64_t>
T read_number(sqlite::connection& connection, char const* sql)
{
    sqlite::statement statement{connection, sql};
    sqlite::rows row = statement.select();
    if (!row.next())
        throw connection.damaged("a row is missing");
    return row.integer<T>(0);
}

// Nothing but the tables may be in it: a view or a trigger would be executed.
void check_tables(sqlite::connection& connection)
{
    sqlite::statement schema{
        connection, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"};
    sqlite::rows row = schema.select();
    for (char const* table : tables)
        if (!row.next() || row.is_null(0) || row.text(0) != table)
            throw connection.damaged("its tables are not those of a journal");
    if (row.next())
        throw connection.damaged("it has a table that no journal has");
}

// What is left of a job that was ended while it began.
bool is_empty(sqlite::connection& connection)
{
    return read_number(connection, "PRAGMA application_id") == 0 &&
           read_number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
}

void check_format(sqlite::connection& connection)
{
    auto const application = read_number(connection, "PRAGMA application_id");
    if (application != application_id)
        throw connection.error("it is no journal, but a file of another program", "Name another.");
    if (auto const version = read_number(connection, "PRAGMA user_version");
        version != format_version)
        throw connection.error(
            "the journal has format " + std::to_string(version) + ", and this program knows " +
                std::to_string(format_version),
            "Use the version of the program that wrote it.");
    check_tables(connection);
}

// A copy that was cut short. SQLite takes what is missing of its last page for zeros.
void check_size(sqlite::connection& connection, std::uintmax_t size)
{
    if (size % read_number<std::uintmax_t>(connection, "PRAGMA page_size") != 0)
        throw connection.damaged("its end is missing");
}

// That it did not exist is certain only if the system says so.
void make_file(std::filesystem::path const& file)
{
    int const descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0)
        close(descriptor);
    else if (errno == EEXIST)
        throw_error(
            file, "there is a journal of this name",
            "Resume its job; or, if its answers are not needed, delete it.");
    else
        throw_error(
            file,
            "cannot be made (" + std::error_code{errno, std::generic_category()}.message() + ")",
            "Check the directory.");
}

// A commit is on the disk when it returns. The -wal file may grow to 64 MiB before it goes to the
// journal: the pages that are written again and again, as those of the identities are, are then
// copied less often.
void prepare_to_write(sqlite::connection& connection)
{
    connection.execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000;"
                       "PRAGMA journal_size_limit = 67108864;");
}

void turn_on_wal(sqlite::connection& connection)
{
    sqlite::statement pragma{connection, "PRAGMA journal_mode = WAL"};
    sqlite::rows row = pragma.select();
    if (!row.next() || row.text(0) != "wal")
        throw connection.error(
            "the file system lacks what a journal needs", "Put it on a disk of this machine.");
}

// 0 while it says nothing: what a crash left of the last page is replaced from the -wal file.
std::uintmax_t settled_size(std::filesystem::path const& file)
{
    std::error_code error;
    if (std::filesystem::exists(file.string() + "-wal", error))
        return 0;
    auto const size = std::filesystem::file_size(file, error);
    return error ? 0 : size;
}

void make_tables(sqlite::connection& connection, std::string const& job)
{
    connection.execute("BEGIN IMMEDIATE");
    for (char const* table : tables)
        connection.execute(table);
    connection.execute(("PRAGMA application_id = " + std::to_string(application_id) +
                        "; PRAGMA user_version = " + std::to_string(format_version))
                           .c_str());
    connection.execute("INSERT INTO counts VALUES(0, 0, 0, 0, 0, 0, 0);"
                       "INSERT INTO job VALUES('run', 0), ('indexed', 0)");
    sqlite::statement{connection, "INSERT INTO job VALUES('job', ?)"}.run(job);
    connection.execute("COMMIT");
}

} // namespace

std::filesystem::path canonical_path(std::filesystem::path const& file)
{
    std::error_code error;
    auto canonical = std::filesystem::weakly_canonical(std::filesystem::absolute(file), error);
    if (error)
        throw_error(file, "cannot be reached (" + error.message() + ")", "Check the name.");
    return canonical;
}

sqlite::connection create_journal(std::filesystem::path const& file, std::string const& job)
{
    make_file(file);
    return open_journal(file, job);
}

sqlite::connection open_journal(std::filesystem::path const& file, std::string const& job)
{
    require_file(file);
    auto const size = settled_size(file);
    sqlite::connection connection{file, SQLITE_OPEN_READWRITE};
    bool const empty = is_empty(connection);
    if (!empty) {
        check_format(connection);
        check_size(connection, size);
    }
    turn_on_wal(connection);
    prepare_to_write(connection);
    if (empty)
        make_tables(connection, job);
    return connection;
}

sqlite::connection open_journal_to_read(std::filesystem::path const& file)
{
    require_file(file);
    auto const size = settled_size(file);
    // Not read-only for SQLite: it may have to repair the file first, and it deletes its own files
    // after itself.
    sqlite::connection connection{file, SQLITE_OPEN_READWRITE};
    if (is_empty(connection))
        throw connection.error(
            "nothing is in this journal, as if its job had been ended while it began",
            "Resume the job.");
    check_format(connection);
    check_size(connection, size);
    connection.execute("PRAGMA query_only = 1");
    return connection;
}

std::string read_job(sqlite::connection& connection)
{
    sqlite::statement statement{connection, "SELECT value AS job FROM job WHERE key = 'job'"};
    sqlite::rows row = statement.select();
    if (!row.next())
        throw connection.damaged("it does not say what job it is of");
    return row.text(0);
}

std::int64_t begin_run(sqlite::connection& connection)
{
    std::int64_t const last = read_number(connection, "SELECT value FROM job WHERE key = 'run'");
    if (last < 0 || last >= std::numeric_limits<std::int32_t>::max())
        throw connection.damaged("the number of its last run is impossible");
    connection.execute("BEGIN IMMEDIATE; UPDATE job SET value = value + 1 WHERE key = 'run';"
                       "UPDATE counts SET in_flight = 0; COMMIT");
    return last + 1;
}

journal_counts read_counts(sqlite::rows const& row)
{
    journal_counts counts;
    counts.items = row.integer<std::uint64_t>(0);
    counts.questions = row.integer<std::uint64_t>(1);
    counts.succeeded = row.integer<std::uint64_t>(2);
    counts.failed = row.integer<std::uint64_t>(3);
    counts.in_flight = row.integer<std::uint64_t>(4);
    counts.input_tokens = row.integer<std::int64_t>(5);
    counts.output_tokens = row.integer<std::int64_t>(6);
    for (int const column : {5, 6})
        if (row.integer<std::int64_t>(column) < 0)
            throw row.damaged(column);
    return counts;
}

} // namespace vidi::batch
