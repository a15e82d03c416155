#include "batch.hpp"
#include "describe.hpp"
#include "emulate.hpp"
#include "exit_status.hpp"
#include "program.hpp"
#include "report_command.hpp"

#include <CLI/CLI.hpp>

int main(int argc, char** argv)
{
    CLI::App app;
    int status = vidi_tool::exit_success;
    vidi_tool::set_up_program(app);
    vidi_tool::add_describe_command(app, status);
    vidi_tool::add_batch_command(app, status);
    vidi_tool::add_report_command(app, status);
    vidi_tool::add_emulate_command(app, status);
    return vidi_tool::run_program(app, status, argc, argv);
}
