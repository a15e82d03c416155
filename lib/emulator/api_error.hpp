#pragma once

#include "emulator/message.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vidi::emulation {

/// An error as the API reports it. Thrown by the checks.
struct api_error
{
    unsigned status = 400;
    std::string message{};
    std::string type = "invalid_request_error";
    std::optional<std::string> param{};
    std::optional<std::string> code{};
    /// Sent with it.
    std::vector<header_field> headers{};
};

/// A 400 that blames one field of the request.
api_error invalid_request(std::string code, std::string param, std::string message);

/// The error of a request that is not right as HTTP, whatever it asks for.
api_error protocol_error(unsigned status);

/// The error type that goes with a status.
std::string error_type(unsigned status);

std::string error_body(api_error const& error);

http_reply to_reply(api_error const& error);
http_reply to_reply(testing::canned_reply const& canned);

} // namespace vidi::emulation
