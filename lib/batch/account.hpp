#pragma once

#include <vidi/batch/judge.hpp>
#include <vidi/batch/latency_histogram.hpp>
#include <vidi/batch/progress.hpp>

#include <cstdint>
#include <mutex>

namespace vidi::batch {

/// How an item came by its result.
enum class provenance
{
    asked,  ///< The client was asked.
    twin,   ///< An equal item of this run was.
    journal ///< An earlier run found it.
};

/// What is known of a batch, kept up by its one thread, and looked at by any.
class account
{
public:
    /// An item has its result, which is with the sink.
    void done(result const& what, provenance how);

    /// The client has answered. The result is not with the sink yet.
    void answered(verdict const& given);

    /// The client was asked and has not answered, because the operation was cancelled.
    void cancelled(response const& so_far);

    /// So many items are in work, and so many of them at the client.
    void working_on(std::size_t items, std::size_t at_client);

    /// A question is asked again that an earlier run had in flight.
    void asks_again();

    progress snapshot() const;

    /// Requests and tokens of this run.
    std::uint64_t requests() const;
    std::uint64_t tokens() const;

    /// All questions so far failed for a reason that may concern all; so many.
    std::uint64_t refused_from_the_first() const;

private:
    mutable std::mutex mutex_;
    progress progress_;
    latency_histogram latency_;
};

} // namespace vidi::batch
