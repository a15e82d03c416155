#pragma once

#include <vidi/error.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace vidi::detail {

/// What an operation needs of a request: its text, made at the call. So neither the operation nor a
/// coroutine that waits for it holds the request itself.
struct prepared_request
{
    std::string text; ///< As it goes over the wire.
    std::string client_request_id;
    std::optional<std::chrono::milliseconds> timeout;
    error_code failure; ///< Why it cannot be sent.
    std::string detail; ///< The same in words.
};

} // namespace vidi::detail
