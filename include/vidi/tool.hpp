#pragma once

#include <vidi/detail/omitted_members.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vidi {

/// A function of the caller's that the model may ask for with a @ref function_call.
struct function_tool
{
    static constexpr std::string_view type_name = "function";

    std::string name{};
    /// A JSON Schema of the arguments. Null: not sent.
    boost::json::value parameters{};
    /// The arguments must follow the schema exactly. The server's default is true.
    std::optional<bool> strict{};
    /// Tells the model when and how to use the function.
    std::optional<std::string> description{};
    /// A JSON Schema of the result. Null: not sent.
    boost::json::value output_schema{};
    /// The function is found by a tool search only.
    std::optional<bool> defer_loading{};
    /// `direct`, `programmatic`. Empty: not sent.
    std::vector<std::string> allowed_callers{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(function_tool const&) const = default;
};

/// A tool. The provider's own tools, and any other type, are given as a JSON object with its
/// `type`.
using tool = std::variant<function_tool, boost::json::object>;

/// The model must call this function.
struct function_choice
{
    static constexpr std::string_view type_name = "function";

    std::string name{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(function_choice const&) const = default;
};

/// Which tool the model must call: `none`, `auto` or `required`, a function, or any other choice
/// as a JSON object with its `type`.
using tool_choice = std::variant<std::string, function_choice, boost::json::object>;

} // namespace vidi
