#pragma once

#include <vidi/error.hpp>
#include <vidi/testing/fault.hpp>

#include <span>
#include <string>

namespace vidi_faults {

// What becomes of a request that meets with a fault on a new connection.
struct expectation
{
    vidi::testing::fault what{};

    // Of the one attempt; no error if the answer arrives.
    vidi::error_code outcome{};

    // Whether it is tried again by default. The next attempt meets with no fault.
    bool tried_again = false;

    // Whether the attempt may have been billed without a trace.
    bool possibly_billed = false;

    // Whether the connection serves the next request.
    bool kept = false;

    // It ended before a byte of the answer: on a connection that served another request before, it
    // counts as stale then, and the request goes again at once.
    bool looks_stale = false;

    // The next request on the connection meets with the end of it.
    bool next_is_lost = false;
};

// One for each fault of the catalogue, in its order.
std::span<expectation const> expectations();

// All of it as a table, in Markdown.
std::string table();

} // namespace vidi_faults
