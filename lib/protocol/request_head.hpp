#pragma once

#include <vidi/client_config.hpp>
#include <vidi/error.hpp>

#include "protocol/endpoint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vidi::protocol {

// The part of a request head that is the same for every request of a client: request line and
// header fields of `POST path/responses`, all but the two that differ.
//
// Fails with errc::invalid_configuration if a field would break the message (RFC 9110, 5.5).
std::string
make_head_prefix(client_config const&, endpoint const&, error_code&, std::string& detail);

// A request as it goes over the wire.
struct request_text
{
    std::string text;           // head and body
    std::size_t attempt_at = 0; // where the number of the attempt stands
};

// The first attempt at a request with that body. `client_request_id` must be a valid field value.
request_text
make_request(std::string_view prefix, std::string_view client_request_id, std::string_view body);

// Makes the text of one attempt into that of another.
void set_attempt(std::string& text, std::size_t attempt_at, unsigned number);

// RFC 9110, 5.6.2: what a field name consists of.
bool is_token(std::string_view) noexcept;

// RFC 9110, 5.5, without leading or trailing space: visible characters, spaces, tabs, and bytes
// above 127.
bool is_field_value(std::string_view) noexcept;

} // namespace vidi::protocol
