#include "batch.hpp"
#include "describe.hpp"
#include "program.hpp"
#include "report_command.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace vidi_tool {
namespace {

using ::testing::HasSubstr;

// Columns on a terminal: Chinese characters, three bytes in UTF-8, take two.
std::size_t columns(std::string const& line)
{
    std::size_t result = 0;
    for (char const c : line) {
        auto const byte = static_cast<unsigned char>(c);
        result += byte < 0x80 ? 1 : byte >= 0xe0 ? 2 : 0;
    }
    return result;
}

void expect_fits_a_screen(std::string const& help)
{
    std::istringstream stream{help};
    std::size_t lines = 0;
    for (std::string line; std::getline(stream, line); ++lines)
        EXPECT_LE(columns(line), 80u) << line;
    EXPECT_LE(lines, 40u);
    EXPECT_THAT(help, HasSubstr("Examples:\n"));
}

void expect_names_all_options(CLI::App const& command, std::string const& help)
{
    for (auto const* option : command.get_options()) {
        for (auto const& name : option->get_lnames())
            EXPECT_THAT(help, HasSubstr("--" + name + ' '));
        for (auto const& name : option->get_snames())
            EXPECT_THAT(help, HasSubstr(" -" + name + ", "));
        if (option->get_positional()) {
            EXPECT_THAT(help, HasSubstr(option->get_name()));
        }
    }
}

TEST(help, fits_a_screen_and_names_every_option)
{
    CLI::App app;
    int status = 0;
    set_up_program(app);
    add_describe_command(app, status);
    add_batch_command(app, status);
    add_report_command(app, status);
    expect_fits_a_screen(app.help());
    for (auto const* command : app.get_subcommands({})) {
        auto const help = command->help();
        expect_fits_a_screen(help);
        expect_names_all_options(*command, help);
        EXPECT_THAT(app.help(), HasSubstr("\n  " + command->get_name() + ' '));
    }
}

} // namespace
} // namespace vidi_tool
