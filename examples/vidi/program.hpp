#pragma once

#include <CLI/App.hpp>

namespace vidi_tool {

/// Reads the arguments and runs the command they name. Returns the exit status.
/// @param app Holds the commands.
/// @param status Set by the command.
int run_program(CLI::App& app, int const& status, int argc, char const* const* argv);

/// Gives the program its name, help and version.
void set_up_program(CLI::App& app);

} // namespace vidi_tool
