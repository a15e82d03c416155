#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace vidi {

/// What the API accepts either as one string or as a list of elements.
///
/// Built from a string, from a vector, or from the elements themselves, which are moved in:
/// @code
/// message_content a = "What is this?";
/// message_content b = {input_text{"What is this?"}, input_image::from_file_id("file-1")};
/// @endcode
/// By default it is an empty list.
template <class Element>
class text_or_list
{
public:
    using element_type = Element;
    using list_type = std::vector<Element>;

    text_or_list() = default;
    text_or_list(std::string text) : value_{std::move(text)} {}
    text_or_list(std::string_view text) : value_{std::string{text}} {}
    text_or_list(char const* text) : value_{std::string{text}} {}
    text_or_list(list_type elements) : value_{std::move(elements)} {}

    /// The list of the given elements. Not an `initializer_list`, which would copy every picture.
    template <class... Elements>
    requires(
        sizeof...(Elements) > 0 &&
        (!std::same_as<std::remove_cvref_t<Elements>, text_or_list> && ...) &&
        (std::convertible_to<Elements, Element> && ...)) text_or_list(Elements&&... elements)
    {
        auto& list = std::get<list_type>(value_);
        list.reserve(sizeof...(Elements));
        (list.emplace_back(std::forward<Elements>(elements)), ...);
    }

    bool is_text() const noexcept { return std::holds_alternative<std::string>(value_); }

    /// Neither text nor an element.
    bool empty() const noexcept
    {
        return std::visit([](auto const& value) { return value.empty(); }, value_);
    }

    /// The string. Throws `std::bad_variant_access` unless `is_text()`.
    std::string const& text() const { return std::get<std::string>(value_); }
    /// @copydoc text
    std::string& text() { return std::get<std::string>(value_); }

    /// The elements. Throws `std::bad_variant_access` if `is_text()`.
    list_type const& list() const { return std::get<list_type>(value_); }
    /// @copydoc list
    list_type& list() { return std::get<list_type>(value_); }

    bool operator==(text_or_list const&) const = default;

private:
    std::variant<list_type, std::string> value_;
};

} // namespace vidi
