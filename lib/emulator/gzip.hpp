#pragma once

#include <string>
#include <string_view>

namespace vidi::emulation {

/// Compresses, in the format of `Content-Encoding: gzip`. Throws std::runtime_error.
std::string gzip(std::string_view bytes);

} // namespace vidi::emulation
