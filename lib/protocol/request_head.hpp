#pragma once

#include <vidi/client_config.hpp>
#include <vidi/detail/request_text.hpp>
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
secret make_head_prefix(client_config const&, endpoint const&, error_code&, std::string& detail);

// The first attempt at a request with that body. `client_request_id` must be a valid field value.
detail::request_text
make_request(std::string_view prefix, std::string_view client_request_id, std::string_view body);

// RFC 9110, 5.6.2: what a field name consists of.
bool is_token(std::string_view) noexcept;

// RFC 9110, 5.5, without leading or trailing space: visible characters, spaces, tabs, and bytes
// above 127.
bool is_field_value(std::string_view) noexcept;

} // namespace vidi::protocol
