#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace vidi_tool {

/// What a million tokens cost.
struct token_price
{
    double input = 0;
    double output = 0;

    double cost(std::int64_t input_tokens, std::int64_t output_tokens) const noexcept;

    bool operator==(token_price const&) const = default;
};

/// A list of prices.
struct price_list
{
    /// Such as `USD`; may be empty.
    std::string currency{};
    std::map<std::string, token_price, std::less<>> models{};

    /// The price of a model, or of that of which it is a dated snapshot: of `gpt-5-mini` for
    /// `gpt-5-mini-2025-08-07`.
    std::optional<token_price> find(std::string_view model) const;
};

/// Reads `{"MODEL": {"input": 0.25, "output": 2}, "currency": "USD"}`, the last of which may be
/// left out.
/// @throws usage_error It is something else.
price_list parse_prices(std::string_view text);

/// The same of a file.
/// @throws usage_error It cannot be read either.
price_list read_price_list(std::string const& name);

} // namespace vidi_tool
