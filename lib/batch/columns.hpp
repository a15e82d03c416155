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

/// The columns of a question's result, for a SELECT. All are NULL if it has none.
std::string result_columns();

/// Reads the result, if there is one.
/// @param first The column that the first of `result_columns` is.
std::optional<result> read_result(sqlite::rows const&, int first);

/// The statement that stores a result; it changes nothing if there is one.
std::string store_result_sql();
void store_result(sqlite::statement&, std::int64_t question, batch::result const& result);

/// The columns of an item, for a SELECT; there are `origin_width`.
inline constexpr char const* origin_columns = "entry.position, entry.id, entry.image";
inline constexpr int origin_width = 3;

origin read_origin(sqlite::rows const&, int first);

/// JSON text, or nothing for null.
std::optional<std::string> id_text(boost::json::value const& id);

} // namespace vidi::batch
