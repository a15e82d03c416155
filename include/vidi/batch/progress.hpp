#pragma once

#include <vidi/detail/config.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace vidi::batch {

/// The state of a batch at one moment.
struct progress
{
    /// Items with a result, doubles and those of earlier runs included.
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    /// Of the failed ones, by `failure::kind`.
    std::map<std::string, std::uint64_t> failures{};
    /// Of all these, the ones whose result an earlier run had found.
    std::uint64_t found_before = 0;
    /// And those that were answered with the result of an equal item of this run.
    std::uint64_t doubles = 0;

    /// Items taken from the source that have no result yet.
    std::size_t waiting = 0;
    /// Of those, the ones that the client has been asked about.
    std::size_t in_flight = 0;

    /// Questions put to the client in this run, with a result.
    std::uint64_t asked = 0;
    /// Of those, the ones whose failure concerns, or may concern, every other too.
    std::uint64_t refused = 0;
    /// Requests that the client sent for these.
    std::uint64_t attempts = 0;
    /// Of those, the ones without an answer that may have been executed, and billed.
    std::uint64_t possibly_billed = 0;
    /// Questions asked again that an earlier run had in flight when it ended.
    std::uint64_t interrupted = 0;
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;
    /// How long answers took: half of them at most this, and 95 of 100; 0 while there are none.
    std::chrono::milliseconds p50{};
    std::chrono::milliseconds p95{};

    std::uint64_t done() const noexcept { return succeeded + failed; }
};

/// Looks at a batch, and ends it, from any thread. One for each run.
class VIDI_DECL monitor
{
public:
    monitor();
    ~monitor();

    monitor(monitor const&) = delete;
    monitor& operator=(monitor const&) = delete;

    progress snapshot() const;

    /// Nothing more is begun; what is in flight completes, and then the run ends. A run that has
    /// not begun yet ends when it does. Thread-safe, but not for signal handlers.
    void stop();

    /// What is in flight is cancelled as well. It counts as interrupted in the journal.
    void abort();

private:
    friend class runner;
    struct implementation;
    std::unique_ptr<implementation> self_;
};

} // namespace vidi::batch
