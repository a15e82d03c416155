#include "batch/sqlite.hpp"

#include "model/utf8.hpp"

#include <cerrno>
#include <chrono>
#include <system_error>

namespace vidi::batch::sqlite {
namespace {

// How long another program may hold the file, as one does that repairs it after a crash.
constexpr std::chrono::milliseconds patience = std::chrono::seconds{5};

std::string system_reason(int number)
{
    return number == 0 ? std::string{}
                       : " (" + std::error_code{number, std::generic_category()}.message() + ")";
}

struct explanation
{
    std::string what{};
    char const* advice = "";
};

explanation explain_io(int number)
{
    if (number == EFBIG)
        return {
            "it has reached the limit on the size of a file",
            "Raise the limit (ulimit -f), then resume the job."};
    if (number == ENOSPC || number == EDQUOT)
        return {"the disk is full", "Make room on it, then resume the job."};
    return {
        "it cannot be read or written" + system_reason(number),
        "Check the disk, then resume the job."};
}

explanation explain(int code, int system_error, char const* message)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
        return {"the disk is full", "Make room on it, then resume the job."};
    case SQLITE_IOERR:
        return explain_io(system_error);
    case SQLITE_NOTADB:
        return {"it is no journal", "Name another file."};
    case SQLITE_CORRUPT:
        return {
            "the journal is damaged",
            "Put back a copy of it, or delete it and start the job anew."};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {"another program is using it", "End that program, then resume the job."};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
        return {
            "it cannot be opened for writing" + system_reason(system_error),
            "Check the permissions of the file and of its directory."};
    case SQLITE_NOMEM:
        return {"there is not enough memory", "Free some, then resume the job."};
    case SQLITE_TOOBIG:
        return {"a text is too long for it", "Leave that item out."};
    default:
        return {std::string{"SQLite reports: "} + message, "The job can be resumed."};
    }
}

// The system's own number for what went wrong with a file; 0 if it is not known. SQLite keeps that
// of a failed commit only with the file, which is the -wal file as a rule.
int last_system_error(sqlite3* handle)
{
    for (int const which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
        sqlite3_file* file = nullptr;
        int number = 0;
        if (sqlite3_file_control(handle, "main", which, &file) == SQLITE_OK && file &&
            file->pMethods &&
            file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number) == SQLITE_OK &&
            number != 0)
            return number;
    }
    return sqlite3_system_errno(handle);
}

} // namespace

connection::connection(std::filesystem::path const& file, int flags) : file_{file}
{
    sqlite3* opened = nullptr;
    // One thread at a time uses it, so that SQLite need not lock.
    int const code = sqlite3_open_v2(file.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(opened);
    if (!opened)
        throw std::bad_alloc{};
    sqlite3_extended_result_codes(opened, 1);
    check(code);
    check(sqlite3_busy_timeout(opened, static_cast<int>(patience.count())));
    // What is in the file may have been made to do harm.
    check(sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr));
    check(sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr));
    // The cache bounds the memory, whatever the length of the job.
    execute("PRAGMA cell_size_check = 1; PRAGMA mmap_size = 0; PRAGMA cache_size = -4096;");
}

void connection::execute(char const* sql)
{
    check(sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr));
}

void connection::roll_back() noexcept
{
    // Some failures make SQLite roll back itself; if this fails too, closing the file does it.
    if (in_transaction())
        sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

journal_error connection::error(std::string_view what, std::string_view advice) const
{
    return journal_error{file_.string().append(": ").append(what).append(". ").append(advice)};
}

journal_error connection::damaged(std::string_view what) const
{
    return error(
        std::string{"the journal is damaged: "}.append(what),
        "Put back a copy of it, or delete it and start the job anew.");
}

void connection::check(int code) const
{
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
        return;
    auto const [what, advice] =
        explain(code, last_system_error(handle_.get()), sqlite3_errmsg(handle_.get()));
    throw error(what, advice);
}

statement::statement(connection& owner, std::string const& sql) : owner_{&owner}
{
    sqlite3_stmt* prepared = nullptr;
    int const code = sqlite3_prepare_v3(
        owner.handle(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    handle_.reset(prepared);
    owner.check(code);
}

void statement::bind(int index, std::int64_t value)
{
    owner_->check(sqlite3_bind_int64(handle_.get(), index, value));
}

void statement::bind(int index, std::nullopt_t)
{
    owner_->check(sqlite3_bind_null(handle_.get(), index));
}

void statement::bind(int index, std::string_view value)
{
    // A null pointer would be NULL, which is not the same as no text.
    char const* const data = value.empty() ? "" : value.data();
    bool const is_text = model::find_invalid_utf8(value) == std::string_view::npos;
    owner_->check(
        is_text ? sqlite3_bind_text64(
                      handle_.get(), index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8)
                : sqlite3_bind_blob64(handle_.get(), index, data, value.size(), SQLITE_STATIC));
}

void statement::bind(int index, identity const& value)
{
    owner_->check(
        sqlite3_bind_blob64(handle_.get(), index, value.data(), value.size(), SQLITE_STATIC));
}

bool rows::next()
{
    int const code = sqlite3_step(handle());
    source_->owner_->check(code);
    return code == SQLITE_ROW;
}

std::string rows::text(int column) const
{
    int const type = sqlite3_column_type(handle(), column);
    if (type != SQLITE_TEXT && type != SQLITE_BLOB)
        throw damaged(column);
    // Before the size, which depends on it if the file is not in UTF-8.
    void const* const bytes = type == SQLITE_TEXT ? sqlite3_column_text(handle(), column)
                                                  : sqlite3_column_blob(handle(), column);
    auto const* const data = static_cast<char const*>(bytes);
    auto const size = static_cast<std::size_t>(sqlite3_column_bytes(handle(), column));
    if (!data && size != 0)
        throw std::bad_alloc{};
    std::string_view const value = data ? std::string_view{data, size} : std::string_view{};
    if (type == SQLITE_TEXT && model::find_invalid_utf8(value) != std::string_view::npos)
        throw damaged(column);
    return std::string{value};
}

journal_error rows::damaged(int column) const
{
    return source_->owner_->damaged(
        std::string{"a value of '"} + sqlite3_column_name(handle(), column) + "' is impossible");
}

std::int64_t rows::integer_64(int column) const
{
    if (sqlite3_column_type(handle(), column) != SQLITE_INTEGER)
        throw damaged(column);
    return sqlite3_column_int64(handle(), column);
}

} // namespace vidi::batch::sqlite
