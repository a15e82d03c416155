#pragma once

#include <vidi/error.hpp>

#include <cstddef>
#include <cstdint>
#include <map>

namespace vidi {

/// A snapshot of the connection pool, over all hosts.
struct pool_statistics
{
    // Now
    std::size_t open = 0;       ///< Connections established: `idle` and `in_use`.
    std::size_t connecting = 0; ///< Connections being made.
    std::size_t idle = 0;       ///< Waiting for a request.
    std::size_t in_use = 0;     ///< Serving a request.
    std::size_t waiting = 0;    ///< Operations waiting for a connection.

    // Since the client was made
    std::uint64_t created = 0;              ///< Connections established.
    std::uint64_t reused = 0;               ///< Exchanges that began on a connection used before.
    std::uint64_t full_handshakes = 0;      ///< TLS handshakes with the certificate exchange.
    std::uint64_t resumed_handshakes = 0;   ///< TLS handshakes that resumed a session.
    std::uint64_t expired = 0;              ///< Idle connections closed for their age or idle time.
    std::uint64_t stale = 0;                ///< Idle connections that the server had closed.
    std::map<errc, std::uint64_t> failures; ///< Attempts that failed below HTTP, by kind.
};

} // namespace vidi
