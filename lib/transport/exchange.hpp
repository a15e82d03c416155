#pragma once

#include <vidi/client_config.hpp>
#include <vidi/exchange_info.hpp>

#include "transport/connection.hpp"

#include <string>
#include <string_view>

namespace vidi::transport {

struct exchange_result
{
    error_code failure;
    unsigned status = 0;
    std::string body;             // as far as it was read
    bool sent = false;            // all of the request was handed to the network
    bool began_to_answer = false; // a byte of the response arrived
    bool reusable = false;        // the connection may serve another exchange
};

// Takes over what one field of the response's head says.
using field_reader = void (*)(exchange_info&, std::string_view name, std::string_view value);

// Sends a request, head and body, and reads its response, interim ones aside (RFC 9110, 15.2).
// Notes what the fields say, the times, the size of the body and, on failure, what went wrong in
// `exchange`.
task<exchange_result> exchange_messages(
    operation&, connection&, std::string_view request, timeouts const&, limits const&, field_reader,
    exchange_info& exchange);

} // namespace vidi::transport
