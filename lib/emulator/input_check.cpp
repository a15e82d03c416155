#include "emulator/api_error.hpp"
#include "emulator/request_check.hpp"

namespace vidi::emulation {
namespace {

namespace json = boost::json;

rule breakpoint_rule()
{
    return nullable(
        object({{"mode", one_of({"explicit"}), true}, {"ttl", one_of({"30m", "12h"})}}));
}

bool is_set(json::object const& part, std::string_view name)
{
    auto const value = part.if_contains(name);
    return value && !value->is_null();
}

// After a rule, demands exactly one of some members.
rule exactly_one(rule first, names members)
{
    return [=](json::value const& value, json_path const& path) {
        first(value, path);
        std::size_t count = 0;
        std::string listing;
        for (auto const& name : members) {
            count += is_set(value.get_object(), name);
            listing += (listing.empty() ? "'" : ", '") + name + "'";
        }
        if (count == 0)
            throw invalid_request(
                "missing_required_parameter", path.member(members.front()).text(),
                '\'' + path.text() + "' needs one of " + listing + '.');
        if (count > 1)
            throw invalid_request(
                "invalid_value", path.text(),
                '\'' + path.text() + "' must have only one of " + listing + '.');
    };
}

named_rule text_part()
{
    return variant(
        "input_text", {{"text", string(), true}, {"prompt_cache_breakpoint", breakpoint_rule()}});
}

named_rule image_part()
{
    auto part = variant(
        "input_image", {{"image_url", nullable(string())},
                        {"file_id", nullable(string())},
                        {"detail", nullable(one_of({"low", "high", "auto", "original"}))},
                        {"prompt_cache_breakpoint", breakpoint_rule()}});
    part.check = exactly_one(part.check, {"image_url", "file_id"});
    return part;
}

named_rule file_part()
{
    auto part = variant(
        "input_file", {{"file_id", nullable(string())},
                       {"file_url", nullable(string())},
                       {"file_data", nullable(string())},
                       {"filename", nullable(string())},
                       {"detail", nullable(one_of({"auto", "low", "high"}))},
                       {"prompt_cache_breakpoint", breakpoint_rule()}});
    part.check = exactly_one(part.check, {"file_id", "file_url", "file_data"});
    return part;
}

std::vector<named_rule> output_parts()
{
    return {
        variant(
            "output_text", {{"text", string(), true},
                            {"annotations", list_of(any_object())},
                            {"logprobs", nullable(list_of(any_object()))}}),
        variant("refusal", {{"refusal", string(), true}})};
}

rule status_rule() { return nullable(one_of({"in_progress", "completed", "incomplete"})); }

// A message of the assistant replays output, one of anybody else is input.
rule message_rule()
{
    auto const rule_for = [](rule content) {
        return object(
            {{"type", one_of({"message"})},
             {"role", one_of({"user", "assistant", "system", "developer"}), true},
             {"content", string_or(string(), list_of(std::move(content))), true},
             {"id", nullable(string())},
             {"status", status_rule()},
             {"phase", nullable(one_of({"commentary", "final_answer"}))}});
    };
    auto input = std::vector<named_rule>{text_part(), image_part(), file_part()};
    return tagged(
        "role", {{"user", rule_for(tagged("type", input))},
                 {"system", rule_for(tagged("type", input))},
                 {"developer", rule_for(tagged("type", input))},
                 {"assistant", rule_for(tagged("type", output_parts()))}});
}

using members = std::vector<member_rule>;

// What any replayed item may have.
named_rule item(std::string type, members own)
{
    own.push_back({"id", nullable(string())});
    own.push_back({"status", nullable(string())});
    own.push_back({"created_by", nullable(string())});
    own.push_back({"caller", nullable(any_object())});
    return variant(std::move(type), std::move(own));
}

std::vector<named_rule> function_items()
{
    auto const call_id = member_rule{"call_id", string(64), true};
    auto const output = member_rule{"output", string_or(string(), content_rule()), true};
    return {
        item(
            "function_call", {call_id,
                              {"name", string(), true},
                              {"arguments", string(), true},
                              {"namespace", nullable(string())},
                              {"async", nullable(boolean())}}),
        item(
            "function_call_output",
            {call_id, output, {"name", nullable(string())}, {"namespace", nullable(string())}}),
        item(
            "custom_tool_call", {call_id,
                                 {"name", string(), true},
                                 {"input", string(), true},
                                 {"namespace", nullable(string())}}),
        item("custom_tool_call_output", {call_id, output})};
}

std::vector<named_rule> shell_items()
{
    auto const call_id = member_rule{"call_id", string(), true};
    auto const limit = member_rule{"max_output_length", nullable(integer(0))};
    auto const operation = tagged(
        "type", {variant("create_file", {{"path", string()}, {"diff", string()}}),
                 variant("delete_file", {{"path", string()}}),
                 variant("update_file", {{"path", string()}, {"diff", string()}})});
    return {
        item("local_shell_call", {call_id, {"action", any_object(), true}}),
        item("local_shell_call_output", {{"output", string(), true}}),
        item(
            "shell_call",
            {call_id, {"action", any_object(), true}, {"environment", nullable(any_object())}}),
        item("shell_call_output", {call_id, limit, {"output", list_of(any_object()), true}}),
        item("apply_patch_call", {call_id, {"operation", operation, true}}),
        item("apply_patch_call_output", {call_id, {"output", nullable(string())}})};
}

std::vector<named_rule> search_items()
{
    return {
        item(
            "file_search_call",
            {{"queries", list_of(string()), true}, {"results", nullable(list_of(any_object()))}}),
        item("web_search_call", {{"action", nullable(any_object())}}),
        item(
            "tool_search_call", {{"call_id", nullable(string())},
                                 {"execution", one_of({"server", "client"})},
                                 {"arguments", anything(), true}}),
        item(
            "tool_search_output", {{"call_id", nullable(string())},
                                   {"execution", one_of({"server", "client"})},
                                   {"tools", list_of(tool_rule()), true}})};
}

std::vector<named_rule> computer_items()
{
    auto const checks = list_of(any_object());
    auto const screenshot = object(
        {{"type", one_of({"computer_screenshot"}), true},
         {"file_id", nullable(string())},
         {"image_url", nullable(string())}});
    return {
        item(
            "computer_call", {{"call_id", string(), true},
                              {"action", nullable(any_object())},
                              {"actions", nullable(list_of(any_object()))},
                              {"pending_safety_checks", checks}}),
        item(
            "computer_call_output", {{"call_id", string(), true},
                                     {"output", screenshot, true},
                                     {"acknowledged_safety_checks", nullable(checks)}}),
        item(
            "image_generation_call", {{"result", nullable(string())},
                                      {"error", nullable(any_object())},
                                      {"action", nullable(string())},
                                      {"background", nullable(string())},
                                      {"output_format", nullable(string())},
                                      {"quality", nullable(string())},
                                      {"size", nullable(string())},
                                      {"revised_prompt", nullable(string())},
                                      {"svg_usage", nullable(any_object())}}),
        item(
            "code_interpreter_call", {{"code", nullable(string())},
                                      {"container_id", string(), true},
                                      {"outputs", nullable(list_of(any_object()))}})};
}

std::vector<named_rule> mcp_items()
{
    auto const label = member_rule{"server_label", string(), true};
    auto const name = member_rule{"name", string(), true};
    auto const arguments = member_rule{"arguments", string(), true};
    return {
        item(
            "mcp_list_tools",
            {label, {"tools", list_of(any_object()), true}, {"error", anything()}}),
        item(
            "mcp_call", {label,
                         name,
                         arguments,
                         {"output", nullable(string())},
                         {"error", anything()},
                         {"approval_request_id", nullable(string())}}),
        item("mcp_approval_request", {label, name, arguments}),
        item(
            "mcp_approval_response", {{"approval_request_id", string(), true},
                                      {"approve", boolean(), true},
                                      {"reason", nullable(string())}})};
}

std::vector<named_rule> other_items()
{
    auto const summary = tagged("type", {variant("summary_text", {{"text", string(), true}})});
    auto const reasoning = tagged("type", {variant("reasoning_text", {{"text", string(), true}})});
    return {
        item(
            "reasoning", {{"summary", list_of(summary), true},
                          {"content", nullable(list_of(reasoning))},
                          {"encrypted_content", nullable(string())}}),
        item("compaction", {{"encrypted_content", string(), true}}),
        item("compaction_trigger", {}),
        variant("configuration_update", {{"configuration", any_object()}}),
        item("additional_tools", {{"role", string()}, {"tools", list_of(tool_rule()), true}}),
        item(
            "program",
            {{"call_id", string(), true}, {"code", string(), true}, {"fingerprint", string()}}),
        item("program_output", {{"call_id", string(), true}, {"result", anything(), true}}),
        variant("item_reference", {{"id", string(), true}})};
}

rule item_rule()
{
    std::vector<named_rule> items{{"message", message_rule()}};
    for (auto& group :
         {function_items(), shell_items(), search_items(), computer_items(), mcp_items(),
          other_items()})
        items.insert(items.end(), group.begin(), group.end());
    return [by_type = tagged("type", std::move(items)),
            message = message_rule()](json::value const& value, json_path const& path) {
        // A message may leave its type out.
        bool const untyped = value.is_object() && !value.get_object().contains("type");
        (untyped ? message : by_type)(value, path);
    };
}

} // namespace

rule content_rule() { return list_of(tagged("type", {text_part(), image_part(), file_part()})); }

rule input_rule() { return string_or(string(), list_of(item_rule())); }

} // namespace vidi::emulation
