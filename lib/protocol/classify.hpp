#pragma once

#include <vidi/error.hpp>
#include <vidi/response.hpp>

#include <optional>

namespace vidi::protocol {

// What a status means, success being no error. `error` is the API's error body, if it had one: a
// 429 is a rate limit or a matter of billing, and a 400 the fault of the request or of the image's
// server, depending on it.
error_code classify_status(unsigned status, std::optional<response_error> const& error) noexcept;

// Whether an attempt may have been executed, and charged for, without its caller learning of it.
// `sent` says that all of the request was, `status` is 0 if no response head arrived.
bool is_possibly_billed(bool sent, error_code failure, unsigned status) noexcept;

} // namespace vidi::protocol
