#pragma once

#include <vidi/request.hpp>

#include <cstddef>
#include <cstdint>

namespace vidi::model {

struct token_estimate
{
    std::uint64_t input = 0;
    std::uint64_t output = 0;

    std::uint64_t total() const noexcept { return input + output; }
};

// What a request is likely to cost. A first guess, for who corrects it by what requests turn out to
// cost. `text_size` is the size of the request as JSON.
token_estimate estimate_tokens(request const&, std::size_t text_size) noexcept;

} // namespace vidi::model
