#include "tool_process.hpp"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <system_error>
#include <utility>

extern char** environ; // NOLINT: POSIX wants it declared

namespace vidi_test {
namespace {

void check(int error, char const* what)
{
    if (error != 0)
        throw std::system_error{error, std::generic_category(), what};
}

std::vector<std::string> make_environment(std::map<std::string, std::string> const& changes)
{
    std::vector<std::string> result;
    for (char** variable = environ; *variable; ++variable) {
        std::string const text = *variable;
        if (!changes.contains(text.substr(0, text.find('='))))
            result.push_back(text);
    }
    for (auto const& [name, value] : changes)
        if (!value.empty())
            result.push_back(std::string{name}.append(1, '=').append(value));
    return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> result;
    for (auto& text : texts)
        result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

// The signals that this process ignores or blocks must not be so for the program.
class spawn_attributes
{
public:
    spawn_attributes()
    {
        ::posix_spawnattr_init(&value);
        sigset_t all;
        sigset_t none;
        ::sigfillset(&all);
        ::sigemptyset(&none);
        ::posix_spawnattr_setsigdefault(&value, &all);
        ::posix_spawnattr_setsigmask(&value, &none);
        ::posix_spawnattr_setflags(&value, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    spawn_attributes(spawn_attributes const&) = delete;
    spawn_attributes& operator=(spawn_attributes const&) = delete;
    ~spawn_attributes() { ::posix_spawnattr_destroy(&value); }

    posix_spawnattr_t value;
};

pid_t spawn(process_settings& settings, std::array<int, 3> const& files)
{
    posix_spawn_file_actions_t actions;
    check(::posix_spawn_file_actions_init(&actions), "posix_spawn_file_actions_init");
    for (int file = 0; file != 3; ++file)
        ::posix_spawn_file_actions_adddup2(&actions, files[static_cast<std::size_t>(file)], file);
    settings.arguments.insert(settings.arguments.begin(), VIDI_TOOL);
    auto environment = make_environment(settings.environment);
    spawn_attributes const attributes;
    pid_t id = -1;
    auto const error = ::posix_spawn(
        &id, VIDI_TOOL, &actions, &attributes.value, pointers(settings.arguments).data(),
        pointers(environment).data());
    ::posix_spawn_file_actions_destroy(&actions);
    check(error, "posix_spawn");
    return id;
}

// Appends what there is to read; false at the end.
bool read_some(int file, std::string& text)
{
    std::array<char, 65536> buffer;
    auto const size = ::read(file, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR)
        return true;
    if (size <= 0) // a terminal says EIO when its other end is closed
        return false;
    text.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
}

void read_both(
    open_file& first, std::string& first_text, open_file& second, std::string& second_text)
{
    while (first.is_open() || second.is_open()) {
        std::array<pollfd, 2> files{pollfd{first.get(), POLLIN, 0}, {second.get(), POLLIN, 0}};
        ::poll(files.data(), files.size(), -1);
        if (files[0].revents != 0 && !read_some(first.get(), first_text))
            first.close();
        if (files[1].revents != 0 && !read_some(second.get(), second_text))
            second.close();
    }
}

} // namespace

open_file::open_file(open_file&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)}
{
}

open_file& open_file::operator=(open_file other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

void open_file::close() noexcept
{
    if (descriptor_ >= 0)
        ::close(std::exchange(descriptor_, -1));
}

two_ends make_pipe()
{
    std::array<int, 2> ends{};
    check(::pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe2");
    return {open_file{ends[0]}, open_file{ends[1]}};
}

tool_process::tool_process(process_settings settings)
{
    auto input = make_pipe();
    auto output = make_pipe();
    auto errors = make_pipe();
    auto const choose = [](int given, open_file const& made) {
        return given >= 0 ? given : made.get();
    };
    id_ = spawn(
        settings, {choose(settings.input, input.reading), choose(settings.output, output.writing),
                   choose(settings.errors, errors.writing)});
    input_ = std::move(input.writing);
    output_ = std::move(output.reading);
    errors_ = std::move(errors.reading);
    ::signal(SIGPIPE, SIG_IGN);
}

tool_process::~tool_process()
{
    if (id_ < 0)
        return;
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
}

void tool_process::write(std::string_view text)
{
    while (!text.empty()) {
        auto const size = ::write(input_.get(), text.data(), text.size());
        if (size < 0)
            throw std::system_error{errno, std::generic_category(), "write to the program"};
        text.remove_prefix(static_cast<std::size_t>(size));
    }
}

std::string tool_process::read_line()
{
    for (;;) {
        if (auto const end = unread_.find('\n'); end != std::string::npos) {
            auto line = unread_.substr(0, end);
            unread_.erase(0, end + 1);
            return line;
        }
        if (!read_some(output_.get(), unread_))
            throw std::runtime_error("the program's output ended");
    }
}

void tool_process::send_signal(int signal) { check(::kill(id_, signal), "kill"); }

process_result tool_process::finish()
{
    input_.close();
    return wait();
}

process_result tool_process::wait()
{
    process_result result;
    result.output = std::move(unread_);
    read_both(output_, result.output, errors_, result.errors);
    int status = 0;
    rusage usage{};
    ::wait4(std::exchange(id_, -1), &status, 0, &usage);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.peak_memory = static_cast<std::size_t>(usage.ru_maxrss) * 1024;
    return result;
}

process_result run_tool(process_settings settings)
{
    tool_process process{std::move(settings)};
    return process.finish();
}

} // namespace vidi_test
