#pragma once

#include <vidi/batch/journal_reader.hpp>

#include "batch/sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

/// @file
/// The file that a journal is in: its tables, and whether it is what it should be.

namespace vidi::batch {

/// The path that all who name the file in some way agree on.
std::filesystem::path canonical_path(std::filesystem::path const& file);

/// Makes a journal in which nothing is.
/// @throws journal_error There is a file of this name.
sqlite::connection create_journal(std::filesystem::path const& file, std::string const& job);

/// Opens a journal to write. One that is empty, because its job was ended while it began, is made
/// that of `job`.
sqlite::connection open_journal(std::filesystem::path const& file, std::string const& job);

/// Opens a journal to read, also while it is written.
sqlite::connection open_journal_to_read(std::filesystem::path const& file);

/// What tells the job from another.
std::string read_job(sqlite::connection&);

/// Makes it the next run, from which on nothing is in flight.
/// @return Its number, from 1.
std::int64_t begin_run(sqlite::connection&);

inline constexpr char const* counts_sql = "SELECT items, questions, succeeded, failed, in_flight, "
                                          "input_tokens, output_tokens FROM counts";
journal_counts read_counts(sqlite::rows const&);

} // namespace vidi::batch
