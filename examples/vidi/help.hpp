#pragma once

#include <string>

namespace CLI {
class App;
}

namespace vidi_tool {

/// Makes `--help` of a command print the text as it is.
void set_help(CLI::App& command, std::string text);

} // namespace vidi_tool
