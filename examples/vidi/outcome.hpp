#pragma once

#include <vidi/batch/judge.hpp>
#include <vidi/response.hpp>

#include <optional>

namespace vidi_tool {

/// What became of one image.
struct outcome
{
    /// What arrived, whether or not it is an answer. None if nothing was asked.
    std::optional<vidi::response> response{};
    vidi::batch::verdict verdict{};
};

} // namespace vidi_tool
