#pragma once

#include <vidi/error.hpp>
#include <vidi/response.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

/// @file
/// What happens within a client, for metrics and logs.

namespace vidi {

/// A request was accepted by the client.
struct request_begin
{
    std::string_view client_request_id{};
    std::string_view model{};
    std::size_t bytes = 0; ///< The size of the message: head and body.
};

/// An attempt at a request has ended.
struct attempt_end
{
    std::string_view client_request_id{};

    /// As it was sent in `X-Client-Request-Id`, from 1. One that never got a connection leaves its
    /// number to the next.
    unsigned number = 0;

    /// It was sent beside another attempt that was slow.
    bool hedge = false;

    /// What became of it. Cancelled, if another attempt answered first.
    error_code failure{};

    /// What is known of it: in `exchange`, status, times, bytes, reuse; in `usage`, the tokens.
    vidi::response const& response;

    /// See `exchange_info::possibly_billed`.
    bool possibly_billed = false;

    /// How long will be waited before the next attempt; empty if this was the last.
    std::optional<std::chrono::milliseconds> retry_after{};
};

/// A request is about to be completed: what its completion handler will be called with.
struct request_end
{
    error_code failure{};
    vidi::response const& response;
};

/// Is told what a client does. Derive from it and override what is of interest.
///
/// It never sees the key. What it is given is valid during the call.
///
/// @par Thread safety
/// It is called on the client's executor, for one request by one thread at a time and in the order
/// of events; for different requests by as many threads as run the executor. @ref on_begin is
/// called by whoever starts the operation. It should not block, and must not use the client in a
/// way that waits.
class observer
{
public:
    virtual ~observer() = default;

    virtual void on_begin(request_begin const&) noexcept {}
    virtual void on_attempt(attempt_end const&) noexcept {}
    virtual void on_end(request_end const&) noexcept {}
};

} // namespace vidi
