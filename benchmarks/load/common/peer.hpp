#pragma once

#include "options.hpp"
#include "tally.hpp"

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

    /// Opens as many connections as `options::concurrency` says, at the pace it says, and sends
    /// requests over them until the tally is finished. Then closes them.
    virtual void run(tally&) = 0;

    virtual handshakes made() const = 0;
};

/// What `main` does: makes the peer, lets it do what the options say, prints what it cost.
/// Returns the exit status.
int drive(options const&, std::function<std::unique_ptr<peer>()> const& make);

} // namespace load
