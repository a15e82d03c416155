#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace vidi::testing {

// Where a program is, administrators' programs among them, which are not in everyone's PATH. Empty
// if it is nowhere.
std::string find_program(std::string const& name);

// A server of this machine that runs in the foreground, in a temporary directory for its files, and
// ends with the test, however that ends.
class server_process
{
public:
    explicit server_process(std::string name);
    ~server_process();

    server_process(server_process const&) = delete;
    server_process& operator=(server_process const&) = delete;

    std::string const& directory() const noexcept { return directory_; }

    // Runs the program with the directory as its working directory. Of this process's sockets it
    // has none but `inherited`.
    void start(
        std::vector<std::string> arguments,
        std::pair<std::string, std::string> const& environment = {}, int inherited = -1);

    void signal(int number) const noexcept;

    // Waits until it says something, on its standard output or error, that it has not been asked
    // for before.
    // @throws std::runtime_error With what it said in its place.
    void wait_for(std::string const& text);

    // Everything that it has said up to now.
    std::string const& output();

private:
    bool read_more(int milliseconds);

    std::string name_;
    std::string directory_;
    pid_t process_ = -1;
    int messages_ = -1;
    std::string output_;
    std::size_t waited_for_ = 0; // the part of the output that wait_for has passed
};

// A listening socket on a loopback port that the system has chosen, and that port.
std::pair<int, std::uint16_t> listen_on_loopback();

} // namespace vidi::testing
