#include "tinyproxy.hpp"

#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace vidi::testing {
namespace {

constexpr int most_attempts = 10;

void write_configuration(
    std::string const& directory, std::uint16_t port, std::string const& directives)
{
    std::ofstream file{directory + "/tinyproxy.conf"};
    file << "Listen 127.0.0.1\n"
            "Port "
         << port
         << "\n"
            "Allow 127.0.0.1\n"
            "LogLevel Info\n"
            "MaxClients 200\n"
            "Timeout 60\n"
         << directives << '\n';
}

} // namespace

bool tinyproxy::is_installed() { return !find_program("tinyproxy").empty(); }

// It takes no socket and no port of the system's choice, so that somebody else may have the port
// that was free a moment ago.
tinyproxy::tinyproxy(std::string const& directives)
{
    for (int attempt = 1; attempt <= most_attempts; ++attempt) {
        auto const [listener, port] = listen_on_loopback();
        ::close(listener);
        port_ = port;
        process_.emplace("tinyproxy");
        write_configuration(process_->directory(), port, directives);
        process_->start({"-d", "-c", process_->directory() + "/tinyproxy.conf"});
        try {
            process_->wait_for("Accepting connections");
            return;
        }
        catch (std::runtime_error const&) {
            if (attempt == most_attempts)
                throw;
        }
    }
}

std::size_t tinyproxy::requests(std::string const& line)
{
    auto const& log = process_->output();
    std::size_t result = 0;
    for (std::size_t at = 0; (at = log.find("Request (file descriptor ", at)) != std::string::npos;)
    {
        at = log.find("): ", at) + 3;
        result += log.compare(at, line.size(), line) == 0 ? 1 : 0;
    }
    return result;
}

} // namespace vidi::testing
