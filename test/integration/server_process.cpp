#include "server_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <system_error>

namespace vidi::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds patience{60};

[[noreturn]] void fail(char const* what)
{
    throw std::system_error{errno, std::generic_category(), what};
}

void close_all_but(int kept)
{
    constexpr unsigned first = STDERR_FILENO + 1;
    constexpr unsigned last = std::numeric_limits<unsigned>::max();
    if (kept == -1) {
        ::close_range(first, last, 0);
        return;
    }
    auto const middle = static_cast<unsigned>(kept);
    if (middle > first)
        ::close_range(first, middle - 1, 0);
    ::close_range(middle + 1, last, 0);
}

} // namespace

std::string find_program(std::string const& name)
{
    char const* const path = std::getenv("PATH"); // NOLINT(concurrency-mt-unsafe): read only
    std::string places = std::string{path ? path : ""} + ":/usr/sbin:/usr/local/sbin:/sbin";
    for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
        end = places.find(':', begin);
        auto file = places.substr(begin, end - begin) + '/' + name;
        if (::access(file.c_str(), X_OK) == 0)
            return file;
    }
    return {};
}

server_process::server_process(std::string name)
    : name_{std::move(name)},
      directory_{(fs::temp_directory_path() / ("vidi-" + name_ + "-XXXXXX")).string()}
{
    if (!::mkdtemp(directory_.data()))
        fail("mkdtemp");
}

server_process::~server_process()
{
    if (process_ != -1) {
        ::kill(process_, SIGTERM);
        ::waitpid(process_, nullptr, 0);
    }
    if (messages_ != -1)
        ::close(messages_);
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
}

void server_process::start(
    std::vector<std::string> arguments, std::pair<std::string, std::string> const& environment,
    int inherited)
{
    arguments.insert(arguments.begin(), find_program(name_));
    std::vector<char*> pointers;
    for (auto& argument : arguments)
        pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        fail("pipe");
    messages_ = ends[0];
    process_ = ::fork();
    if (process_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        ::dup2(ends[1], STDOUT_FILENO);
        ::dup2(ends[1], STDERR_FILENO);
        close_all_but(inherited);
        if (!environment.first.empty()) // NOLINTNEXTLINE(concurrency-mt-unsafe): own process
            ::setenv(environment.first.c_str(), environment.second.c_str(), 1);
        if (::chdir(directory_.c_str()) == 0)
            ::execv(pointers[0], pointers.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    if (process_ == -1)
        fail("fork");
}

void server_process::signal(int number) const noexcept { ::kill(process_, number); }

void server_process::wait_for(std::string const& text)
{
    auto const deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (auto const found = output_.find(text, waited_for_); found != std::string::npos) {
            waited_for_ = found + text.size();
            return;
        }
        auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0 || !read_more(static_cast<int>(left.count())))
            throw std::runtime_error{
                name_ + " does not say \"" + text + "\": " + output_.substr(waited_for_)};
    }
}

std::string const& server_process::output()
{
    while (read_more(0)) {
    }
    return output_;
}

bool server_process::read_more(int milliseconds)
{
    pollfd readable{messages_, POLLIN, 0};
    std::array<char, 4096> part{};
    if (::poll(&readable, 1, milliseconds) != 1)
        return false;
    auto const size = ::read(messages_, part.data(), part.size());
    if (size <= 0)
        return false;
    output_.append(part.data(), static_cast<std::size_t>(size));
    return true;
}

std::pair<int, std::uint16_t> listen_on_loopback()
{
    int const listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (listener == -1 || ::bind(listener, generic, size) != 0 || ::listen(listener, 511) != 0 ||
        ::getsockname(listener, generic, &size) != 0)
        fail("listen");
    return {listener, ntohs(address.sin_port)};
}

} // namespace vidi::testing
