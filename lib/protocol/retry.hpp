#pragma once

#include <vidi/error.hpp>

namespace vidi::protocol {

// Failures that count against the retry budget: to try them again at once is what makes an outage
// worse. Not among them is what the server says to somebody whom it serves.
bool is_server_in_trouble(error_code failure) noexcept;

} // namespace vidi::protocol
