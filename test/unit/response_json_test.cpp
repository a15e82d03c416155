#include <vidi/json.hpp>
#include <vidi/response.hpp>

#include "json_test_support.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace {

namespace json = boost::json;
using vidi::parse_response;
using vidi::response_status;
using vidi_test::read_test_data;
using vidi_test::same_json;
using vidi_test::without_kinds;

vidi::response parse(std::string_view text)
{
    vidi::parse_error error;
    auto response = parse_response(text, error);
    EXPECT_EQ(error, vidi::parse_error{}) << error.message << " in " << text;
    return response;
}

TEST(gateway_response, member_by_member)
{
    auto const r = parse(read_test_data("gateway-response.json"));

    EXPECT_EQ(r.id, "resp_0c3b7023f672732800690dd29dad188193b19186da03efc2c6");
    EXPECT_EQ(r.object, "response");
    EXPECT_EQ(r.model, "gpt-5-mini-2025-08-07");
    EXPECT_EQ(r.created_at->time_since_epoch().count(), 1762513567);
    EXPECT_EQ(r.status, response_status::completed);
    EXPECT_TRUE(r.ok());
    EXPECT_EQ(r.background, false);
    EXPECT_EQ(r.parallel_tool_calls, true);
    EXPECT_EQ(r.service_tier, "default");
    EXPECT_EQ(r.store, true);
    EXPECT_EQ(r.temperature, 1.0);
    EXPECT_EQ(r.top_p, 1.0);
    EXPECT_EQ(r.top_logprobs, 0);
    EXPECT_EQ(r.truncation, "disabled");
    EXPECT_EQ(r.reasoning->effort, "medium");
    EXPECT_FALSE(r.reasoning->summary);
    EXPECT_TRUE(std::holds_alternative<vidi::plain_text_format>(*r.text->format));
    EXPECT_EQ(r.text->verbosity, "medium");
    EXPECT_EQ(*r.tool_choice, vidi::tool_choice{"auto"});
    EXPECT_TRUE(r.tools.empty());
    EXPECT_TRUE(r.metadata.empty());

    EXPECT_EQ(r.usage->total_tokens, 1473);
    EXPECT_EQ(r.usage->input_tokens, 935);
    EXPECT_EQ(r.usage->input_tokens_details.cached_tokens, 0);
    EXPECT_EQ(r.usage->output_tokens, 538);
    EXPECT_EQ(r.usage->output_tokens_details.reasoning_tokens, 192);

    std::vector<std::string_view> nulls;
    for (auto const& [name, value] : r.additional) {
        EXPECT_TRUE(value.is_null()) << name;
        nulls.push_back(name);
    }
    std::ranges::sort(nulls);
    EXPECT_EQ(
        nulls, (std::vector<std::string_view>{
                   "content_filters", "error", "incomplete_details", "instructions",
                   "max_output_tokens", "max_tool_calls", "previous_response_id",
                   "prompt_cache_key", "safety_identifier", "user"}));
    EXPECT_EQ(r.reasoning->additional, (json::object{{"summary", nullptr}}));
}

TEST(gateway_response, output)
{
    auto const r = parse(read_test_data("gateway-response.json"));

    ASSERT_EQ(r.output.size(), 2u);
    EXPECT_EQ(
        r.output[0], (vidi::output_item{vidi::reasoning_item{
                         .id = "rs_0c3b7023f672732800690dd2a26558819393b160a7957f6676"}}));
    auto const& message = std::get<vidi::output_message>(r.output[1]);
    EXPECT_EQ(message.id, "msg_0c3b7023f672732800690dd2a5bd80819399ed4b2013fa37f7");
    EXPECT_EQ(message.role, "assistant");
    EXPECT_EQ(message.status, "completed");
    EXPECT_TRUE(message.additional.empty());
    ASSERT_EQ(message.content.size(), 1u);
    auto const& text = std::get<vidi::output_text>(message.content[0]);
    EXPECT_TRUE(text.annotations.empty());
    EXPECT_TRUE(text.logprobs.empty());
    EXPECT_TRUE(text.additional.empty());
    EXPECT_TRUE(
        text.text.starts_with("这是一张台式计算器的近拍照片,主要内容和细节包括:\n\n- 品牌"));
    EXPECT_TRUE(text.text.ends_with("光线均匀,有少量反光。"));
    EXPECT_EQ(r.output_text(), text.text);
    EXPECT_EQ(r.refusal(), "");
}

TEST(gateway_response, round_trip)
{
    std::string const text = read_test_data("gateway-response.json");
    EXPECT_TRUE(same_json(serialize(parse(text)), text));
    EXPECT_EQ(parse(serialize(parse(text))), parse(text));
}

// Any of its members may be absent, null, or of a type that nobody expects.
TEST(gateway_response, without_one_member_after_the_other)
{
    auto const whole = json::parse(read_test_data("gateway-response.json")).as_object();
    for (auto const& [name, value] : whole) {
        json::object absent = whole;
        absent.erase(name);
        std::string const without = json::serialize(absent);
        EXPECT_TRUE(same_json(serialize(parse(without)), without));

        json::object null = whole;
        null[name] = nullptr;
        std::string const with_null = json::serialize(null);
        EXPECT_TRUE(same_json(serialize(parse(with_null)), with_null));
    }
}

TEST(gateway_response, with_a_wrong_type_in_one_member_after_the_other)
{
    constexpr std::string_view strict[] = {"id", "status", "output", "error", "usage"};
    auto const whole = json::parse(read_test_data("gateway-response.json")).as_object();
    for (auto const& [name, value] : whole) {
        for (json::value const& wrong :
             {json::value(17), json::value("x"), json::value(true), json::value(json::array{1}),
              json::value(json::object{{"x", 1}}), json::value(-0.5)})
        {
            json::object changed = whole;
            changed[name] = wrong;
            std::string const text = json::serialize(changed);
            vidi::parse_error error;
            auto const response = parse_response(text, error);
            if (error.code) {
                EXPECT_NE(std::ranges::find(strict, std::string_view{name}), std::end(strict))
                    << name;
                EXPECT_TRUE(error.path.starts_with(std::string_view{name})) << error.path;
            }
            else {
                EXPECT_EQ(without_kinds(json::parse(serialize(response))), without_kinds(changed));
            }
        }
    }
}

TEST(response_json, order_of_members_means_nothing)
{
    EXPECT_EQ(
        parse(R"({"id":"r","status":"queued","output":[{"type":"message","content":[]}]})"),
        parse(R"({"output":[{"content":[],"type":"message"}],"status":"queued","id":"r"})"));
}

TEST(response_json, last_of_equal_names_counts)
{
    EXPECT_EQ(parse(R"({"id":"a","id":"b","output":[]})").id, "b");
}

struct status_case
{
    std::string_view text;
    response_status status;
};

class status : public ::testing::TestWithParam<status_case>
{
};

TEST_P(status, is_read_and_written)
{
    auto const [name, expected] = GetParam();
    std::string const text = R"({"id":"r","status":")" + std::string{name} + R"(","output":[]})";
    auto const response = parse(text);
    EXPECT_EQ(response.status, expected);
    EXPECT_EQ(response.ok(), expected == response_status::completed);
    EXPECT_TRUE(same_json(serialize(response), text));
}

INSTANTIATE_TEST_SUITE_P(
    table, status,
    ::testing::Values(
        status_case{"completed", response_status::completed},
        status_case{"failed", response_status::failed},
        status_case{"in_progress", response_status::in_progress},
        status_case{"cancelled", response_status::cancelled},
        status_case{"queued", response_status::queued},
        status_case{"incomplete", response_status::incomplete},
        status_case{"steered", response_status::unknown},
        status_case{"", response_status::unknown}));

TEST(response_json, error_makes_a_response_not_ok)
{
    auto const r = parse(R"({"id":"r","status":"failed","output":null,"error":{
        "code":"failed_to_download_image","message":"Timeout","param":null,"misalignment":1}})");
    EXPECT_FALSE(r.ok());
    EXPECT_EQ(r.error->code, "failed_to_download_image");
    EXPECT_EQ(r.error->message, "Timeout");
    EXPECT_FALSE(r.error->param);
    EXPECT_EQ(r.error->additional, (json::object{{"param", nullptr}, {"misalignment", 1}}));

    vidi::response completed{.status = response_status::completed};
    EXPECT_TRUE(completed.ok());
    completed.error.emplace();
    EXPECT_FALSE(completed.ok());
}

TEST(response_json, text_and_refusal_are_collected_from_every_message)
{
    auto const r = parse(R"({"id":"r","output":[
        {"type":"message","content":[{"type":"output_text","text":"一"},
                                     {"type":"refusal","refusal":"no"},
                                     {"type":"output_audio","text":"not this"},
                                     {"type":"output_text","text":"二"}]},
        {"type":"reasoning","summary":[{"type":"summary_text","text":"not this"}]},
        {"type":"message","content":[{"type":"output_text","text":"三"},
                                     {"type":"refusal","refusal":"!"}]}]})");
    EXPECT_EQ(r.output_text(), "一二三");
    EXPECT_EQ(r.refusal(), "no!");
}

TEST(response_json, members_of_a_fresh_response_are_empty)
{
    vidi::response const r;
    EXPECT_EQ(r.status, response_status::unknown);
    EXPECT_EQ(r.output_text(), "");
    EXPECT_FALSE(r.ok());
    EXPECT_FALSE(r.usage);
    EXPECT_TRUE(r.additional.empty());
    EXPECT_EQ(r, vidi::response{});
}

TEST(response_json, exchange_is_part_of_the_value_but_not_of_the_json)
{
    vidi::response r{.id = "r"};
    std::string const text = serialize(r);
    r.exchange.attempts = 2;
    EXPECT_EQ(serialize(r), text);
    EXPECT_NE(r, vidi::response{.id = "r"});
}

TEST(response_json, response_of_ones_own_is_written_with_what_the_api_requires)
{
    vidi::response r{
        .id = "r", .created_at = vidi::timestamp{std::chrono::seconds{1762513567}}, .model = "m"};
    r.output.push_back(vidi::output_message{.content = {vidi::output_text{"好"}}});
    r.usage.emplace();
    EXPECT_EQ(
        serialize(r),
        R"({"id":"r","created_at":1762513567,"model":"m","output":[{"type":"message",)"
        R"("content":[{"type":"output_text","text":"好","annotations":[],"logprobs":[]}],)"
        R"("role":"assistant"}],"usage":{"input_tokens":0,"input_tokens_details":)"
        R"({"cached_tokens":0,"cache_write_tokens":0},"output_tokens":0,)"
        R"("output_tokens_details":{"reasoning_tokens":0},"total_tokens":0},)"
        R"("metadata":{},"tools":[]})");
}

TEST(response_json, typed_member_that_is_set_later_wins)
{
    auto r = parse(R"({"id":"r","status":"new","output":[],"user":null,"temperature":"hot"})");
    r.status = response_status::completed;
    r.user = "u";
    r.temperature = 0.5;
    r.model = "m";
    EXPECT_TRUE(same_json(
        serialize(r),
        R"({"id":"r","status":"completed","output":[],"user":"u","temperature":0.5,"model":"m"})"));
}

class round_trip : public ::testing::TestWithParam<std::string_view>
{
};

TEST_P(round_trip, gives_the_same_json)
{
    std::string const text{GetParam()};
    auto const response = parse(text);
    EXPECT_TRUE(same_json(serialize(response), text));
    EXPECT_EQ(parse(serialize(response)), response);
}

constexpr std::string_view documents[] = {
    R"({"id":"r"})",
    R"({"output":[]})",
    R"({"error":{}})",
    R"({"error":{"message":"m"}})",
    R"({"id":"","output":[]})",
    R"({"id":null,"output":[]})",
    R"({"id":"r","output":null})",
    R"({"id":"r","unknown":{"a":[1,2.5,null,"x"]},"other":null})",
    R"({"id":"r","created_at":1762513567.25,"completed_at":1762513568})",
    R"({"id":"r","created_at":"2025-11-07"})",
    R"({"id":"r","temperature":1e400})",
    R"({"id":"r","temperature":0.1234567890123456})",
    R"({"id":"r","temperature":123456789012345678})",
    R"({"id":"r","max_output_tokens":18446744073709551615})",
    R"({"id":"r","max_output_tokens":1e30})",
    R"({"id":"r","top_logprobs":2.5})",
    R"({"id":"r","metadata":{"a":"1","中":"文"}})",
    R"({"id":"r","metadata":{"a":1}})",
    R"({"id":"r","metadata":{}})",
    R"({"id":"r","model":""})",
    R"({"id":"r","usage":{}})",
    R"({"id":"r","usage":{"prompt_tokens":3}})",
    R"({"id":"r","usage":{"input_tokens":9007199254740993,"input_tokens_details":null}})",
    R"({"id":"r","usage":{"input_tokens_details":{"cached_tokens":1,"cache_write_tokens":2,"cache_write_tokens_details":{"ttl_30m_tokens":2}},"output_tokens_details":{}}})",
    R"({"id":"r","usage":{"output_tokens_details":"none"}})",
    R"({"id":"r","incomplete_details":{"reason":"max_output_tokens"}})",
    R"({"id":"r","incomplete_details":{"reason":3}})",
    R"({"id":"r","incomplete_details":"x"})",
    R"({"id":"r","instructions":"be brief"})",
    R"({"id":"r","instructions":[{"role":"user","content":[{"type":"input_image","detail":"auto"}]}]})",
    R"({"id":"r","conversation":{"id":"conv_1","x":1}})",
    R"({"id":"r","conversation":"c"})",
    R"({"id":"r","prompt":{"id":"p","version":null,"variables":{"a":{"type":"input_text"}}}})",
    R"({"id":"r","reasoning":{"effort":"none","summary":"auto","generate_summary":null,"x":1}})",
    R"({"id":"r","text":{}})",
    R"({"id":"r","text":{"format":{"type":"text","x":1}}})",
    R"({"id":"r","text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":null}}})",
    R"({"id":"r","text":{"format":{"type":"json_schema"}}})",
    R"({"id":"r","text":{"format":{"type":"new"}}})",
    R"({"id":"r","text":{"format":{}}})",
    R"({"id":"r","text":{"format":"text"}})",
    R"({"id":"r","tool_choice":"none"})",
    R"({"id":"r","tool_choice":{"type":"function","name":"f"}})",
    R"({"id":"r","tool_choice":{"type":"mcp","server_label":"s"}})",
    R"({"id":"r","tool_choice":7})",
    R"({"id":"r","tools":[{"type":"function","name":"f","parameters":null,"strict":true,"allowed_callers":[]},{"type":"mcp"}]})",
    R"({"id":"r","tools":[{"type":"function"},{}]})",
    R"({"id":"r","tools":["x"]})",
    R"({"id":"r","content_filters":[{"blocked":false}],"moderation":{"input":{}}})",
    R"({"id":"r","access_programs":{"cyber":"standard"},"image":{"context_compression":"auto"},"prompt_cache_options":{},"prompt_cache_diagnostics":{"type":"cache_hit"},"tool_usage":{"web_search":{"num_requests":0}},"input_transformations":[]})",
    R"({"id":"r","object":"response","background":true,"max_tool_calls":3,"parallel_tool_calls":false,"previous_response_id":"p","prompt_cache_key":"k","prompt_cache_retention":"24h","safety_identifier":"s","service_tier":"flex","store":false,"top_p":0.5,"truncation":"auto","user":"u"})"};

INSTANTIATE_TEST_SUITE_P(documents, round_trip, ::testing::ValuesIn(documents));

constexpr std::string_view output_items[] = {
    R"({"output":[{"type":"message","id":"m","role":"assistant","status":"in_progress","phase":"commentary","content":[]}]})",
    R"({"output":[{"type":"message"}]})",
    R"({"output":[{"type":"message","role":null,"content":null,"created_by":"x"}]})",
    R"({"output":[{"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"s"}],"content":[{"type":"reasoning_text","text":"c"}],"encrypted_content":"e","status":null}]})",
    R"({"output":[{"type":"reasoning","summary":[{}],"content":[]}]})",
    R"({"output":[{"type":"function_call","id":"fc","call_id":"c","name":"n","arguments":"{}","status":"completed","namespace":"ns","async":true,"caller":{"type":"direct"}}]})",
    R"({"output":[{"type":"function_call_output","id":"o","call_id":"c","output":"text","status":"completed"}]})",
    R"({"output":[{"type":"function_call_output","output":[{"type":"input_text","text":"t"},{"type":"input_image","image_url":"u","file_id":null,"detail":"original"},{"type":"input_image","detail":"huge"},{"type":"input_file","file_id":"f","detail":"low"},{"type":"new"}]}]})",
    R"({"output":[{"type":"function_call_output","output":[]}]})",
    R"({"output":[{"type":"function_call_output","output":""}]})",
    R"({"output":[{"type":"function_call_output","output":7}]})",
    R"({"output":[{"type":"custom_tool_call","id":"i","call_id":"c","name":"n","input":"x","namespace":"ns"}]})",
    R"({"output":[{"type":"custom_tool_call_output","id":"i","call_id":"c","output":"x"}]})",
    R"({"output":[{"type":"file_search_call","id":"i","queries":["a","b"],"status":"searching","results":[{"file_id":"f","score":0.5}]}]})",
    R"({"output":[{"type":"file_search_call","queries":null,"results":null}]})",
    R"({"output":[{"type":"web_search_call","id":"i","status":"completed","action":{"type":"search","query":"q","sources":[]}}]})",
    R"({"output":[{"type":"computer_call","id":"i","call_id":"c","action":{"type":"click","x":1,"y":2},"actions":[],"pending_safety_checks":[],"status":"completed"}]})",
    R"({"output":[{"type":"computer_call_output","id":"i","call_id":"c","output":{"type":"computer_screenshot","image_url":"u"},"acknowledged_safety_checks":[],"status":"completed"}]})",
    R"({"output":[{"type":"image_generation_call","id":"i","status":"generating","result":"AAAA","error":null,"action":"edit","background":"opaque","output_format":"png","quality":"high","size":"1024x1024","revised_prompt":"p","svg_usage":{}}]})",
    R"({"output":[{"type":"code_interpreter_call","id":"i","code":"1+1","container_id":"c","outputs":[{"type":"logs","logs":"2"}],"status":"interpreting"}]})",
    R"({"output":[{"type":"local_shell_call","id":"i","call_id":"c","action":{"type":"exec","command":["ls"],"env":{}},"status":"completed"}]})",
    R"({"output":[{"type":"local_shell_call_output","id":"i","output":"{}","status":null}]})",
    R"({"output":[{"type":"shell_call","id":"i","call_id":"c","action":{"commands":["ls"],"timeout_ms":1,"max_output_length":null},"environment":{"type":"local"},"status":"completed"}]})",
    R"({"output":[{"type":"shell_call_output","id":"i","call_id":"c","output":[{"stdout":"a","stderr":"","outcome":{"type":"exit","exit_code":0}}],"max_output_length":100,"status":"completed"}]})",
    R"({"output":[{"type":"apply_patch_call","id":"i","call_id":"c","operation":{"type":"delete_file","path":"p"},"status":"completed"}]})",
    R"({"output":[{"type":"apply_patch_call_output","id":"i","call_id":"c","status":"failed","output":"why"}]})",
    R"({"output":[{"type":"mcp_list_tools","id":"i","server_label":"s","tools":[{"name":"n","input_schema":{}}],"error":null}]})",
    R"({"output":[{"type":"mcp_call","id":"i","server_label":"s","name":"n","arguments":"{}","output":"o","error":{"type":"x"},"status":"calling","approval_request_id":"a"}]})",
    R"({"output":[{"type":"mcp_call","error":"text"}]})",
    R"({"output":[{"type":"mcp_approval_request","id":"i","server_label":"s","name":"n","arguments":"{}"}]})",
    R"({"output":[{"type":"mcp_approval_response","id":"i","approval_request_id":"a","approve":false,"reason":"r"}]})",
    R"({"output":[{"type":"mcp_approval_response"}]})",
    R"({"output":[{"type":"tool_search_call","id":"i","call_id":null,"execution":"server","arguments":{"q":1},"status":"completed"}]})",
    R"({"output":[{"type":"tool_search_output","id":"i","call_id":"c","execution":"client","tools":[],"status":"completed"}]})",
    R"({"output":[{"type":"additional_tools","id":"i","role":"developer","tools":[]}]})",
    R"({"output":[{"type":"program","id":"i","call_id":"c","code":"x","fingerprint":"f"}]})",
    R"({"output":[{"type":"program_output","id":"i","call_id":"c","result":"r","status":"completed"}]})",
    R"({"output":[{"type":"compaction","id":"i","encrypted_content":"e","created_by":"b"}]})",
    R"({"output":[{"type":"item_of_next_year","id":7,"nested":{"a":[]}}]})"};

INSTANTIATE_TEST_SUITE_P(output_items, round_trip, ::testing::ValuesIn(output_items));

std::string with_part(std::string_view part)
{
    return R"({"output":[{"type":"message","content":[)" + std::string{part} + "]}]}";
}

class part_round_trip : public ::testing::TestWithParam<std::string_view>
{
};

TEST_P(part_round_trip, gives_the_same_json)
{
    std::string const text = with_part(GetParam());
    EXPECT_TRUE(same_json(serialize(parse(text)), text));
}

constexpr std::string_view parts[] = {
    R"({"type":"output_text","text":"t"})",
    R"({"type":"output_text"})",
    R"({"type":"output_text","text":null,"annotations":null})",
    R"({"type":"output_text","text":"","annotations":[],"logprobs":[],"x":1})",
    R"({"type":"output_text","text":"t","annotations":"none"})",
    R"({"type":"output_text","text":"t","annotations":[{"type":"url_citation","url":"u","title":"t","start_index":0,"end_index":5}]})",
    R"({"type":"output_text","text":"t","annotations":[{"type":"file_citation","file_id":"f","filename":"n","index":3},{"type":"file_path","file_id":"f","index":0}]})",
    R"({"type":"output_text","text":"t","annotations":[{"type":"container_file_citation","container_id":"c","file_id":"f","filename":"n","start_index":1,"end_index":2}]})",
    R"({"type":"output_text","text":"t","annotations":[{"type":"new_citation","a":1},{"type":"url_citation","url":7}]})",
    R"({"type":"output_text","text":"t","annotations":[{}]})",
    R"({"type":"output_text","text":"t","logprobs":[{"token":"好","logprob":-0.25,"bytes":[229,165,189],"top_logprobs":[{"token":"x","logprob":-3.1415926535897931,"bytes":[120]}]}]})",
    R"({"type":"output_text","text":"t","logprobs":[{"token":"a","logprob":-1e-05,"bytes":null},{"token":"b"}]})",
    R"({"type":"refusal","refusal":"no"})",
    R"({"type":"refusal"})",
    R"({"type":"output_audio","data":"AAAA","transcript":"t"})"};

INSTANTIATE_TEST_SUITE_P(table, part_round_trip, ::testing::ValuesIn(parts));

TEST(response_json, annotations_and_logprobs_are_typed)
{
    auto const r = parse(with_part(R"({"type":"output_text","text":"t",
        "annotations":[{"type":"url_citation","url":"u","title":"t","start_index":1,"end_index":5},
                       {"type":"new","x":1}],
        "logprobs":[{"token":"a","logprob":-0.5,"bytes":[97],
                     "top_logprobs":[{"token":"b","logprob":-1.5,"bytes":[98]}]}]})"));
    auto const& message = std::get<vidi::output_message>(r.output.at(0));
    auto const& text = std::get<vidi::output_text>(message.content.at(0));
    EXPECT_EQ(
        text.annotations,
        (std::vector<vidi::annotation>{
            vidi::url_citation{.url = "u", .title = "t", .start_index = 1, .end_index = 5},
            vidi::unknown_annotation{.type = "new", .additional = {{"x", 1}}}}));
    EXPECT_EQ(
        text.logprobs, (std::vector<vidi::token_logprob>{
                           {.token = "a",
                            .logprob = -0.5,
                            .bytes = {97},
                            .top_logprobs = {{.token = "b", .logprob = -1.5, .bytes = {98}}}}}));
}

TEST(response_json, items_are_typed)
{
    auto const r = parse(R"({"output":[
        {"type":"function_call","call_id":"c","name":"n","arguments":"{\"a\":1}"},
        {"type":"function_call_output","call_id":"c","output":[
            {"type":"input_image","file_id":"f","detail":"high"}]},
        {"type":"new","x":1}]})");
    EXPECT_EQ(
        r.output,
        (std::vector<vidi::output_item>{
            vidi::function_call{.call_id = "c", .name = "n", .arguments = "{\"a\":1}"},
            vidi::function_call_output{
                .call_id = "c",
                .output = vidi::input_image{.file_id = "f", .detail = vidi::image_detail::high}},
            vidi::unknown_item{.type = "new", .additional = {{"x", 1}}}}));
}

TEST(response_json, every_known_type_of_item_has_its_own_structure)
{
    for (char const* type :
         {"message",
          "reasoning",
          "function_call",
          "function_call_output",
          "custom_tool_call",
          "custom_tool_call_output",
          "file_search_call",
          "web_search_call",
          "computer_call",
          "computer_call_output",
          "image_generation_call",
          "code_interpreter_call",
          "local_shell_call",
          "local_shell_call_output",
          "shell_call",
          "shell_call_output",
          "apply_patch_call",
          "apply_patch_call_output",
          "mcp_list_tools",
          "mcp_call",
          "mcp_approval_request",
          "mcp_approval_response",
          "tool_search_call",
          "tool_search_output",
          "additional_tools",
          "program",
          "program_output",
          "compaction"})
    {
        auto const r = parse(R"({"output":[{"type":")" + std::string{type} + R"("}]})");
        EXPECT_FALSE(std::holds_alternative<vidi::unknown_item>(r.output.at(0))) << type;
    }
}

TEST(response_json, doubles_come_out_with_the_digits_they_came_in_with)
{
    for (char const* digits :
         {"0.1", "-0.3", "0.1234567890123456", "-3.0517578125e-05", "-18.420680743952367",
          "2.2250738585072014e-308", "-9.088349342346191", "0.30000000000000004"})
    {
        std::string const text = R"({"id":"r","temperature":)" + std::string{digits} + "}";
        auto const r = parse(text);
        EXPECT_EQ(r.temperature, std::strtod(digits, nullptr));
        EXPECT_NE(serialize(r).find(digits), std::string::npos) << serialize(r);
    }
}

TEST(response_json, whole_numbers_of_either_kind_are_integers)
{
    auto const r = parse(R"({"id":"r","usage":{"input_tokens":12.0,"output_tokens":1e3,
        "total_tokens":9223372036854775807}})");
    EXPECT_EQ(r.usage->input_tokens, 12);
    EXPECT_EQ(r.usage->output_tokens, 1000);
    EXPECT_EQ(r.usage->total_tokens, 9223372036854775807);
}

} // namespace
