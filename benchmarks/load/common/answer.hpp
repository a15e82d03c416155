#pragma once

#include <string>
#include <string_view>

namespace load {

/// The text that the model wrote, from the JSON of a response. Throws if there is none.
std::string output_text(std::string_view response);

} // namespace load
