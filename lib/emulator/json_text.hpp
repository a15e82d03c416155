#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace vidi::emulation {

/// Writes JSON as the API does: indented by two spaces, non-ASCII text as it is, and a decimal
/// number with its decimal point.
std::string to_text(boost::json::value const& value);

} // namespace vidi::emulation
