#pragma once

#include "tally.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace load {

/// Which connections a peer has to open, when and to where, and whose requests go over them.
class workload
{
public:
    /// Connections that serve one tally.
    struct group
    {
        tally* account;
        std::vector<std::string> hosts; ///< Taken in turn.
        std::size_t connections;
        /// How many are opened in a second, so that handshakes do not pile up. 0: all at once.
        std::size_t pace = 0;
        clock::time_point begin = clock::now();
    };

    explicit workload(std::vector<group> groups) : groups_{std::move(groups)} {}

    std::size_t connections() const;

    /// How many of them are to be open, or being opened, by now.
    std::size_t due() const;

    tally& account_of(std::size_t connection) const;
    std::string const& host_of(std::size_t connection) const;

    bool finished() const;

private:
    group const& group_of(std::size_t& connection) const;

    std::vector<group> groups_;
};

} // namespace load
