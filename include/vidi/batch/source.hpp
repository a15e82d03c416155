#pragma once

#include <vidi/batch/item.hpp>

#include <boost/asio/awaitable.hpp>

#include <optional>

namespace vidi::batch {

/// Where the items of a batch come from: a list, a directory, a generator. Items are pulled, one at
/// a time, and only when there is a place for one: however many there are, few are in memory.
///
/// A job that is gone on with reads its source from the beginning again. What is done is passed
/// over, so that the source must give the same items in the same order; new ones may follow.
class source
{
public:
    virtual ~source() = default;

    /// The next item; none at the end, and after stop(). Called again only when it has completed,
    /// and not after the end.
    /// @throws Anything: nothing more is asked for, what is in flight completes, and run() throws
    /// it on.
    virtual boost::asio::awaitable<std::optional<item>> next() = 0;

    /// No more items are wanted. A next() that waits is to complete.
    virtual void stop() {}
};

} // namespace vidi::batch
