#include "program.hpp"

#include <vidi/version.hpp>

#include "exit_status.hpp"
#include "help.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>

namespace vidi_tool {
namespace {

constexpr char help[] = R"(Usage: vidi COMMAND [OPTIONS]

Analyses images through the OpenAI Responses API.

  describe   describe images and print the answers
  batch      describe the images of a list, many at the same time
  report     write a page to look through the results of a batch
  emulate    stand in for the API on this machine, for tests

  -h, --help   print this text; 'vidi COMMAND --help' tells of a command
  --version    print the version

The key comes from the environment: DMXAPI_API_KEY for www.dmxapi.cn, else
OPENAI_API_KEY for api.openai.com. OPENAI_BASE_URL names another address.

Exit status: 0 all succeeded, 1 some image failed, 2 wrong usage or unusable
input and nothing was sent, 3 refused for all images (a bad key, an unreachable
host), 130 interrupted.

Examples:
  vidi describe https://doc.dmxapi.cn/example.jpg
  vidi batch urls.txt -o results.jsonl
)";

std::string command_name(CLI::App const& app)
{
    auto const chosen = app.get_subcommands();
    return chosen.empty() ? "vidi" : "vidi " + chosen.front()->get_name();
}

// A key that was typed where it does not belong is not shown once more.
std::string without_keys(std::string text)
{
    constexpr std::string_view beginning = "sk-";
    constexpr std::string_view ending = "...";
    for (auto at = text.find(beginning); at != std::string::npos; at = text.find(beginning, at)) {
        at += beginning.size();
        auto const end = std::min(text.find_first_of(" \t\n\"'", at), text.size());
        text.replace(at, end - at, ending);
    }
    return text;
}

} // namespace

void set_up_program(CLI::App& app)
{
    set_help(app, help);
    app.set_version_flag("--version", "vidi " VIDI_VERSION_STRING);
    app.require_subcommand(1);
}

int run_program(CLI::App& app, int const& status, int argc, char const* const* argv)
{
    try {
        app.parse(argc, argv);
    }
    catch (CLI::Success const& success) {
        return app.exit(success);
    }
    catch (CLI::ParseError const& error) {
        auto const name = command_name(app);
        bool const nothing_given = argc <= 1;
        std::cerr << name << ": " << (nothing_given ? "name a command" : without_keys(error.what()))
                  << "\nRun '" << name << " --help' for help.\n";
        return exit_usage;
    }
    return status;
}

} // namespace vidi_tool
