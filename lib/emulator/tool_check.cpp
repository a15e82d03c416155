#include "emulator/request_check.hpp"

namespace vidi::emulation {
namespace {

member_rule optional_text(char const* name) { return {name, nullable(string())}; }

rule ranking_rule()
{
    return nullable(object(
        {{"ranker", nullable(string())},
         {"score_threshold", nullable(number(0, 1))},
         {"hybrid_search", nullable(any_object())}}));
}

named_rule function_tool()
{
    return variant(
        "function", {{"name", identifier(), true},
                     {"parameters", nullable(any_object())},
                     {"strict", nullable(boolean())},
                     optional_text("description"),
                     {"output_schema", nullable(any_object())},
                     {"defer_loading", nullable(boolean())},
                     {"async", nullable(boolean())},
                     {"allowed_callers", nullable(list_of(string()))}});
}

named_rule web_search_tool(std::string type)
{
    return variant(
        std::move(type), {{"filters", nullable(any_object())},
                          {"user_location", nullable(any_object())},
                          {"search_context_size", nullable(one_of({"low", "medium", "high"}))},
                          {"search_content_types", nullable(list_of(string()))},
                          {"external_web_access", nullable(boolean())}});
}

std::vector<named_rule> search_tools()
{
    return {
        variant(
            "file_search", {{"vector_store_ids", list_of(string()), true},
                            {"max_num_results", nullable(integer(1, 50))},
                            {"filters", nullable(any_object())},
                            {"ranking_options", ranking_rule()}}),
        web_search_tool("web_search"),
        web_search_tool("web_search_2025_08_26"),
        web_search_tool("web_search_preview"),
        web_search_tool("web_search_preview_2025_03_11"),
        variant(
            "tool_search", {{"execution", nullable(one_of({"server", "client"}))},
                            optional_text("description"),
                            {"parameters", nullable(any_object())}})};
}

named_rule mcp_tool()
{
    return variant(
        "mcp", {{"server_label", string(), true},
                optional_text("server_url"),
                optional_text("server_description"),
                optional_text("connector_id"),
                optional_text("authorization"),
                {"headers", nullable(map_of(string(), unlimited, unlimited))},
                {"allowed_tools", nullable(anything())},
                {"require_approval", nullable(anything())},
                {"defer_loading", nullable(boolean())}});
}

named_rule image_generation_tool()
{
    return variant(
        "image_generation", {optional_text("action"),
                             optional_text("background"),
                             optional_text("input_fidelity"),
                             {"input_image_mask", nullable(any_object())},
                             optional_text("model"),
                             optional_text("moderation"),
                             {"output_compression", nullable(integer(0, 100))},
                             optional_text("output_format"),
                             {"partial_images", nullable(integer(0, 3))},
                             optional_text("quality"),
                             optional_text("size")});
}

std::vector<named_rule> machine_tools()
{
    return {
        variant("computer", {}),
        variant(
            "computer_use_preview", {{"display_width", integer(1), true},
                                     {"display_height", integer(1), true},
                                     {"environment", string(), true}}),
        variant("code_interpreter", {{"container", string_or(string(), any_object()), true}}),
        variant("local_shell", {}),
        variant("shell", {{"environment", nullable(any_object())}}),
        variant("apply_patch", {}),
        variant("programmatic_tool_calling", {})};
}

std::vector<named_rule> custom_tools()
{
    return {
        variant(
            "custom", {{"name", string(), true},
                       optional_text("description"),
                       {"format", nullable(any_object())},
                       {"defer_loading", nullable(boolean())}}),
        variant(
            "namespace", {{"name", string(), true},
                          optional_text("description"),
                          {"tools", list_of(any_object()), true}})};
}

rule object_choice_rule()
{
    std::vector<named_rule> choices{
        variant("function", {{"name", string(), true}}),
        variant("custom", {{"name", string(), true}}),
        variant("mcp", {{"server_label", string(), true}, optional_text("name")}),
        variant(
            "allowed_tools", {{"mode", one_of({"auto", "required"}), true},
                              {"tools", list_of(any_object()), true}})};
    for (auto const type :
         {"file_search", "web_search_preview", "web_search_preview_2025_03_11", "computer",
          "computer_use_preview", "computer_use", "image_generation", "code_interpreter",
          "apply_patch", "shell", "programmatic_tool_calling"})
        choices.push_back(variant(type, {}));
    return tagged("type", std::move(choices));
}

} // namespace

rule tool_rule()
{
    std::vector<named_rule> tools{function_tool(), mcp_tool(), image_generation_tool()};
    for (auto& group : {search_tools(), machine_tools(), custom_tools()})
        tools.insert(tools.end(), group.begin(), group.end());
    return tagged("type", std::move(tools));
}

rule tool_choice_rule()
{
    return string_or(one_of({"none", "auto", "required"}), object_choice_rule());
}

} // namespace vidi::emulation
