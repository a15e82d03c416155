#pragma once

#include "transport/operation.hpp"

#include <boost/asio/any_completion_handler.hpp>

#include <optional>

namespace vidi::transport {

// Lets an operation wait for a call from somebody else, who may be on another thread. A class
// derived from it says what the call is about.
class waiter
{
public:
    explicit waiter(operation& o) noexcept : operation_{o} {}
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;

    // `co_await waiter.wait()` ends with wake(), or when the operation is interrupted and give_up()
    // lets it. Afterwards it may be waited for again.
    auto wait()
    {
        auto token = operation_.token();
        return asio::async_initiate<use_operation, void()>(
            [this](handler h) { start(std::move(h)); }, token);
    }

    // To be called once for each wait.
    void wake();

protected:
    ~waiter() = default;

    // From now on wake() may be called. False: there is nothing to wait for.
    virtual bool begin() = 0;

    // The operation is interrupted. False: wake() was called or will be, and is waited for.
    virtual bool give_up() = 0;

private:
    friend class operation;
    using handler = asio::any_completion_handler<void()>;

    void start(handler);

    // Nobody will call: ends the operation that waits, unless others own it.
    void drop() noexcept;

    operation& operation_;
    std::optional<handler> handler_; // Boost 1.81's has no working move assignment
};

} // namespace vidi::transport
