#pragma once

#include <string>
#include <string_view>

namespace vidi::protocol {

// Replaces a secret wherever a text holds it, such as an answer of a server that quotes what it was
// sent. One of fewer than eight bytes is left alone: it protects nothing, and stands for too much.
void redact(std::string& text, std::string_view secret);

} // namespace vidi::protocol
