#pragma once

#include <vidi/detail/config.hpp>

#include <iosfwd>
#include <string>

namespace vidi {

/// A string that is never printed by accident, such as an API key.
///
/// It has no conversion to a string and streams as `[secret]`; what needs the text says `reveal()`.
/// Its memory is overwritten when it ends, is moved from, or is given another value.
class VIDI_DECL secret
{
public:
    secret() = default;
    secret(std::string value) noexcept;
    secret(char const* value) : value_{value} {}
    secret(secret const&) = default;
    secret(secret&&) noexcept;
    secret& operator=(secret const&);
    secret& operator=(secret&&) noexcept;
    ~secret();

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
