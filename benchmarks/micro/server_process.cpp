#include "server_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace vidi_benchmark {
namespace {

void check(int error, char const* what)
{
    if (error != 0)
        throw std::system_error{error, std::generic_category(), what};
}

std::array<int, 2> make_pipe()
{
    std::array<int, 2> ends{};
    check(::pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "cannot make a pipe");
    return ends;
}

pid_t spawn(char const* program, int input, int output)
{
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    std::string serve = "--serve";
    std::string name = program;
    std::array<char*, 3> arguments{name.data(), serve.data(), nullptr};
    pid_t process = 0;
    int const error =
        ::posix_spawnp(&process, program, &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    check(error, "cannot start the server");
    return process;
}

std::string read_all(int descriptor)
{
    std::string text;
    std::array<char, 4096> part{};
    for (ssize_t n; (n = ::read(descriptor, part.data(), part.size())) > 0;)
        text.append(part.data(), static_cast<std::size_t>(n));
    return text;
}

} // namespace

server_process::server_process(char const* program)
{
    auto const input = make_pipe();
    auto const output = make_pipe();
    process_ = spawn(program, input[0], output[1]);
    input_ = input[1];
    ::close(input[0]);
    ::close(output[1]);
    auto text = read_all(output[0]);
    ::close(output[0]);
    auto const line_end = text.find('\n');
    port_ = text.substr(0, line_end);
    authority_ = text.erase(0, line_end + 1);
}

server_process::~server_process()
{
    ::close(input_);
    ::waitpid(process_, nullptr, 0);
}

} // namespace vidi_benchmark
