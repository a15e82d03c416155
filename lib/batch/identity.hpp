#pragma once

#include <array>
#include <string_view>

namespace vidi::batch {

/// What tells one question from another: the first half of the SHA-256 of the request's JSON text.
/// Half is enough: among a thousand million questions, two are alike with a chance of 1 in 10^20.
using identity = std::array<unsigned char, 16>;

/// The identity of a request, given its JSON text.
identity identify(std::string_view request);

} // namespace vidi::batch
