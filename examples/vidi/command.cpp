#include "command.hpp"

#include <vidi/error.hpp>

#include "exit_status.hpp"
#include "printable.hpp"

#include <boost/system/system_error.hpp>

#include <signal.h>

#include <iostream>

namespace vidi_tool {
namespace {

// The text that a system_error was made with, without what it appends for programmers.
std::string description(boost::system::system_error const& error)
{
    std::string text = error.what();
    auto const appended = ": " + error.code().what();
    if (!text.ends_with(appended))
        return error.code().message();
    text.resize(text.size() - appended.size());
    return error.code().message() + ": " + text;
}

void report(std::string const& name, std::string_view message)
{
    std::cerr << name << ": " << one_line(message) << '\n';
}

} // namespace

int run_command(std::string const& name, std::function<int()> const& command)
{
    // A closed pipe is reported like every other failure to write.
    ::signal(SIGPIPE, SIG_IGN);
    try {
        return command();
    }
    catch (usage_error const& error) {
        report(name, error.what());
        return exit_usage;
    }
    catch (boost::system::system_error const& error) {
        report(name, description(error));
        bool const nothing_was_sent = error.code() == vidi::errc::invalid_configuration ||
                                      error.code() == vidi::errc::missing_api_key;
        return nothing_was_sent ? exit_refused : exit_failures;
    }
    catch (std::exception const& error) {
        report(name, error.what());
        return exit_failures;
    }
}

} // namespace vidi_tool
