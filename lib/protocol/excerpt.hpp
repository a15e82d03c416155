#pragma once

#include <string>
#include <string_view>

namespace vidi::protocol {

// The beginning of a body that was not understood, for people: at most 1024 bytes, cut between two
// characters. Always UTF-8: bytes that are not become U+FFFD.
std::string excerpt(std::string_view body);

} // namespace vidi::protocol
