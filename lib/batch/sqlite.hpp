#pragma once

#include <vidi/batch/journal_reader.hpp>

#include "batch/identity.hpp"

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <sqlite3.h>
#include <string>
#include <string_view>
#include <utility>

/// @file
/// SQLite, as far as a journal needs it. All that fails throws journal_error.

namespace vidi::batch::sqlite {

/// A database file that is open.
class connection
{
public:
    /// @param flags SQLITE_OPEN_…
    connection(std::filesystem::path const& file, int flags);

    /// Executes statements that have no result.
    void execute(char const* sql);

    /// Undoes the transaction, if there is one.
    void roll_back() noexcept;

    bool in_transaction() const noexcept { return !sqlite3_get_autocommit(handle_.get()); }
    std::int64_t last_number() const noexcept { return sqlite3_last_insert_rowid(handle_.get()); }
    /// How many rows the last statement that changes rows changed.
    std::int64_t changes() const noexcept { return sqlite3_changes64(handle_.get()); }

    /// An error of this file: `what` is wrong, `advice` is what to do.
    journal_error error(std::string_view what, std::string_view advice) const;
    /// The error for content that no journal has.
    journal_error damaged(std::string_view what) const;
    /// Throws if the code that SQLite returned is an error.
    void check(int code) const;

    sqlite3* handle() const noexcept { return handle_.get(); }

private:
    struct closer
    {
        void operator()(sqlite3* p) const noexcept { sqlite3_close_v2(p); }
    };

    std::filesystem::path file_;
    std::unique_ptr<sqlite3, closer> handle_;
};

class rows;

/// A prepared statement. Its parameters are numbered from 1.
class statement
{
public:
    statement(connection& owner, std::string const& sql);

    /// Executes it with these parameters, for what it changes.
    template <class... Values>
    void run(Values const&... values);

    /// Executes it with these parameters, for its rows. Text is not copied: it has to stay.
    template <class... Values>
    rows select(Values const&... values);

private:
    friend rows;

    struct finaliser
    {
        void operator()(sqlite3_stmt* p) const noexcept { sqlite3_finalize(p); }
    };

    void bind(int index, std::int64_t value);
    void bind(int index, std::nullopt_t);
    /// Text that is not UTF-8, such as the name of a file, is stored as a BLOB.
    void bind(int index, std::string_view value);
    void bind(int index, identity const& value);

    template <std::integral T>
    void bind(int index, T value)
    {
        static_assert(std::in_range<std::int64_t>(std::numeric_limits<T>::max()));
        bind(index, static_cast<std::int64_t>(value));
    }

    template <class T>
    void bind(int index, std::optional<T> const& value)
    {
        if (value)
            bind(index, *value);
        else
            bind(index, std::nullopt);
    }

    connection* owner_;
    std::unique_ptr<sqlite3_stmt, finaliser> handle_;
};

/// The rows of a statement. Columns are numbered from 0. What is in them is not trusted.
class rows
{
public:
    explicit rows(statement& source) noexcept : source_{&source} {}
    ~rows() { sqlite3_reset(handle()); }

    rows(rows const&) = delete;
    rows& operator=(rows const&) = delete;

    /// Goes to the next row, first to the first.
    bool next();

    bool is_null(int column) const { return sqlite3_column_type(handle(), column) == SQLITE_NULL; }
    std::string text(int column) const;

    template <std::integral T>
    T integer(int column) const
    {
        std::int64_t const value = integer_64(column);
        if (!std::in_range<T>(value))
            throw damaged(column);
        return static_cast<T>(value);
    }

    /// The error for a value that this column cannot have.
    journal_error damaged(int column) const;

private:
    sqlite3_stmt* handle() const noexcept { return source_->handle_.get(); }
    std::int64_t integer_64(int column) const;

    statement* source_;
};

template <class... Values>
void statement::run(Values const&... values)
{
    rows changed = select(values...);
    while (changed.next())
        ;
}

template <class... Values>
rows statement::select(Values const&... values)
{
    int index = 0;
    (bind(++index, values), ...);
    return rows{*this};
}

} // namespace vidi::batch::sqlite
