#pragma once

#include <vidi/request.hpp>

#include <cstddef>
#include <string>

namespace vidi_benchmark {

/// A question about a picture that the server is to fetch.
vidi::request url_request();

/// The same about a picture of that many bytes that is sent along.
vidi::request picture_request(std::size_t bytes);

/// A response as the gateway's documentation shows it.
std::string gateway_answer();

} // namespace vidi_benchmark
