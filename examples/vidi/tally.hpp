#pragma once

#include <vidi/batch/progress.hpp>

#include "exit_status.hpp"
#include "outcome.hpp"

namespace vidi_tool {

/// Counts an outcome.
void add(vidi::batch::progress& counts, outcome const& result);

/// The exit status after all images are done.
exit_status status_of(vidi::batch::progress const& counts);

} // namespace vidi_tool
