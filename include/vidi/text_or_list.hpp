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
    text_or_list(std::string text) : is_text_{true}, text_{std::move(text)} {}
    text_or_list(std::string_view text) : is_text_{true}, text_{text} {}
    text_or_list(char const* text) : is_text_{true}, text_{text} {}
    text_or_list(list_type elements) : list_{std::move(elements)} {}

    /// The list of the given elements. Not an `initializer_list`, which would copy every picture.
    template <class... Elements>
    requires(
        sizeof...(Elements) > 0 &&
        (!std::same_as<std::remove_cvref_t<Elements>, text_or_list> && ...) &&
        (std::convertible_to<Elements, Element> && ...)) text_or_list(Elements&&... elements)
    {
        list_.reserve(sizeof...(Elements));
        (list_.emplace_back(std::forward<Elements>(elements)), ...);
    }

    bool is_text() const noexcept { return is_text_; }

    /// Neither text nor an element.
    bool empty() const noexcept { return text_.empty() && list_.empty(); }

    /// The string. Throws `std::bad_variant_access` unless `is_text()`.
    std::string const& text() const { return check(is_text_), text_; }
    /// @copydoc text
    std::string& text() { return check(is_text_), text_; }

    /// The elements. Throws `std::bad_variant_access` if `is_text()`.
    list_type const& list() const { return check(!is_text_), list_; }
    /// @copydoc list
    list_type& list() { return check(!is_text_), list_; }

    bool operator==(text_or_list const&) const = default;

private:
    static void check(bool holds_it)
    {
        if (!holds_it)
            throw std::bad_variant_access{};
    }

    // Not a std::variant: it would instantiate all that an element consists of wherever a request
    // is named.
    bool is_text_ = false;
    std::string text_{};
    list_type list_{};
};

} // namespace vidi
