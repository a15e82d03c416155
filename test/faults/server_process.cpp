#include "faults/server_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

extern char** environ;

namespace vidi_soak {
namespace {

[[noreturn]] void fail(int error, std::string const& what)
{
    throw std::system_error(error, std::generic_category(), what);
}

std::string read_line(int descriptor)
{
    std::string line;
    for (char c = 0; ::read(descriptor, &c, 1) == 1 && c != '\n';)
        line.push_back(c);
    return line;
}

pid_t spawn(std::vector<std::string>& arguments, int output)
{
    std::vector<char*> pointers;
    for (auto& argument : arguments)
        pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    pid_t id = -1;
    auto const error =
        posix_spawn(&id, pointers.front(), &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        fail(error, "cannot start " + arguments.front());
    return id;
}

} // namespace

server_process::server_process(std::string const& program, std::vector<std::string> arguments)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        fail(errno, "cannot make a pipe");
    output_ = ends[0];
    arguments.insert(arguments.begin(), {program, "emulate"});
    id_ = spawn(arguments, ends[1]);
    ::close(ends[1]);
    constexpr std::string_view greeting = "listening on ";
    auto const line = read_line(output_);
    if (!line.starts_with(greeting))
        throw std::runtime_error("the emulator does not listen");
    base_url_ = line.substr(greeting.size());
}

server_process::~server_process()
{
    if (id_ > 0) {
        ::kill(id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
    }
    ::close(output_);
}

void server_process::stop()
{
    int status = 0;
    if (::kill(id_, SIGTERM) != 0 || ::waitpid(id_, &status, 0) != id_)
        fail(errno, "the emulator has ended before");
    id_ = -1;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error("the emulator did not end well");
}

} // namespace vidi_soak
