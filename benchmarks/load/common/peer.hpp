#pragma once

#include "options.hpp"
#include "workload.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace load {

/// TLS handshakes since the program began.
struct handshakes
{
    std::uint64_t full = 0;
    std::uint64_t resumed = 0;
};

/// One way to send requests.
class peer
{
public:
    virtual ~peer() = default;

    /// Opens connections as the workload says, and sends requests over each of them as long as
    /// there are any. Returns when all are answered and the connections closed.
    virtual void run(workload const&) = 0;

    virtual handshakes made() const = 0;
};

/// What `main` does: makes the peer, lets it do what the options say, prints what it cost.
/// Returns the exit status.
int drive(options const&, std::function<std::unique_ptr<peer>()> const& make);

} // namespace load
