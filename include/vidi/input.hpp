#pragma once

#include <vidi/content.hpp>
#include <vidi/output.hpp>
#include <vidi/text_or_list.hpp>

#include <boost/json/object.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace vidi {

/// The content of a message: a string, or a list of parts.
using message_content = text_or_list<content_part>;

/// A message of the input.
struct message
{
    /// `user`, `assistant`, `system` or `developer`.
    std::string role{};
    message_content content{};
    /// Of an assistant's message: `commentary` or `final_answer`.
    std::optional<std::string> phase{};
    boost::json::object additional{};

    bool operator==(message const&) const = default;
};

namespace detail {

template <class... Content>
concept makes_message_content =
    sizeof...(Content) > 0 && std::constructible_from<message_content, Content...> &&
    (!std::derived_from<std::remove_cvref_t<Content>, message> && ...);

} // namespace detail

/// A @ref message from the user: `user_message{input_text{"…"}, input_image::from_url("…")}`, or
/// `user_message{"…"}`.
struct user_message : message
{
    /// From a string, from a list of parts, or from the parts themselves.
    template <class... Content>
    requires detail::makes_message_content<Content...>
    explicit user_message(Content&&... parts)
        : message{.role = "user", .content = message_content(std::forward<Content>(parts)...)}
    {
    }
};

/// A @ref message that the model wrote earlier.
struct assistant_message : message
{
    /// @copydoc user_message::user_message
    template <class... Content>
    requires detail::makes_message_content<Content...>
    explicit assistant_message(Content&&... parts)
        : message{.role = "assistant", .content = message_content(std::forward<Content>(parts)...)}
    {
    }
};

/// A @ref message of instructions that stand above the user's. Reasoning models prefer
/// @ref developer_message.
struct system_message : message
{
    /// @copydoc user_message::user_message
    template <class... Content>
    requires detail::makes_message_content<Content...>
    explicit system_message(Content&&... parts)
        : message{.role = "system", .content = message_content(std::forward<Content>(parts)...)}
    {
    }
};

/// A @ref message of instructions from the developer that stand above the user's.
struct developer_message : message
{
    /// @copydoc user_message::user_message
    template <class... Content>
    requires detail::makes_message_content<Content...>
    explicit developer_message(Content&&... parts)
        : message{.role = "developer", .content = message_content(std::forward<Content>(parts)...)}
    {
    }
};

/// Stands for an item that the server has stored.
struct item_reference
{
    static constexpr std::string_view type_name = "item_reference";

    std::string id{};
    boost::json::object additional{};

    bool operator==(item_reference const&) const = default;
};

/// An item of the input: a message, an item of an earlier response's output, the answer to a call
/// of the model's (@ref function_call_output and its like), or a reference. Any other type of item
/// can be given as a JSON object.
using input_item = std::variant<message, item_reference, output_item, boost::json::object>;

/// What the model is to answer: a string, which equals one message of the user's, or a list of
/// items.
using request_input = text_or_list<input_item>;

} // namespace vidi
