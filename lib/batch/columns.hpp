#pragma once

#include <vidi/batch/item.hpp>
#include <vidi/batch/result.hpp>

#include "batch/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <string>

/// @file
/// How the parts of a journal are written in columns.

namespace vidi::batch {

/// Where a question stands. The numbers are in the files.
enum class question_state
{
    open = 0, ///< Known, and not begun.
    begun = 1,
    succeeded = 2,
    failed = 3
};

/// The columns of a question's state and result, for a SELECT.
std::string result_columns();

/// Reads the state.
/// @param first The column that the first of `result_columns` is, here and below.
question_state read_state(sqlite::rows const&, int first);
unsigned read_interrupted(sqlite::rows const&, int first);
/// Reads the result, if there is one.
std::optional<result> read_result(sqlite::rows const&, int first);

/// The statement that stores the result of a question of a run that is begun.
std::string store_result_sql();
void store_result(
    sqlite::statement&, std::int64_t question, std::int64_t run, batch::result const& result);

/// The columns of an item, for a SELECT; there are `origin_width`.
inline constexpr char const* origin_columns = "entry.position, entry.id, entry.image";
inline constexpr int origin_width = 3;

origin read_origin(sqlite::rows const&, int first);

/// JSON text, or nothing for null.
std::optional<std::string> id_text(boost::json::value const& id);

} // namespace vidi::batch
