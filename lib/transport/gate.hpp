#pragma once

#include <atomic>

namespace vidi::transport {

// Lets one thread at a time into an operation, and makes none wait: whoever finds it occupied
// leaves word of what is to be done, for the one inside to do. A strand would do the same at the
// price of a queue, a lock and a further trip through the execution context.
//
// The words are the bits of a set. In the single-threaded mode no locked instruction is executed.
class gate
{
public:
    using words = unsigned;

    explicit gate(bool single_threaded) noexcept : single_threaded_{single_threaded} {}

    // Leaves word. True: the caller is inside from now on, and does what take() says until leave()
    // lets it out.
    bool enter(words what) noexcept
    {
        auto const before = modify([what](words all) { return all | occupied | what; });
        return (before & occupied) == 0;
    }

    // For the one inside: what is to be done now.
    words take() noexcept
    {
        return modify([](words) { return occupied; }) & ~occupied;
    }

    // For the one inside: false if word has been left since.
    bool leave() noexcept
    {
        auto expected = occupied;
        if (!single_threaded_)
            return state_.compare_exchange_strong(
                expected, 0, std::memory_order_acq_rel, std::memory_order_acquire);
        if (state_.load(std::memory_order_relaxed) != occupied)
            return false;
        state_.store(0, std::memory_order_relaxed);
        return true;
    }

private:
    static constexpr words occupied = ~(~words{0} >> 1);

    template <class Change>
    words modify(Change change) noexcept
    {
        auto before = state_.load(std::memory_order_relaxed);
        if (single_threaded_)
            state_.store(change(before), std::memory_order_relaxed);
        else
            while (!state_.compare_exchange_weak(
                before, change(before), std::memory_order_acq_rel, std::memory_order_relaxed))
            {
            }
        return before;
    }

    std::atomic<words> state_ = 0;
    bool const single_threaded_;
};

} // namespace vidi::transport
