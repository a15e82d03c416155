#pragma once

#include "emulator/model_family.hpp"

namespace vidi::emulation {

/// How many tokens a text is: one for every four ASCII characters begun, one for every other
/// character. Not what a real tokenizer finds, but as dependent on the text.
std::uint64_t count_text_tokens(std::string_view text);

/// The longest beginning of a text that is at most that many tokens.
std::string_view cut_to_tokens(std::string_view text, std::uint64_t tokens);

/// How many tokens a picture costs. `detail` is low, high, original or auto.
std::uint64_t count_picture_tokens(
    model_family const& family, std::string_view detail, std::uint32_t width, std::uint32_t height);

} // namespace vidi::emulation
