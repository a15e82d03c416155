#pragma once

#include <vidi/batch/survey.hpp>

#include "prices.hpp"

#include <optional>
#include <string>

namespace vidi_tool {

struct batch_options;

/// What a batch would do, for a person, several lines without a line break at the end.
/// @param price Of the model, if it is known.
std::string format_survey(
    vidi::batch::survey const& survey, std::optional<token_price> const& price,
    std::string const& currency);

/// Says what a batch with these options would do. Sends nothing. Returns the exit status.
int run_dry(batch_options const& options);

} // namespace vidi_tool
