#pragma once

#include <vidi/batch/progress.hpp>
#include <vidi/batch/run.hpp>

#include "batch/account.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <mutex>
#include <optional>

namespace vidi::batch {

class runner;

/// What a monitor watches, once its run has begun.
struct monitor::implementation
{
    /// The run does what was wanted of it before.
    void attach(
        boost::asio::any_io_executor where, std::shared_ptr<runner> const& run,
        std::shared_ptr<account> of);

    /// Thread-safe.
    void want(ending how);

    mutable std::mutex mutex;
    boost::asio::any_io_executor executor{};
    std::weak_ptr<runner> watched{};
    std::shared_ptr<account> numbers{};
    std::optional<ending> wanted{};
};

} // namespace vidi::batch
