#include "emulate.hpp"

#include <CLI/CLI.hpp>

int main(int argc, char** argv)
{
    CLI::App app{"Analyses images through the Responses API.", "vidi"};
    app.require_subcommand(1);
    int status = 0;
    vidi_tool::add_emulate_command(app, status);
    try {
        app.parse(argc, argv);
    }
    catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? 0 : vidi_tool::exit_usage;
    }
    return status;
}
