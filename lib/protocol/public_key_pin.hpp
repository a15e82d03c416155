#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace vidi::protocol {

// The SHA-256 of a SubjectPublicKeyInfo.
using public_key_digest = std::array<unsigned char, 32>;

// Reads a digest in base64, with or without "sha256//" before it. Nothing if it is anything else:
// a pin with a slip of the pen would lock everybody out, or nobody.
std::optional<public_key_digest> parse_public_key_pin(std::string_view text);

} // namespace vidi::protocol
