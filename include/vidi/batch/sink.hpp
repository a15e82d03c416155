#pragma once

#include <vidi/batch/item.hpp>
#include <vidi/batch/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>

namespace vidi::batch {

/// Where the results of a batch go. With a journal, a sink is told of a result only when the
/// journal has it for good.
class sink
{
public:
    virtual ~sink() = default;

    /// Takes a result. Called again only when it has completed.
    /// @return How long the output is now, in bytes, if it is one that can be cut(); else anything.
    /// @throws Anything: the batch stops, and run() throws it on.
    virtual boost::asio::awaitable<std::uint64_t> write(origin const& from, result const& what) = 0;

    /// How long the output is that an earlier run left, in bytes. 0 if it cannot be told: results
    /// are then all written anew by a run that goes on with a job.
    virtual std::uint64_t size() { return 0; }

    /// Drops what is after the first `size` bytes of the output. The next write() continues there.
    virtual void cut(std::uint64_t size) { static_cast<void>(size); }

    /// Returns when all that was written is safe from a loss of power. Called from a thread of the
    /// journal's, also while a write() is not complete.
    virtual void synchronise() {}
};

} // namespace vidi::batch
