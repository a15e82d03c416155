#pragma once

#include <vidi/batch/progress.hpp>

#include "batch/account.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <mutex>

namespace vidi::batch {

class runner;

/// What a monitor watches, once its run has begun.
struct monitor::implementation
{
    void attach(
        boost::asio::any_io_executor where, std::weak_ptr<runner> run, std::shared_ptr<account> of);

    mutable std::mutex mutex;
    boost::asio::any_io_executor executor{};
    std::weak_ptr<runner> watched{};
    std::shared_ptr<account> numbers{};
};

} // namespace vidi::batch
