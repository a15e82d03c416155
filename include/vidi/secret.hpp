#pragma once

#include <iosfwd>
#include <string>
#include <utility>

namespace vidi {

/// A string that is never printed by accident, such as an API key.
///
/// It has no conversion to a string and streams as `[secret]`; what needs the text says `reveal()`.
class secret
{
public:
    secret() = default;
    secret(std::string value) noexcept : value_{std::move(value)} {}
    secret(char const* value) : value_{value} {}

    /// The text itself. Do not log it.
    std::string const& reveal() const noexcept { return value_; }

    bool empty() const noexcept { return value_.empty(); }

    bool operator==(secret const&) const = default;

    template <class Character, class Traits>
    friend std::basic_ostream<Character, Traits>&
    operator<<(std::basic_ostream<Character, Traits>& stream, secret const&)
    {
        return stream << "[secret]";
    }

private:
    std::string value_;
};

} // namespace vidi
