#pragma once

#include <vidi/client.hpp>

namespace vidi {

// Checks a request and makes it into text.
detail::prepared_request prepare_request(client_state&, request const&, request_options);

} // namespace vidi
