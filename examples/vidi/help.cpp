#include "help.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace vidi_tool {

void set_help(CLI::App& command, std::string text)
{
    command.formatter_fn(
        [text = std::move(text)](CLI::App const*, std::string const&, CLI::AppFormatMode) {
            return text;
        });
}

} // namespace vidi_tool
