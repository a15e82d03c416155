#pragma once

#include <string>

namespace CLI {
class App;
}

namespace vidi_tool {

struct report_options
{
    /// A journal, or the file with the results beside which it lies.
    std::string job{};
    std::string output{};
    bool overwrite = false;
    /// Of the longer side of a thumbnail; 0 for none.
    unsigned thumbnail_pixels = 128;
    /// Where the prices are; may be empty.
    std::string prices{};
    /// Whose price holds, in place of that which the journal names.
    std::string model{};
    bool remote_pictures = false;
};

/// Writes the page of a batch. Returns the exit status.
int run_report(report_options const& options);

/// Adds `report` to the program. Parsing it runs it and sets the exit status.
void add_report_command(CLI::App& app, int& status);

} // namespace vidi_tool
