#pragma once

#include <vidi/client_config.hpp>
#include <vidi/exchange_info.hpp>

#include "transport/connection.hpp"

#include <boost/beast/http/fields.hpp>

#include <string>

namespace vidi::transport {

// A request as it goes over the wire.
struct wire_request
{
    std::string head; // up to and including the blank line
    std::string body;
};

struct wire_response
{
    unsigned status = 0;
    boost::beast::http::fields fields;
    std::string body;
};

struct exchange_result
{
    error_code failure;
    wire_response response;       // as far as it was read
    bool began_to_answer = false; // a byte of the response arrived
    bool reusable = false;        // the connection may serve another exchange
};

// Sends a request and reads its response, interim ones aside (RFC 9110, 15.2). Notes the times, the
// size of the body and, on failure, what went wrong in `exchange`.
task<exchange_result> exchange_messages(
    operation&, connection&, wire_request const&, timeouts const&, limits const&,
    exchange_info& exchange);

} // namespace vidi::transport
