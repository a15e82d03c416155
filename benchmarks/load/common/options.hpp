#pragma once

#include "question.hpp"

#include <CLI/App.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace load {

enum class mode
{
    load,     ///< A closed loop on connections that stay open.
    storm,    ///< All requests at once; then the connections are closed, and the same again.
    hold,     ///< All requests in flight, until told to measure the memory.
    beside,   ///< A closed loop, and after two seconds a storm beside it, to the last host.
    saturate, ///< A closed loop for some time, whatever a rate limit refuses.
};

/// What all peers are told on the command line.
struct options
{
    load::mode mode = load::mode::load;
    std::vector<std::string> hosts{"127.0.0.1"};
    std::uint16_t port = 0;
    std::string ca_file;
    load::question question;
    std::size_t concurrency = 64;
    std::size_t requests = 20'000;
    std::size_t pace = 0;
    int server_delay = 0; ///< Of the last host, in seconds.
    double seconds = 0;   ///< How long to saturate.

    /// The most connections to a host at the same time.
    std::size_t connections() const
    {
        bool const closed_loop = mode == load::mode::load || mode == load::mode::saturate;
        return closed_loop ? concurrency : requests;
    }
};

/// Adds what only one of the peers understands.
using further_options = std::function<void(CLI::App&)>;

/// Ends the process if the command line is wrong, or only asks for help.
options parse_options(int argc, char** argv, further_options const& further = {});

} // namespace load
