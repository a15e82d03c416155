#pragma once

#include "record_writer.hpp"
#include "request_settings.hpp"

#include <cstddef>
#include <cstdint>
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
    /// Requests in flight at the same time, at most.
    std::size_t concurrency = 256;
    /// So many, whatever the server makes of it.
    bool fixed_concurrency = false;
    /// The provider's limits, if it does not tell them; 0 if there are none.
    std::uint64_t requests_per_minute = 0;
    std::uint64_t tokens_per_minute = 0;
};

/// Describes the images of a list. Returns the exit status.
int run_batch(batch_options const& options);

/// Adds `batch` to the program. Parsing it runs it and sets the exit status.
void add_batch_command(CLI::App& app, int& status);

} // namespace vidi_tool
