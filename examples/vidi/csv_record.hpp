#pragma once

#include <vidi/batch/item.hpp>
#include <vidi/batch/result.hpp>

#include <string>

namespace vidi_tool {

/// The row that names the columns of make_csv_record(), with the line break.
std::string csv_header();

/// What is written about one image as a row of CSV (RFC 4180), with the line break. What does not
/// apply is empty.
std::string make_csv_record(vidi::batch::origin const& from, vidi::batch::result const& what);

} // namespace vidi_tool
