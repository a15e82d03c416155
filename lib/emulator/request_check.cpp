#include "emulator/request_check.hpp"

#include "emulator/api_error.hpp"
#include "emulator/model_family.hpp"

namespace vidi::emulation {
namespace {

namespace json = boost::json;

names const includes{
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    "reasoning.encrypted_content",
    "message.output_text.logprobs"};

rule text_rule()
{
    auto const format = tagged(
        "type", {variant("text", {}), variant("json_object", {}),
                 variant(
                     "json_schema", {{"name", identifier(), true},
                                     {"schema", any_object(), true},
                                     {"description", string()},
                                     {"strict", nullable(boolean())}})});
    return object({{"format", format}, {"verbosity", nullable(one_of({"low", "medium", "high"}))}});
}

rule reasoning_rule()
{
    auto const summary = nullable(one_of({"auto", "concise", "detailed"}));
    return object(
        {{"effort", nullable(one_of({"none", "minimal", "low", "medium", "high", "xhigh", "max"}))},
         {"summary", summary},
         {"generate_summary", summary},
         {"context", nullable(one_of({"auto", "current_turn", "all_turns"}))},
         {"mode", nullable(string())}});
}

rule prompt_rule()
{
    auto const variable = string_or(string(), anything());
    return object(
        {{"id", string(), true},
         {"version", nullable(string())},
         {"variables", nullable(map_of(variable, unlimited, unlimited))}});
}

rule moderation_rule()
{
    auto const mode = nullable(object({{"mode", one_of({"score", "block"}), true}}));
    return object(
        {{"model", string(), true},
         {"policy", nullable(object({{"input", mode}, {"output", mode}}))}});
}

rule cache_options_rule()
{
    return object(
        {{"mode", one_of({"implicit", "explicit"})},
         {"ttl", one_of({"30m", "12h"})},
         {"comparison_response_id", nullable(string())},
         {"prewarm", nullable(boolean())}});
}

rule context_management_rule()
{
    return list_of(object(
        {{"type", one_of({"compaction"}), true}, {"compact_threshold", nullable(integer(0))}}));
}

std::vector<member_rule> generation_members()
{
    return {
        {"max_output_tokens", nullable(integer(16))},
        {"max_tool_calls", nullable(integer(1))},
        {"temperature", nullable(number(0, 2))},
        {"top_p", nullable(number(0, 1))},
        {"top_logprobs", nullable(integer(0, 20))},
        {"reasoning", nullable(reasoning_rule())},
        {"text", text_rule()},
        {"tools", list_of(tool_rule())},
        {"tool_choice", tool_choice_rule()},
        {"parallel_tool_calls", nullable(boolean())},
        {"truncation", nullable(one_of({"auto", "disabled"}))},
        {"image", object({{"context_compression", one_of({"auto", "enabled", "disabled"})}})},
        {"access_programs",
         object({{"cyber", one_of({"standard", "daybreak_blue", "daybreak_red"})}})}};
}

std::vector<member_rule> service_members()
{
    return {
        {"background", nullable(boolean())},
        {"context_management", nullable(context_management_rule())},
        {"conversation", nullable(string_or(string(), object({{"id", string(), true}})))},
        {"include", nullable(list_of(one_of(includes)))},
        {"metadata", nullable(map_of(string(512), 16, 64))},
        {"moderation", nullable(moderation_rule())},
        {"previous_response_id", nullable(string())},
        {"prompt", nullable(prompt_rule())},
        {"prompt_cache_key", nullable(string())},
        {"prompt_cache_options", cache_options_rule()},
        {"prompt_cache_retention", nullable(one_of({"in_memory", "24h"}))},
        {"safety_identifier", nullable(string(128))},
        {"service_tier",
         nullable(one_of({"auto", "default", "flex", "scale", "priority", "fast", "ultrafast"}))},
        {"store", nullable(boolean())},
        {"stream", nullable(boolean())},
        {"stream_options", nullable(object({{"include_obfuscation", boolean()}}))},
        {"user", nullable(string())}};
}

rule body_rule()
{
    std::vector<member_rule> members{
        {"model", string(), true},
        {"input", input_rule(), true},
        {"instructions", nullable(string_or(string(), input_rule()))}};
    for (auto& group : {generation_members(), service_members()})
        members.insert(members.end(), group.begin(), group.end());
    return object(std::move(members));
}

bool is_set(json::object const& body, std::string_view name)
{
    auto const value = body.if_contains(name);
    return value && !value->is_null();
}

bool is_true(json::object const& body, std::string_view name)
{
    auto const value = body.if_contains(name);
    return value && value->is_bool() && value->get_bool();
}

[[noreturn]] void throw_conflict(std::string const& param, std::string const& message)
{
    throw invalid_request("invalid_value", param, message);
}

// What is right by itself, but not together.
void check_combinations(json::object const& body)
{
    if (is_set(body, "conversation") && is_set(body, "previous_response_id"))
        throw_conflict(
            "previous_response_id",
            "'previous_response_id' and 'conversation' exclude each other.");
    if (is_set(body, "stream_options") && !is_true(body, "stream"))
        throw_conflict("stream_options", "'stream_options' requires 'stream' to be true.");
    if (is_true(body, "background") && is_set(body, "store") && !is_true(body, "store"))
        throw_conflict("background", "'background' requires 'store' to be true.");
}

// A reasoning model has no temperature to choose, and no other has an effort.
void check_model_parameters(json::object const& body)
{
    auto const family = family_of(std::string_view(body.at("model").as_string()));
    if (!family.reasons && is_set(body, "reasoning") && !body.at("reasoning").get_object().empty())
        throw invalid_request(
            "unsupported_parameter", "reasoning", "This model does not support 'reasoning'.");
    if (family.reasons && is_set(body, "temperature") &&
        body.at("temperature").to_number<double>() != 1)
        throw invalid_request(
            "unsupported_value", "temperature",
            "This model supports no 'temperature' but the default of 1.");
}

// What the service can do and this one cannot.
void check_abilities(json::object const& body)
{
    for (auto const name : {"stream", "background"})
        if (is_true(body, name))
            throw invalid_request(
                "unsupported_value", name,
                std::string("The emulator does not support '") + name + "' yet.");
}

} // namespace

named_rule variant(std::string type, std::vector<member_rule> members)
{
    members.push_back({"type", string(), true});
    return {std::move(type), object(std::move(members))};
}

void check_request(json::value const& body)
{
    static rule const check = body_rule();
    check(body, {});
    auto const& members = body.get_object();
    check_combinations(members);
    check_model(std::string_view(members.at("model").as_string()));
    check_model_parameters(members);
    check_abilities(members);
}

} // namespace vidi::emulation
