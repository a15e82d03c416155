#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace vidi_tool {

struct emulate_options
{
    std::uint16_t port = 0;
    bool tls = true;
    std::chrono::milliseconds latency{};
    /// Where to write the authority's certificate; empty for nowhere.
    std::string ca_out;
    /// Holds the key to accept; empty for the default one.
    std::string api_key_file;
    /// The directory whose pictures are served; empty for none.
    std::string images;
    /// Where a line of JSON is written for each request; empty for nowhere.
    std::string ledger;
    /// 0 for no limit. Within a window.
    std::uint64_t requests_per_minute = 0;
    std::uint64_t tokens_per_minute = 0;
    std::chrono::milliseconds rate_window{60'000};
    /// How many of 100 requests meet with a fault.
    double fault_rate = 0;
    /// Which faults; all if empty.
    std::vector<std::string> faults;
    std::uint64_t seed = 1;
};

/// Runs the emulator until SIGINT or SIGTERM. Returns the exit status.
int run_emulate(emulate_options const& options);

/// Adds `emulate` to the program. Parsing it runs it and sets the exit status.
void add_emulate_command(CLI::App& app, int& status);

} // namespace vidi_tool
