#pragma once

#include <vidi/detail/config.hpp>
#include <vidi/error.hpp>
#include <vidi/response.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

/// @file
/// What is tried again, when, and how often.

namespace vidi {

/// A failed attempt, as a @ref retry_policy sees it.
struct failed_attempt
{
    error_code failure{};

    /// What is known of it: the API's error object, and in `exchange` the status and the fields of
    /// the response.
    vidi::response const& response;

    /// How often the request was tried again before this attempt.
    unsigned retries = 0;

    /// The attempt may have been executed, and charged for: see
    /// `exchange_info::possibly_billed`.
    bool possibly_billed = false;

    /// A random number, at least 0 and less than 1.
    double random = 0;
};

/// Decides about a failed attempt: how long to wait before the next, or nothing to give up.
///
/// It is called on the client's executor, by several threads at the same time if those run it. It
/// should not block; to throw is to give up.
///
/// Whatever it says, an operation does not wait beyond its time limit: if the next attempt would
/// begin after that, it gives up at once.
using retry_policy = std::function<std::optional<std::chrono::milliseconds>(failed_attempt const&)>;

/// How failed attempts are tried again.
struct retry_options
{
    using duration = std::chrono::milliseconds;

    /// How often a request is tried again, at most. Zero: never.
    unsigned max_retries = 2;

    /// The wait before the first retry, where the server names none. It doubles with each retry, up
    /// to `max_delay`. From half of it to all of it is waited, by chance.
    duration initial_delay{500};
    duration max_delay{8'000};

    /// Whether an attempt is tried again that may have been executed, and charged for, already: the
    /// API has no way to tell the second from the first. If not, neither is a request on a
    /// connection that the server had closed, unless the connection would not take all of it.
    bool retry_possibly_billed = true;

    /// The retry budget of the client: a token bucket that holds so many. A failure that says that
    /// the server is in trouble (no connection, no answer, 408, 5xx) takes one, a success puts
    /// `budget_refill` back; while it is no more than half full, such failures are not retried. So
    /// retries do not make an outage worse. Zero: no budget, all are retried. (As gRPC's retry
    /// throttling, proposal A6.)
    double budget = 100;
    double budget_refill = 0.1;

    /// In place of the rules above, except for the budget. It may call @ref default_retry for the
    /// cases that it leaves as they are.
    retry_policy policy{};
};

/// A snapshot of what a client tries again.
struct retry_statistics
{
    double budget = 0;          ///< What is left of `retry_options::budget`.
    std::uint64_t retries = 0;  ///< Decisions to try again.
    std::uint64_t withheld = 0; ///< Retries that were not made because the budget was used up.
    std::uint64_t hedges = 0;   ///< Attempts that were made beside one that was slow.
    std::uint64_t possibly_billed = 0; ///< See `exchange_info::possibly_billed`.
};

/// The policy that is used if `retry_options::policy` is empty.
///
/// Tried again are: failures to resolve and connect, handshakes that broke off or took too long,
/// requests that could not be sent in time, connections that ended before the answer or within it,
/// answers that did not come in time, and the statuses 408, 409, 429 and 5xx. Further 400, if it
/// says that the image could not be downloaded. `x-should-retry` overrides the status, both ways.
/// Never tried again is a 429 that is a matter of billing.
///
/// The wait is what the server asks for, and up to a quarter more (at most 10 s) so that those who
/// were told the same do not come back at the same moment.
VIDI_DECL std::optional<std::chrono::milliseconds>
default_retry(retry_options const&, failed_attempt const&);

} // namespace vidi
