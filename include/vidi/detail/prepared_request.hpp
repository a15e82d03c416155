#pragma once

#include <vidi/detail/request_text.hpp>
#include <vidi/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace vidi::admission {
struct lane;
} // namespace vidi::admission

namespace vidi::detail {

/// What an operation needs of a request: its text, made at the call. So neither the operation nor a
/// coroutine that waits for it holds the request itself.
struct prepared_request
{
    request_text text;
    admission::lane* lane = nullptr;
    std::uint64_t tokens = 0; ///< What it may cost.
    std::string client_request_id;
    std::string model; ///< Only if somebody is to be told.
    std::optional<std::chrono::milliseconds> timeout;
    std::optional<unsigned> max_retries;
    std::optional<bool> retry_possibly_billed;
    error_code failure; ///< Why it cannot be sent.
    std::string detail; ///< The same in words.
};

} // namespace vidi::detail
