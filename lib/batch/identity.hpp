#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace vidi::batch {

/// What tells one question from another: the first half of the SHA-256 of the request's JSON text.
/// Half is enough: among a thousand million questions, two are alike with a chance of 1 in 10^20.
using identity = std::array<unsigned char, 16>;

/// It is as good as random already.
struct identity_hash
{
    std::size_t operator()(identity const& value) const noexcept
    {
        std::size_t part = 0;
        std::memcpy(&part, value.data(), sizeof(part));
        return part;
    }
};

/// The identity of a request, given its JSON text.
identity identify(std::string_view request);

} // namespace vidi::batch
