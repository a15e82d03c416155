#pragma once

#include <vidi/detail/omitted_members.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace vidi {

/// @file
/// Settings of a request that its response repeats.

/// How hard the model thinks, and what it tells of it.
struct reasoning_settings
{
    /// `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`; which of them, depends on the
    /// model.
    std::optional<std::string> effort{};
    /// `auto`, `concise`, `detailed`.
    std::optional<std::string> summary{};
    /// The old name of `summary`.
    std::optional<std::string> generate_summary{};
    /// Which earlier reasoning counts: `auto`, `current_turn`, `all_turns`.
    std::optional<std::string> context{};
    /// `standard`, `pro`, and others.
    std::optional<std::string> mode{};
    boost::json::object additional{};

    bool operator==(reasoning_settings const&) const = default;
};

/// Plain text, the default.
struct plain_text_format
{
    static constexpr std::string_view type_name = "text";

    boost::json::object additional{};

    bool operator==(plain_text_format const&) const = default;
};

/// Any JSON object. The older way; prefer @ref json_schema_format.
struct json_object_format
{
    static constexpr std::string_view type_name = "json_object";

    boost::json::object additional{};

    bool operator==(json_object_format const&) const = default;
};

/// JSON that follows a schema.
struct json_schema_format
{
    static constexpr std::string_view type_name = "json_schema";

    /// 1 to 64 of `A-Z a-z 0-9 _ -`.
    std::string name{};
    /// A JSON Schema.
    boost::json::object schema{};
    /// Tells the model what the format is for.
    std::optional<std::string> description{};
    /// The output must follow the schema exactly; only a subset of JSON Schema is possible then.
    std::optional<bool> strict{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(json_schema_format const&) const = default;
};

/// The format of the text. Any other type can be given as a JSON object.
using text_format =
    std::variant<plain_text_format, json_object_format, json_schema_format, boost::json::object>;

/// What the text of the answer is to look like.
struct text_settings
{
    std::optional<text_format> format{};
    /// `low`, `medium`, `high`.
    std::optional<std::string> verbosity{};
    boost::json::object additional{};

    bool operator==(text_settings const&) const = default;
};

/// A prompt template that the provider stores.
struct prompt_template
{
    std::string id{};
    std::optional<std::string> version{};
    /// By name: a string, or an `input_text`, `input_image` or `input_file` as JSON. Null: none.
    boost::json::value variables{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(prompt_template const&) const = default;
};

} // namespace vidi
