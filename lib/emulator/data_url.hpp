#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vidi::emulation {

struct data_url
{
    std::string media_type;
    std::string bytes;
};

bool is_data_url(std::string_view url) noexcept;

/// Decodes `data:TYPE;base64,…`. Throws `picture_error`.
data_url decode_data_url(std::string_view url);

/// Decodes standard Base64 with padding; nothing else is let pass.
std::optional<std::string> decode_base64(std::string_view text);

} // namespace vidi::emulation
