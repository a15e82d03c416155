#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace vidi_soak {

/// `vidi emulate` in a process of its own.
class server_process
{
public:
    /// Starts it and waits until it listens. Throws std::runtime_error.
    server_process(std::string const& program, std::vector<std::string> arguments);
    ~server_process();

    server_process(server_process const&) = delete;
    server_process& operator=(server_process const&) = delete;

    std::string const& base_url() const { return base_url_; }

    /// Ends it, so that its ledger is complete. Throws std::runtime_error if it did not end well.
    void stop();

private:
    pid_t id_ = -1;
    int output_ = -1;
    std::string base_url_;
};

} // namespace vidi_soak
