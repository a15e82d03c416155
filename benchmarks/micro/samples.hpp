#pragma once

#include <vidi/request.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace vidi_benchmark {

/// `text`, so often that it has at least that many bytes.
std::string repeated(std::string_view text, std::size_t bytes);

/// That many bytes that look like a JPEG as far as the library looks.
std::string jpeg(std::size_t bytes);

/// A question about a picture that the server is to fetch.
vidi::request url_request();

/// The same about a picture of that many bytes that is sent along.
vidi::request picture_request(std::size_t bytes);

/// The body of a response, as the gateway's documentation shows it.
std::string gateway_answer();

/// The same with a text of at least that many bytes.
std::string long_answer(std::size_t bytes);

/// The message that such a body arrives in.
std::string http_answer(std::string const& body);

} // namespace vidi_benchmark
