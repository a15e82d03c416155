#pragma once

#include "request_settings.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace vidi_tool {

struct describe_options
{
    request_settings request;
    std::vector<std::string> images;
    /// Print the responses rather than their text.
    bool json = false;
};

/// Describes the images on standard output. Returns the exit status.
int run_describe(describe_options const& options);

/// Adds `describe` to the program. Parsing it runs it and sets the exit status.
void add_describe_command(CLI::App& app, int& status);

} // namespace vidi_tool
