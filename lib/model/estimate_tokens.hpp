#pragma once

#include <vidi/request.hpp>

#include <cstddef>
#include <cstdint>

namespace vidi::model {

// What a request is likely to cost, in tokens, its answer included. A first guess, for who corrects
// it by what requests turn out to cost. `text_size` is the size of the request as JSON.
std::uint64_t estimate_tokens(request const&, std::size_t text_size) noexcept;

} // namespace vidi::model
