#include "emulator/api_error.hpp"
#include "emulator/request_check.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace {

using vidi::emulation::api_error;
using vidi::emulation::check_request;

struct verdict
{
    std::string code;
    std::string param;

    bool operator==(verdict const&) const = default;
    friend std::ostream& operator<<(std::ostream& out, verdict const& v)
    {
        return out << v.code << " at '" << v.param << "'";
    }
};

verdict check(std::string const& body)
{
    try {
        check_request(boost::json::parse(body));
        return {"none", ""};
    }
    catch (api_error const& error) {
        EXPECT_FALSE(error.message.empty());
        EXPECT_EQ(error.type, "invalid_request_error");
        return {error.code.value_or("null"), error.param.value_or("null")};
    }
}

struct row
{
    /// Members of the body, besides a model and an input unless it has its own.
    std::string members;
    std::string code = "none";
    std::string param{};
};

std::string body_of(row const& row, std::string const& model = "gpt-5.4")
{
    std::string body = "{";
    if (!row.members.starts_with("\"model\""))
        body += "\"model\":\"" + model + "\",";
    if (!row.members.starts_with("\"input\""))
        body += "\"input\":\"hello\",";
    body += row.members;
    if (body.ends_with(','))
        body.pop_back();
    return body + "}";
}

void expect_all(std::vector<row> const& rows, std::string const& model = "gpt-5.4")
{
    for (auto const& row : rows)
        EXPECT_EQ(check(body_of(row, model)), (verdict{row.code, row.param})) << row.members;
}

std::string const too_long(513, 'x');

TEST(request_check, the_least_request_is_accepted) { expect_all({{""}}); }

TEST(request_check, the_body_is_an_object)
{
    EXPECT_EQ(check("[]"), (verdict{"invalid_type", ""}));
    EXPECT_EQ(check("null"), (verdict{"invalid_type", ""}));
}

TEST(request_check, model_and_input_are_required)
{
    EXPECT_EQ(check(R"({"input":"hello"})"), (verdict{"missing_required_parameter", "model"}));
    EXPECT_EQ(check(R"({"model":"gpt-5"})"), (verdict{"missing_required_parameter", "input"}));
    expect_all({
        {R"("model":5)", "invalid_type", "model"},
        {R"("model":null)", "invalid_type", "model"},
        {R"("input":5)", "invalid_type", "input"},
        {R"("input":null)", "invalid_type", "input"},
        {R"("model":"claude")", "model_not_found", "model"},
        {R"("model":"chatgpt-4o-latest")"},
        {R"("model":"o3")"},
    });
}

TEST(request_check, unknown_members_are_named)
{
    expect_all({
        {R"("colour":1)", "unknown_parameter", "colour"},
        {R"("messages":[])", "unknown_parameter", "messages"},
        {R"("max_tokens":100)", "unknown_parameter", "max_tokens"},
        {R"("text":{"style":1})", "unknown_parameter", "text.style"},
        {R"("reasoning":{"depth":1})", "unknown_parameter", "reasoning.depth"},
        {R"("input":[{"role":"user","content":"x","name":"me"}])", "unknown_parameter",
         "input[0].name"},
        {R"("input":[{"role":"user","content":[{"type":"input_text","text":"x","image":1}]}])",
         "unknown_parameter", "input[0].content[0].image"},
    });
}

TEST(request_check, numbers)
{
    expect_all({
        {R"("max_output_tokens":16)"},
        {R"("max_output_tokens":null)"},
        {R"("max_output_tokens":15)", "invalid_value", "max_output_tokens"},
        {R"("max_output_tokens":16.5)", "invalid_type", "max_output_tokens"},
        {R"("max_output_tokens":"16")", "invalid_type", "max_output_tokens"},
        {R"("max_output_tokens":18446744073709551615)", "invalid_value", "max_output_tokens"},
        {R"("max_tool_calls":0)", "invalid_value", "max_tool_calls"},
        {R"("top_p":0.5)"},
        {R"("top_p":1.1)", "invalid_value", "top_p"},
        {R"("top_p":-1)", "invalid_value", "top_p"},
        {R"("top_logprobs":20)"},
        {R"("top_logprobs":21)", "invalid_value", "top_logprobs"},
        {R"("temperature":true)", "invalid_type", "temperature"},
        {R"("temperature":2.5)", "invalid_value", "temperature"},
    });
    expect_all({{R"("temperature":2)"}, {R"("temperature":0.25)"}}, "gpt-4o");
}

TEST(request_check, what_the_model_does_not_support)
{
    expect_all(
        {{R"("temperature":1)"}, {R"("temperature":0.5)", "unsupported_value", "temperature"}});
    expect_all(
        {{R"("reasoning":{"effort":"low"})", "unsupported_parameter", "reasoning"},
         {R"("reasoning":{})"}},
        "gpt-4o");
}

TEST(request_check, strings_of_a_set)
{
    expect_all({
        {R"("truncation":"auto")"},
        {R"("truncation":"never")", "invalid_value", "truncation"},
        {R"("truncation":1)", "invalid_type", "truncation"},
        {R"("service_tier":"flex")"},
        {R"("service_tier":"cheap")", "invalid_value", "service_tier"},
        {R"("reasoning":{"effort":"low","summary":"auto"})"},
        {R"("reasoning":{"effort":"enormous"})", "invalid_value", "reasoning.effort"},
        {R"("text":{"verbosity":"low"})"},
        {R"("text":{"verbosity":"mute"})", "invalid_value", "text.verbosity"},
        {R"("include":["message.output_text.logprobs","reasoning.encrypted_content"])"},
        {R"("include":["everything"])", "invalid_value", "include[0]"},
        {R"("include":"reasoning.encrypted_content")", "invalid_type", "include"},
        {R"("prompt_cache_retention":"24h")"},
        {R"("prompt_cache_options":{"mode":"explicit","ttl":"1h"})", "invalid_value",
         "prompt_cache_options.ttl"},
        {R"("image":{"context_compression":"off"})", "invalid_value", "image.context_compression"},
        {R"("access_programs":{"cyber":"standard"})"},
    });
}

TEST(request_check, metadata_and_identifiers)
{
    std::string many = R"("metadata":{)";
    for (int i = 0; i < 17; ++i)
        many += (i ? ",\"" : "\"") + std::to_string(i) + "\":\"x\"";
    expect_all({
        {R"("metadata":{"job":"17"})"},
        {R"("metadata":null)"},
        {R"("metadata":{"job":17})", "invalid_type", "metadata.job"},
        {R"("metadata":[])", "invalid_type", "metadata"},
        {many + "}", "invalid_value", "metadata"},
        {R"("metadata":{"k":")" + too_long + "\"}", "invalid_value", "metadata.k"},
        {R"("metadata":{")" + too_long + R"(":"v"})", "invalid_value", "metadata"},
        {R"("safety_identifier":")" + too_long + "\"", "invalid_value", "safety_identifier"},
        {R"("prompt_cache_key":"k","user":"u","previous_response_id":"resp_1")"},
        {R"("prompt_cache_key":1)", "invalid_type", "prompt_cache_key"},
        {R"("store":"yes")", "invalid_type", "store"},
        {R"("parallel_tool_calls":0)", "invalid_type", "parallel_tool_calls"},
        {R"("instructions":["x"])", "invalid_type", "instructions[0]"},
        {R"("instructions":7)", "invalid_type", "instructions"},
        {R"("conversation":{"id":"c"})"},
        {R"("conversation":{})", "missing_required_parameter", "conversation.id"},
        {R"("prompt":{"id":"p","version":"1","variables":{"a":"b"}})"},
        {R"("prompt":{"version":"1"})", "missing_required_parameter", "prompt.id"},
        {R"("moderation":{"model":"m","policy":{"input":{"mode":"score"}}})"},
        {R"("moderation":{"model":"m","policy":{"input":{"mode":"x"}}})", "invalid_value",
         "moderation.policy.input.mode"},
        {R"("context_management":[{"type":"compaction","compact_threshold":1000}])"},
        {R"("context_management":[{}])", "missing_required_parameter",
         "context_management[0].type"},
    });
}

TEST(request_check, combinations)
{
    expect_all({
        {R"("conversation":"c","previous_response_id":"r")", "invalid_value",
         "previous_response_id"},
        {R"("stream_options":{"include_obfuscation":false})", "invalid_value", "stream_options"},
        {R"("background":true,"store":false)", "invalid_value", "background"},
        {R"("background":true)", "unsupported_value", "background"},
        {R"("stream":true)", "unsupported_value", "stream"},
        {R"("stream":true,"stream_options":{"include_obfuscation":false})", "unsupported_value",
         "stream"},
        {R"("stream":false,"background":false)"},
    });
}

TEST(request_check, format_of_the_text)
{
    expect_all({
        {R"("text":{"format":{"type":"text"}})"},
        {R"("text":{"format":{"type":"json_object"}})"},
        {R"("text":{"format":{"type":"json_schema","name":"a_b-1","schema":{},"strict":true}})"},
        {R"("text":{"format":{"type":"xml"}})", "invalid_value", "text.format.type"},
        {R"("text":{"format":{}})", "missing_required_parameter", "text.format.type"},
        {R"("text":{"format":{"type":"json_schema","name":"a"}})", "missing_required_parameter",
         "text.format.schema"},
        {R"("text":{"format":{"type":"json_schema","name":"a b","schema":{}}})", "invalid_value",
         "text.format.name"},
        {R"("text":{"format":{"type":"json_schema","name":"a","schema":"{}"}})", "invalid_type",
         "text.format.schema"},
        {R"("text":null)", "invalid_type", "text"},
    });
}

row message_row(std::string const& parts, std::string code = "none", std::string path = "")
{
    if (code != "none")
        path = "input[0].content" + path;
    return {
        R"("input":[{"role":"user","content":)" + parts + "}]", std::move(code), std::move(path)};
}

TEST(request_check, parts_of_a_message)
{
    expect_all({
        message_row(R"("text")"),
        message_row("[]"),
        message_row("7", "invalid_type"),
        message_row("[7]", "invalid_type", "[0]"),
        message_row("[{}]", "missing_required_parameter", "[0].type"),
        message_row(R"([{"type":"text","text":"x"}])", "invalid_value", "[0].type"),
        message_row(R"([{"type":"input_text"}])", "missing_required_parameter", "[0].text"),
        message_row(R"([{"type":"input_text","text":null}])", "invalid_type", "[0].text"),
        message_row(R"([{"type":"input_image","image_url":"u","detail":"high"}])"),
        message_row(R"([{"type":"input_image","image_url":null,"file_id":"f"}])"),
        message_row(R"([{"type":"input_image"}])", "missing_required_parameter", "[0].image_url"),
        message_row(
            R"([{"type":"input_image","image_url":"u","file_id":"f"}])", "invalid_value", "[0]"),
        message_row(
            R"([{"type":"input_image","image_url":{"url":"u"}}])", "invalid_type", "[0].image_url"),
        message_row(
            R"([{"type":"input_image","image_url":"u","detail":"huge"}])", "invalid_value",
            "[0].detail"),
        message_row(R"([{"type":"input_file","file_data":"d","filename":"n"}])"),
        message_row(
            R"([{"type":"input_file","filename":"n"}])", "missing_required_parameter",
            "[0].file_id"),
        message_row(R"([{"type":"output_text","text":"x"}])", "invalid_value", "[0].type"),
        message_row(
            R"([{"type":"input_text","text":"x","prompt_cache_breakpoint":{"mode":"explicit"}}])"),
        message_row(
            R"([{"type":"input_text","text":"x","prompt_cache_breakpoint":{}}])",
            "missing_required_parameter", "[0].prompt_cache_breakpoint.mode"),
    });
}

TEST(request_check, input_items)
{
    expect_all({
        {R"("input":[])"},
        {R"("input":[{"type":"message","role":"developer","content":"x"}])"},
        {R"("input":[{"content":"x"}])", "missing_required_parameter", "input[0].role"},
        {R"("input":[{"role":"user"}])", "missing_required_parameter", "input[0].content"},
        {R"("input":[{"role":"robot","content":"x"}])", "invalid_value", "input[0].role"},
        {R"("input":["x"])", "invalid_type", "input[0]"},
        {R"("input":[{"type":"telepathy"}])", "invalid_value", "input[0].type"},
        {R"("input":[{"role":"assistant","content":[{"type":"output_text","text":"x",
            "annotations":[],"logprobs":[]}],"id":"msg_1","status":"completed"}])"},
        {R"("input":[{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}])"},
        {R"("input":[{"role":"assistant","content":[{"type":"input_text","text":"x"}]}])",
         "invalid_value", "input[0].content[0].type"},
        {R"("input":[{"type":"reasoning","id":"rs_1","summary":[]}])"},
        {R"("input":[{"type":"reasoning","summary":[{"type":"summary_text"}]}])",
         "missing_required_parameter", "input[0].summary[0].text"},
        {R"("input":[{"type":"item_reference","id":"msg_1"}])"},
        {R"("input":[{"type":"item_reference"}])", "missing_required_parameter", "input[0].id"},
        {R"("input":[{"type":"function_call","call_id":"c","name":"n","arguments":"{}"}])"},
        {R"("input":[{"type":"function_call","call_id":"c","name":"n","arguments":{}}])",
         "invalid_type", "input[0].arguments"},
        {R"("input":[{"type":"function_call_output","call_id":"c","output":"x"}])"},
        {R"("input":[{"type":"function_call_output","call_id":"c",
            "output":[{"type":"input_image","image_url":"u"}]}])"},
        {R"("input":[{"type":"function_call_output","call_id":"c","output":[{"type":"x"}]}])",
         "invalid_value", "input[0].output[0].type"},
        {R"("input":[{"type":"computer_call_output","call_id":"c",
            "output":{"type":"computer_screenshot","image_url":"u"}}])"},
        {R"("input":[{"type":"apply_patch_call","call_id":"c",
            "operation":{"type":"burn_file"}}])",
         "invalid_value", "input[0].operation.type"},
        {R"("input":[{"type":"mcp_approval_response","approval_request_id":"a"}])",
         "missing_required_parameter", "input[0].approve"},
        {R"("input":[{"type":"compaction","encrypted_content":"x"}])"},
    });
}

TEST(request_check, tools)
{
    expect_all({
        {R"("tools":[])"},
        {R"("tools":[{"type":"function","name":"f","parameters":{},"strict":true}])"},
        {R"("tools":[{"type":"function","parameters":{}}])", "missing_required_parameter",
         "tools[0].name"},
        {R"("tools":[{"type":"function","name":"f g"}])", "invalid_value", "tools[0].name"},
        {R"("tools":[{"type":"function","function":{"name":"f"}}])", "unknown_parameter",
         "tools[0].function"},
        {R"("tools":[{"type":"oracle"}])", "invalid_value", "tools[0].type"},
        {R"("tools":[{"type":"web_search","search_context_size":"low"}])"},
        {R"("tools":[{"type":"file_search"}])", "missing_required_parameter",
         "tools[0].vector_store_ids"},
        {R"("tools":[{"type":"code_interpreter","container":{"type":"auto"}}])"},
        {R"("tools":[{"type":"mcp","server_label":"s","server_url":"https://x"}])"},
        {R"("tools":[{"type":"image_generation","partial_images":4}])", "invalid_value",
         "tools[0].partial_images"},
        {R"("tools":{})", "invalid_type", "tools"},
    });
}

TEST(request_check, tool_choice)
{
    expect_all({
        {R"("tool_choice":"required")"},
        {R"("tool_choice":"maybe")", "invalid_value", "tool_choice"},
        {R"("tool_choice":{"type":"function","name":"f"})"},
        {R"("tool_choice":{"type":"function"})", "missing_required_parameter", "tool_choice.name"},
        {R"("tool_choice":{"type":"web_search_preview"})"},
        {R"("tool_choice":{"type":"x"})", "invalid_value", "tool_choice.type"},
        {R"("tool_choice":{"type":"allowed_tools","mode":"auto","tools":[]})"},
        {R"("tool_choice":1)", "invalid_type", "tool_choice"},
    });
}

} // namespace
