#pragma once

#include <vidi/error.hpp>
#include <vidi/secret.hpp>

#include "protocol/origin.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace vidi::protocol {

// The request that asks a proxy for a tunnel (RFC 9110, 9.3.6). Nothing of the API's is in it.
secret make_connect_request(origin const&, secret const& proxy_authorization);

struct connect_answer
{
    error_code failure;
    std::string detail; // on failure
};

// Reads what has arrived of a proxy's answer: nothing, as long as it is not complete. Interim
// answers are passed over. A tunnel begins with silence, so that it is refused if more has arrived
// than the answer.
std::optional<connect_answer> read_connect_answer(std::string_view arrived);

} // namespace vidi::protocol
