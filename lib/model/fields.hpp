#pragma once

/// @file
/// The field tables: which member of a structure is which member of the JSON object.
///
/// Encoder, decoder and validation all read them, so that a new field is one line here.

#include <vidi/content.hpp>
#include <vidi/input.hpp>
#include <vidi/output.hpp>
#include <vidi/request.hpp>
#include <vidi/response.hpp>
#include <vidi/settings.hpp>
#include <vidi/tool.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace vidi::model {

/// What is special about a field.
enum class field_rule
{
    none,
    /// When reading, a wrong type is an error; otherwise the value is kept as JSON.
    strict,
    /// When sending, an empty string or container is left out.
    unless_empty,
};

template <class Class, class Member>
struct field
{
    std::string_view name;
    Member Class::*member;
    field_rule rule = field_rule::none;
};

// Clang 14 does not deduce the arguments of an aggregate by itself.
template <class Class, class Member>
field(std::string_view, Member Class::*) -> field<Class, Member>;
template <class Class, class Member>
field(std::string_view, Member Class::*, field_rule) -> field<Class, Member>;

inline constexpr auto strict = field_rule::strict;
inline constexpr auto unless_empty = field_rule::unless_empty;

/// The fields of a structure, in the order in which they are written. Its `type_name`, if it has
/// one, is written before them as `type`; its `additional` after them.
template <class X>
inline constexpr std::tuple<> fields_of{};

/// The field at position `I` of a structure's table.
template <class X, std::size_t I>
inline constexpr auto const& field_at = std::get<I>(fields_of<X>);

/// The positions in a structure's table.
template <class X>
using positions_of =
    std::make_index_sequence<std::tuple_size_v<std::remove_cv_t<decltype(fields_of<X>)>>>;

/// The names of an enumeration's values. A value without a name is not written.
template <class E>
inline constexpr std::array<std::pair<std::string_view, E>, 0> names_of{};

template <>
inline constexpr auto fields_of<input_text> = std::tuple{
    field{"text", &input_text::text},
    field{"prompt_cache_breakpoint", &input_text::prompt_cache_breakpoint},
};

template <>
inline constexpr auto fields_of<input_image> = std::tuple{
    field{"image_url", &input_image::image_url},
    field{"file_id", &input_image::file_id},
    field{"detail", &input_image::detail},
    field{"prompt_cache_breakpoint", &input_image::prompt_cache_breakpoint},
};

template <>
inline constexpr auto fields_of<input_file> = std::tuple{
    field{"file_id", &input_file::file_id},
    field{"file_url", &input_file::file_url},
    field{"file_data", &input_file::file_data},
    field{"filename", &input_file::filename},
    field{"detail", &input_file::detail},
    field{"prompt_cache_breakpoint", &input_file::prompt_cache_breakpoint},
};

template <>
inline constexpr auto fields_of<url_citation> = std::tuple{
    field{"url", &url_citation::url},
    field{"title", &url_citation::title},
    field{"start_index", &url_citation::start_index},
    field{"end_index", &url_citation::end_index},
};

template <>
inline constexpr auto fields_of<file_citation> = std::tuple{
    field{"file_id", &file_citation::file_id},
    field{"filename", &file_citation::filename},
    field{"index", &file_citation::index},
};

template <>
inline constexpr auto fields_of<container_file_citation> = std::tuple{
    field{"container_id", &container_file_citation::container_id},
    field{"file_id", &container_file_citation::file_id},
    field{"filename", &container_file_citation::filename},
    field{"start_index", &container_file_citation::start_index},
    field{"end_index", &container_file_citation::end_index},
};

template <>
inline constexpr auto fields_of<file_path> = std::tuple{
    field{"file_id", &file_path::file_id},
    field{"index", &file_path::index},
};

template <>
inline constexpr auto fields_of<unknown_annotation> = std::tuple{
    field{"type", &unknown_annotation::type},
};

template <>
inline constexpr auto fields_of<top_logprob> = std::tuple{
    field{"token", &top_logprob::token},
    field{"logprob", &top_logprob::logprob},
    field{"bytes", &top_logprob::bytes, unless_empty},
};

template <>
inline constexpr auto fields_of<token_logprob> = std::tuple{
    field{"token", &token_logprob::token},
    field{"logprob", &token_logprob::logprob},
    field{"bytes", &token_logprob::bytes, unless_empty},
    field{"top_logprobs", &token_logprob::top_logprobs},
};

template <>
inline constexpr auto fields_of<output_text> = std::tuple{
    field{"text", &output_text::text, strict},
    field{"annotations", &output_text::annotations},
    field{"logprobs", &output_text::logprobs, unless_empty},
};

template <>
inline constexpr auto fields_of<output_refusal> = std::tuple{
    field{"refusal", &output_refusal::refusal, strict},
};

template <>
inline constexpr auto fields_of<unknown_part> = std::tuple{
    field{"type", &unknown_part::type},
};

template <>
inline constexpr auto fields_of<output_message> = std::tuple{
    field{"id", &output_message::id},       field{"content", &output_message::content, strict},
    field{"role", &output_message::role},   field{"status", &output_message::status},
    field{"phase", &output_message::phase},
};

template <>
inline constexpr auto fields_of<reasoning_text> = std::tuple{
    field{"type", &reasoning_text::type},
    field{"text", &reasoning_text::text, strict},
};

template <>
inline constexpr auto fields_of<reasoning_item> = std::tuple{
    field{"id", &reasoning_item::id},
    field{"summary", &reasoning_item::summary, strict},
    field{"content", &reasoning_item::content},
    field{"encrypted_content", &reasoning_item::encrypted_content},
    field{"status", &reasoning_item::status},
};

template <>
inline constexpr auto fields_of<function_call> = std::tuple{
    field{"id", &function_call::id},
    field{"call_id", &function_call::call_id, strict},
    field{"name", &function_call::name, strict},
    field{"arguments", &function_call::arguments, strict},
    field{"status", &function_call::status},
    field{"namespace", &function_call::namespace_},
};

template <>
inline constexpr auto fields_of<function_call_output> = std::tuple{
    field{"call_id", &function_call_output::call_id},
    field{"output", &function_call_output::output},
    field{"id", &function_call_output::id},
    field{"status", &function_call_output::status},
};

template <>
inline constexpr auto fields_of<custom_tool_call> = std::tuple{
    field{"id", &custom_tool_call::id},         field{"call_id", &custom_tool_call::call_id},
    field{"name", &custom_tool_call::name},     field{"input", &custom_tool_call::input},
    field{"status", &custom_tool_call::status}, field{"namespace", &custom_tool_call::namespace_},
};

template <>
inline constexpr auto fields_of<custom_tool_call_output> = std::tuple{
    field{"call_id", &custom_tool_call_output::call_id},
    field{"output", &custom_tool_call_output::output},
    field{"id", &custom_tool_call_output::id},
    field{"status", &custom_tool_call_output::status},
};

template <>
inline constexpr auto fields_of<file_search_call> = std::tuple{
    field{"id", &file_search_call::id},
    field{"queries", &file_search_call::queries},
    field{"status", &file_search_call::status},
    field{"results", &file_search_call::results},
};

template <>
inline constexpr auto fields_of<web_search_call> = std::tuple{
    field{"id", &web_search_call::id},
    field{"status", &web_search_call::status},
    field{"action", &web_search_call::action},
};

template <>
inline constexpr auto fields_of<computer_call> = std::tuple{
    field{"id", &computer_call::id},
    field{"call_id", &computer_call::call_id},
    field{"action", &computer_call::action},
    field{"actions", &computer_call::actions},
    field{"pending_safety_checks", &computer_call::pending_safety_checks},
    field{"status", &computer_call::status},
};

template <>
inline constexpr auto fields_of<computer_call_output> = std::tuple{
    field{"id", &computer_call_output::id},
    field{"call_id", &computer_call_output::call_id},
    field{"output", &computer_call_output::output},
    field{"status", &computer_call_output::status},
    field{"acknowledged_safety_checks", &computer_call_output::acknowledged_safety_checks},
};

template <>
inline constexpr auto fields_of<image_generation_call> = std::tuple{
    field{"id", &image_generation_call::id},
    field{"status", &image_generation_call::status},
    field{"result", &image_generation_call::result},
    field{"error", &image_generation_call::error},
    field{"action", &image_generation_call::action},
    field{"background", &image_generation_call::background},
    field{"output_format", &image_generation_call::output_format},
    field{"quality", &image_generation_call::quality},
    field{"size", &image_generation_call::size},
    field{"revised_prompt", &image_generation_call::revised_prompt},
    field{"svg_usage", &image_generation_call::svg_usage},
};

template <>
inline constexpr auto fields_of<code_interpreter_call> = std::tuple{
    field{"id", &code_interpreter_call::id},
    field{"code", &code_interpreter_call::code},
    field{"container_id", &code_interpreter_call::container_id},
    field{"outputs", &code_interpreter_call::outputs},
    field{"status", &code_interpreter_call::status},
};

template <>
inline constexpr auto fields_of<local_shell_call> = std::tuple{
    field{"id", &local_shell_call::id},
    field{"call_id", &local_shell_call::call_id},
    field{"action", &local_shell_call::action},
    field{"status", &local_shell_call::status},
};

template <>
inline constexpr auto fields_of<local_shell_call_output> = std::tuple{
    field{"id", &local_shell_call_output::id},
    field{"output", &local_shell_call_output::output},
    field{"status", &local_shell_call_output::status},
};

template <>
inline constexpr auto fields_of<shell_call> = std::tuple{
    field{"id", &shell_call::id},         field{"call_id", &shell_call::call_id},
    field{"action", &shell_call::action}, field{"environment", &shell_call::environment},
    field{"status", &shell_call::status},
};

template <>
inline constexpr auto fields_of<shell_call_output> = std::tuple{
    field{"id", &shell_call_output::id},
    field{"call_id", &shell_call_output::call_id},
    field{"output", &shell_call_output::output},
    field{"max_output_length", &shell_call_output::max_output_length},
    field{"status", &shell_call_output::status},
};

template <>
inline constexpr auto fields_of<apply_patch_call> = std::tuple{
    field{"id", &apply_patch_call::id},
    field{"call_id", &apply_patch_call::call_id},
    field{"operation", &apply_patch_call::operation},
    field{"status", &apply_patch_call::status},
};

template <>
inline constexpr auto fields_of<apply_patch_call_output> = std::tuple{
    field{"id", &apply_patch_call_output::id},
    field{"call_id", &apply_patch_call_output::call_id},
    field{"status", &apply_patch_call_output::status},
    field{"output", &apply_patch_call_output::output},
};

template <>
inline constexpr auto fields_of<mcp_list_tools> = std::tuple{
    field{"id", &mcp_list_tools::id},
    field{"server_label", &mcp_list_tools::server_label},
    field{"tools", &mcp_list_tools::tools},
    field{"error", &mcp_list_tools::error},
};

template <>
inline constexpr auto fields_of<mcp_call> = std::tuple{
    field{"id", &mcp_call::id},
    field{"server_label", &mcp_call::server_label},
    field{"name", &mcp_call::name},
    field{"arguments", &mcp_call::arguments},
    field{"output", &mcp_call::output},
    field{"error", &mcp_call::error},
    field{"status", &mcp_call::status},
    field{"approval_request_id", &mcp_call::approval_request_id},
};

template <>
inline constexpr auto fields_of<mcp_approval_request> = std::tuple{
    field{"id", &mcp_approval_request::id},
    field{"server_label", &mcp_approval_request::server_label},
    field{"name", &mcp_approval_request::name},
    field{"arguments", &mcp_approval_request::arguments},
};

template <>
inline constexpr auto fields_of<mcp_approval_response> = std::tuple{
    field{"id", &mcp_approval_response::id},
    field{"approval_request_id", &mcp_approval_response::approval_request_id},
    field{"approve", &mcp_approval_response::approve},
    field{"reason", &mcp_approval_response::reason},
};

template <>
inline constexpr auto fields_of<tool_search_call> = std::tuple{
    field{"id", &tool_search_call::id},
    field{"call_id", &tool_search_call::call_id},
    field{"execution", &tool_search_call::execution},
    field{"arguments", &tool_search_call::arguments},
    field{"status", &tool_search_call::status},
};

template <>
inline constexpr auto fields_of<tool_search_output> = std::tuple{
    field{"id", &tool_search_output::id},
    field{"call_id", &tool_search_output::call_id},
    field{"execution", &tool_search_output::execution},
    field{"tools", &tool_search_output::tools},
    field{"status", &tool_search_output::status},
};

template <>
inline constexpr auto fields_of<additional_tools> = std::tuple{
    field{"id", &additional_tools::id},
    field{"role", &additional_tools::role},
    field{"tools", &additional_tools::tools},
};

template <>
inline constexpr auto fields_of<program> = std::tuple{
    field{"id", &program::id},
    field{"call_id", &program::call_id},
    field{"code", &program::code},
    field{"fingerprint", &program::fingerprint},
};

template <>
inline constexpr auto fields_of<program_output> = std::tuple{
    field{"id", &program_output::id},
    field{"call_id", &program_output::call_id},
    field{"result", &program_output::result},
    field{"status", &program_output::status},
};

template <>
inline constexpr auto fields_of<compaction> = std::tuple{
    field{"id", &compaction::id},
    field{"encrypted_content", &compaction::encrypted_content},
};

template <>
inline constexpr auto fields_of<unknown_item> = std::tuple{
    field{"type", &unknown_item::type},
};

template <>
inline constexpr auto fields_of<message> = std::tuple{
    field{"role", &message::role},
    field{"content", &message::content},
    field{"phase", &message::phase},
};

template <>
inline constexpr auto fields_of<item_reference> = std::tuple{
    field{"id", &item_reference::id},
};

template <>
inline constexpr auto fields_of<function_tool> = std::tuple{
    field{"name", &function_tool::name},
    field{"parameters", &function_tool::parameters},
    field{"strict", &function_tool::strict},
    field{"description", &function_tool::description},
    field{"output_schema", &function_tool::output_schema},
    field{"defer_loading", &function_tool::defer_loading},
    field{"allowed_callers", &function_tool::allowed_callers, unless_empty},
};

template <>
inline constexpr auto fields_of<function_choice> = std::tuple{
    field{"name", &function_choice::name},
};

template <>
inline constexpr auto fields_of<reasoning_settings> = std::tuple{
    field{"effort", &reasoning_settings::effort},
    field{"summary", &reasoning_settings::summary},
    field{"generate_summary", &reasoning_settings::generate_summary},
    field{"context", &reasoning_settings::context},
    field{"mode", &reasoning_settings::mode},
};

template <>
inline constexpr auto fields_of<json_schema_format> = std::tuple{
    field{"name", &json_schema_format::name},
    field{"schema", &json_schema_format::schema},
    field{"description", &json_schema_format::description},
    field{"strict", &json_schema_format::strict},
};

template <>
inline constexpr auto fields_of<text_settings> = std::tuple{
    field{"format", &text_settings::format},
    field{"verbosity", &text_settings::verbosity},
};

template <>
inline constexpr auto fields_of<prompt_template> = std::tuple{
    field{"id", &prompt_template::id},
    field{"version", &prompt_template::version},
    field{"variables", &prompt_template::variables},
};

template <>
inline constexpr auto fields_of<request> = std::tuple{
    field{"model", &request::model, unless_empty},
    field{"input", &request::input, unless_empty},
    field{"instructions", &request::instructions},
    field{"access_programs", &request::access_programs},
    field{"background", &request::background},
    field{"context_management", &request::context_management},
    field{"conversation", &request::conversation},
    field{"image", &request::image},
    field{"include", &request::include, unless_empty},
    field{"max_output_tokens", &request::max_output_tokens},
    field{"max_tool_calls", &request::max_tool_calls},
    field{"metadata", &request::metadata, unless_empty},
    field{"moderation", &request::moderation},
    field{"parallel_tool_calls", &request::parallel_tool_calls},
    field{"previous_response_id", &request::previous_response_id},
    field{"prompt", &request::prompt},
    field{"prompt_cache_key", &request::prompt_cache_key},
    field{"prompt_cache_options", &request::prompt_cache_options},
    field{"prompt_cache_retention", &request::prompt_cache_retention},
    field{"reasoning", &request::reasoning},
    field{"safety_identifier", &request::safety_identifier},
    field{"service_tier", &request::service_tier},
    field{"store", &request::store},
    field{"temperature", &request::temperature},
    field{"text", &request::text},
    field{"tool_choice", &request::tool_choice},
    field{"tools", &request::tools, unless_empty},
    field{"top_logprobs", &request::top_logprobs},
    field{"top_p", &request::top_p},
    field{"truncation", &request::truncation},
    field{"user", &request::user},
};

template <>
inline constexpr auto fields_of<response_error> = std::tuple{
    field{"code", &response_error::code, strict},
    field{"message", &response_error::message, strict},
    field{"param", &response_error::param},
    field{"type", &response_error::type},
};

template <>
inline constexpr auto fields_of<incomplete_details> = std::tuple{
    field{"reason", &incomplete_details::reason},
};

template <>
inline constexpr auto fields_of<conversation_reference> = std::tuple{
    field{"id", &conversation_reference::id},
};

template <>
inline constexpr auto fields_of<input_tokens_details> = std::tuple{
    field{"cached_tokens", &input_tokens_details::cached_tokens, strict},
    field{"cache_write_tokens", &input_tokens_details::cache_write_tokens, strict},
};

template <>
inline constexpr auto fields_of<output_tokens_details> = std::tuple{
    field{"reasoning_tokens", &output_tokens_details::reasoning_tokens, strict},
};

template <>
inline constexpr auto fields_of<usage> = std::tuple{
    field{"input_tokens", &usage::input_tokens, strict},
    field{"input_tokens_details", &usage::input_tokens_details},
    field{"output_tokens", &usage::output_tokens, strict},
    field{"output_tokens_details", &usage::output_tokens_details},
    field{"total_tokens", &usage::total_tokens, strict},
};

template <>
inline constexpr auto fields_of<response> = std::tuple{
    field{"id", &response::id, strict},
    field{"object", &response::object},
    field{"created_at", &response::created_at},
    field{"completed_at", &response::completed_at},
    field{"status", &response::status, strict},
    field{"error", &response::error, strict},
    field{"incomplete_details", &response::incomplete_details},
    field{"model", &response::model},
    field{"output", &response::output, strict},
    field{"usage", &response::usage, strict},
    field{"access_programs", &response::access_programs},
    field{"background", &response::background},
    field{"conversation", &response::conversation},
    field{"image", &response::image},
    field{"instructions", &response::instructions},
    field{"max_output_tokens", &response::max_output_tokens},
    field{"max_tool_calls", &response::max_tool_calls},
    field{"metadata", &response::metadata},
    field{"parallel_tool_calls", &response::parallel_tool_calls},
    field{"previous_response_id", &response::previous_response_id},
    field{"prompt", &response::prompt},
    field{"prompt_cache_key", &response::prompt_cache_key},
    field{"prompt_cache_options", &response::prompt_cache_options},
    field{"prompt_cache_retention", &response::prompt_cache_retention},
    field{"reasoning", &response::reasoning},
    field{"safety_identifier", &response::safety_identifier},
    field{"service_tier", &response::service_tier},
    field{"store", &response::store},
    field{"temperature", &response::temperature},
    field{"text", &response::text},
    field{"tool_choice", &response::tool_choice},
    field{"tools", &response::tools},
    field{"top_logprobs", &response::top_logprobs},
    field{"top_p", &response::top_p},
    field{"truncation", &response::truncation},
    field{"user", &response::user},
    field{"content_filters", &response::content_filters},
    field{"input_transformations", &response::input_transformations},
    field{"moderation", &response::moderation},
    field{"prompt_cache_diagnostics", &response::prompt_cache_diagnostics},
    field{"tool_usage", &response::tool_usage},
};

template <>
inline constexpr std::array names_of<image_detail> = {
    std::pair{std::string_view{"auto"}, image_detail::automatic},
    std::pair{std::string_view{"low"}, image_detail::low},
    std::pair{std::string_view{"high"}, image_detail::high},
    std::pair{std::string_view{"original"}, image_detail::original}};

template <>
inline constexpr std::array names_of<response_status> = {
    std::pair{std::string_view{"completed"}, response_status::completed},
    std::pair{std::string_view{"failed"}, response_status::failed},
    std::pair{std::string_view{"in_progress"}, response_status::in_progress},
    std::pair{std::string_view{"cancelled"}, response_status::cancelled},
    std::pair{std::string_view{"queued"}, response_status::queued},
    std::pair{std::string_view{"incomplete"}, response_status::incomplete}};

} // namespace vidi::model
