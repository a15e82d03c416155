#pragma once

#include "record_writer.hpp"
#include "request_settings.hpp"

#include <cstddef>
#include <string>

namespace CLI {
class App;
}

namespace vidi_tool {

struct batch_options
{
    request_settings request;
    /// The list: a file, or `-` for standard input.
    std::string input;
    record_target output;
    /// Requests in flight at the same time.
    std::size_t concurrency = 32;
};

/// Describes the images of a list. Returns the exit status.
int run_batch(batch_options const& options);

/// Adds `batch` to the program. Parsing it runs it and sets the exit status.
void add_batch_command(CLI::App& app, int& status);

} // namespace vidi_tool
