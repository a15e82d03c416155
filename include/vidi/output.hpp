#pragma once

#include <vidi/content.hpp>
#include <vidi/detail/omitted_members.hpp>
#include <vidi/text_or_list.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vidi {

/// @file
/// The items of a response's output. Each can be put into the input of a later request.
///
/// `id` and `status` are optional because an item that goes into a request need not have them.
/// Unless said otherwise, the known values of `status` are `in_progress`, `completed` and
/// `incomplete`. Structures inside an item that few callers look into are JSON values; null then
/// means that the member is not there. Any item may carry further members, such as `created_by` or
/// `caller`: they are in `additional`, see content.hpp.

/// What the model says.
struct output_message
{
    static constexpr std::string_view type_name = "message";

    std::optional<std::string> id{};
    /// Any number of parts, in the order they are meant to be read.
    std::vector<output_part> content{};
    /// Always `assistant`.
    std::string role = "assistant";
    std::optional<std::string> status{};
    /// `commentary` or `final_answer`.
    std::optional<std::string> phase{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(output_message const&) const = default;
};

/// A piece of the summary of the model's reasoning, or of the reasoning itself.
struct reasoning_text
{
    /// `summary_text` in a summary, `reasoning_text` in the content.
    std::optional<std::string> type{};
    std::string text{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(reasoning_text const&) const = default;
};

/// How the model came to its answer.
struct reasoning_item
{
    static constexpr std::string_view type_name = "reasoning";

    std::optional<std::string> id{};
    std::vector<reasoning_text> summary{};
    /// The reasoning itself, from models that show it.
    std::optional<std::vector<reasoning_text>> content{};
    /// Only if `request::include` asks for `reasoning.encrypted_content`.
    std::optional<std::string> encrypted_content{};
    std::optional<std::string> status{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(reasoning_item const&) const = default;
};

/// The model asks for a function of the caller's.
struct function_call
{
    static constexpr std::string_view type_name = "function_call";

    std::optional<std::string> id{};
    /// Names this call: repeat it in the @ref function_call_output.
    std::string call_id{};
    std::string name{};
    /// JSON as text, written by the model: it may be invalid, or not fit the schema.
    std::string arguments{};
    std::optional<std::string> status{};
    /// `namespace` in JSON.
    std::optional<std::string> namespace_{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(function_call const&) const = default;
};

/// The caller's answer to a @ref function_call.
struct function_call_output
{
    static constexpr std::string_view type_name = "function_call_output";

    /// The `call_id` of the call.
    std::string call_id{};
    /// A string, or a list of `input_text`, `input_image` and `input_file`.
    text_or_list<content_part> output{};
    std::optional<std::string> id{};
    std::optional<std::string> status{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(function_call_output const&) const = default;
};

/// The model calls a custom tool.
struct custom_tool_call
{
    static constexpr std::string_view type_name = "custom_tool_call";

    std::optional<std::string> id{};
    std::string call_id{};
    std::string name{};
    /// Free text from the model.
    std::string input{};
    std::optional<std::string> status{};
    /// `namespace` in JSON.
    std::optional<std::string> namespace_{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(custom_tool_call const&) const = default;
};

/// The caller's answer to a @ref custom_tool_call.
struct custom_tool_call_output
{
    static constexpr std::string_view type_name = "custom_tool_call_output";

    std::string call_id{};
    text_or_list<content_part> output{};
    std::optional<std::string> id{};
    std::optional<std::string> status{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(custom_tool_call_output const&) const = default;
};

/// A search in the caller's files.
struct file_search_call
{
    static constexpr std::string_view type_name = "file_search_call";

    std::optional<std::string> id{};
    std::vector<std::string> queries{};
    /// Also `searching` and `failed`.
    std::optional<std::string> status{};
    /// `[{file_id, filename, score, text, attributes}]`, only if `request::include` asks for it.
    boost::json::value results{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(file_search_call const&) const = default;
};

/// A search on the web.
struct web_search_call
{
    static constexpr std::string_view type_name = "web_search_call";

    std::optional<std::string> id{};
    /// Also `searching` and `failed`.
    std::optional<std::string> status{};
    /// By its `type`: `search` {query, queries, sources}, `open_page` {url}, `find_in_page`
    /// {pattern, url}.
    boost::json::value action{};
    boost::json::object additional{};

    bool operator==(web_search_call const&) const = default;
};

/// The model wants to operate a computer.
struct computer_call
{
    static constexpr std::string_view type_name = "computer_call";

    std::optional<std::string> id{};
    std::string call_id{};
    boost::json::value action{};
    /// Several actions at once, in their order.
    boost::json::value actions{};
    /// `[{id, code, message}]`
    boost::json::value pending_safety_checks{};
    std::optional<std::string> status{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(computer_call const&) const = default;
};

/// What the computer shows after a @ref computer_call.
struct computer_call_output
{
    static constexpr std::string_view type_name = "computer_call_output";

    std::optional<std::string> id{};
    std::string call_id{};
    /// `{type: computer_screenshot, file_id, image_url}`
    boost::json::value output{};
    std::optional<std::string> status{};
    /// `[{id, code, message}]`
    boost::json::value acknowledged_safety_checks{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(computer_call_output const&) const = default;
};

/// A picture made by the model.
struct image_generation_call
{
    static constexpr std::string_view type_name = "image_generation_call";

    std::optional<std::string> id{};
    /// `in_progress`, `generating`, `completed`, `failed`.
    std::optional<std::string> status{};
    /// The picture in base64.
    std::optional<std::string> result{};
    boost::json::value error{};
    std::optional<std::string> action{};
    std::optional<std::string> background{};
    std::optional<std::string> output_format{};
    std::optional<std::string> quality{};
    std::optional<std::string> size{};
    std::optional<std::string> revised_prompt{};
    boost::json::value svg_usage{};
    boost::json::object additional{};

    bool operator==(image_generation_call const&) const = default;
};

/// A program that the model wrote and ran.
struct code_interpreter_call
{
    static constexpr std::string_view type_name = "code_interpreter_call";

    std::optional<std::string> id{};
    std::optional<std::string> code{};
    std::string container_id{};
    /// `[{type: logs, logs}, {type: image, url}]`
    boost::json::value outputs{};
    /// Also `interpreting` and `failed`.
    std::optional<std::string> status{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(code_interpreter_call const&) const = default;
};

/// The model wants a command run on the caller's machine.
struct local_shell_call
{
    static constexpr std::string_view type_name = "local_shell_call";

    std::optional<std::string> id{};
    std::string call_id{};
    /// `{type: exec, command, env, timeout_ms, user, working_directory}`
    boost::json::value action{};
    std::optional<std::string> status{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(local_shell_call const&) const = default;
};

/// The result of a @ref local_shell_call.
struct local_shell_call_output
{
    static constexpr std::string_view type_name = "local_shell_call_output";

    std::optional<std::string> id{};
    std::string output{};
    std::optional<std::string> status{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(local_shell_call_output const&) const = default;
};

/// The model wants commands run in a shell.
struct shell_call
{
    static constexpr std::string_view type_name = "shell_call";

    std::optional<std::string> id{};
    std::string call_id{};
    /// `{commands, timeout_ms, max_output_length}`, the time limit in milliseconds.
    boost::json::value action{};
    boost::json::value environment{};
    std::optional<std::string> status{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(shell_call const&) const = default;
};

/// The result of a @ref shell_call.
struct shell_call_output
{
    static constexpr std::string_view type_name = "shell_call_output";

    std::optional<std::string> id{};
    std::string call_id{};
    /// `[{stdout, stderr, outcome}]`
    boost::json::value output{};
    std::optional<std::int64_t> max_output_length{};
    std::optional<std::string> status{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(shell_call_output const&) const = default;
};

/// The model wants a file created, deleted or changed.
struct apply_patch_call
{
    static constexpr std::string_view type_name = "apply_patch_call";

    std::optional<std::string> id{};
    std::string call_id{};
    /// By its `type`: `create_file`, `delete_file`, `update_file`.
    boost::json::value operation{};
    std::optional<std::string> status{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(apply_patch_call const&) const = default;
};

/// The result of an @ref apply_patch_call.
struct apply_patch_call_output
{
    static constexpr std::string_view type_name = "apply_patch_call_output";

    std::optional<std::string> id{};
    std::string call_id{};
    /// `completed` or `failed`.
    std::optional<std::string> status{};
    std::optional<std::string> output{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(apply_patch_call_output const&) const = default;
};

/// The tools an MCP server offers.
struct mcp_list_tools
{
    static constexpr std::string_view type_name = "mcp_list_tools";

    std::optional<std::string> id{};
    std::string server_label{};
    /// `[{name, input_schema, annotations, description}]`
    boost::json::value tools{};
    boost::json::value error{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(mcp_list_tools const&) const = default;
};

/// A call of a tool on an MCP server.
struct mcp_call
{
    static constexpr std::string_view type_name = "mcp_call";

    std::optional<std::string> id{};
    std::string server_label{};
    std::string name{};
    /// JSON as text.
    std::string arguments{};
    std::optional<std::string> output{};
    /// A string or an object.
    boost::json::value error{};
    /// Also `calling` and `failed`.
    std::optional<std::string> status{};
    std::optional<std::string> approval_request_id{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(mcp_call const&) const = default;
};

/// The model asks whether it may call a tool on an MCP server.
struct mcp_approval_request
{
    static constexpr std::string_view type_name = "mcp_approval_request";

    std::optional<std::string> id{};
    std::string server_label{};
    std::string name{};
    /// JSON as text.
    std::string arguments{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(mcp_approval_request const&) const = default;
};

/// The caller's answer to an @ref mcp_approval_request.
struct mcp_approval_response
{
    static constexpr std::string_view type_name = "mcp_approval_response";

    std::optional<std::string> id{};
    std::string approval_request_id{};
    bool approve = false;
    std::optional<std::string> reason{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(mcp_approval_response const&) const = default;
};

/// The model looks for a tool.
struct tool_search_call
{
    static constexpr std::string_view type_name = "tool_search_call";

    std::optional<std::string> id{};
    std::optional<std::string> call_id{};
    /// `server` or `client`.
    std::optional<std::string> execution{};
    boost::json::value arguments{};
    std::optional<std::string> status{};
    boost::json::object additional{};

    bool operator==(tool_search_call const&) const = default;
};

/// The result of a @ref tool_search_call.
struct tool_search_output
{
    static constexpr std::string_view type_name = "tool_search_output";

    std::optional<std::string> id{};
    std::optional<std::string> call_id{};
    /// `server` or `client`.
    std::optional<std::string> execution{};
    boost::json::value tools{};
    std::optional<std::string> status{};
    boost::json::object additional{};

    bool operator==(tool_search_output const&) const = default;
};

/// Tools that become available from here on.
struct additional_tools
{
    static constexpr std::string_view type_name = "additional_tools";

    std::optional<std::string> id{};
    std::optional<std::string> role{};
    boost::json::value tools{};
    boost::json::object additional{};

    bool operator==(additional_tools const&) const = default;
};

/// A program of the model's that calls tools.
struct program
{
    static constexpr std::string_view type_name = "program";

    std::optional<std::string> id{};
    std::string call_id{};
    std::string code{};
    std::string fingerprint{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(program const&) const = default;
};

/// The result of a @ref program.
struct program_output
{
    static constexpr std::string_view type_name = "program_output";

    std::optional<std::string> id{};
    std::string call_id{};
    std::string result{};
    /// `completed` or `incomplete`.
    std::optional<std::string> status{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(program_output const&) const = default;
};

/// The conversation so far, condensed.
struct compaction
{
    static constexpr std::string_view type_name = "compaction";

    std::optional<std::string> id{};
    std::string encrypted_content{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(compaction const&) const = default;
};

/// An item of a type that is not known here; its other members are in `additional`.
struct unknown_item
{
    std::string type{};
    boost::json::object additional{};

    bool operator==(unknown_item const&) const = default;
};

/// One item of a response's output. Their number and order are the model's: never assume that the
/// first one is the message.
using output_item = std::variant<
    output_message, reasoning_item, function_call, function_call_output, custom_tool_call,
    custom_tool_call_output, file_search_call, web_search_call, computer_call, computer_call_output,
    image_generation_call, code_interpreter_call, local_shell_call, local_shell_call_output,
    shell_call, shell_call_output, apply_patch_call, apply_patch_call_output, mcp_list_tools,
    mcp_call, mcp_approval_request, mcp_approval_response, tool_search_call, tool_search_output,
    additional_tools, program, program_output, compaction, unknown_item>;

} // namespace vidi
