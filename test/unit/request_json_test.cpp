// GCC 12 with sanitizers takes Asio's allocation of coroutine frames for a mismatch.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

#include <vidi/vidi.hpp>

#include "json_test_support.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using vidi_test::same_json;

// What the gateway's own documentation sends, without spaces.
constexpr std::string_view picture_question =
    R"({"model":"gpt-5-mini","input":[{"role":"user","content":[)"
    R"({"type":"input_text","text":"描述这张图片中的内容"},)"
    R"({"type":"input_image","image_url":"https://doc.dmxapi.cn/example.jpg"}]}]})";

// clang-format off
asio::awaitable<vidi::request> ask_about_a_picture()
{
    vidi::request request{
        .model = "gpt-5-mini",
        .input = {vidi::user_message{vidi::input_text{"描述这张图片中的内容"},
                                     vidi::input_image::from_url("https://doc.dmxapi.cn/example.jpg")}}};
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    co_return request;
}
// clang-format on

asio::awaitable<vidi::request> pass_on(vidi::request request)
{
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    co_return std::move(request);
}

asio::awaitable<vidi::request> ask_through_another_coroutine()
{
    vidi::request request{
        .model = "gpt-5-mini",
        .input = {vidi::user_message{
            vidi::input_text{"描述这张图片中的内容"},
            vidi::input_image::from_url("https://doc.dmxapi.cn/example.jpg")}}};
    co_return co_await pass_on(std::move(request));
}

vidi::request run(asio::awaitable<vidi::request> task)
{
    asio::io_context context;
    vidi::request result;
    std::exception_ptr error;
    asio::co_spawn(context, std::move(task), [&](std::exception_ptr thrown, vidi::request request) {
        error = thrown;
        result = std::move(request);
    });
    context.run();
    if (error)
        std::rethrow_exception(error);
    return result;
}

TEST(request_json, question_about_a_picture_in_a_coroutine)
{
    EXPECT_EQ(vidi::serialize(run(ask_about_a_picture())), picture_question);
    EXPECT_EQ(vidi::serialize(run(ask_through_another_coroutine())), picture_question);
}

TEST(request_json, is_appended)
{
    std::string out = "before ";
    serialize(vidi::request{.model = "m"}, out);
    EXPECT_EQ(out, R"(before {"model":"m"})");
}

TEST(request_json, text_as_input_is_a_json_string)
{
    EXPECT_EQ(
        vidi::serialize(vidi::request{.model = "m", .input = "just a string"}),
        R"({"model":"m","input":"just a string"})");
}

TEST(request_json, nothing_set_sends_nothing) { EXPECT_EQ(vidi::serialize(vidi::request{}), "{}"); }

struct request_case
{
    // A function of its own for each: compilers are slow with many such values at once.
    vidi::request (*make)();
    std::string_view json;
};

void PrintTo(request_case const& value, std::ostream* out) { *out << value.json; }

class request_json : public ::testing::TestWithParam<request_case>
{
};

TEST_P(request_json, is_exactly) { EXPECT_EQ(vidi::serialize(GetParam().make()), GetParam().json); }

using boost::json::array;
using boost::json::object;

request_case const request_json_fields[] = {
    request_case{[] { return vidi::request{.model = "gpt-5"}; }, R"({"model":"gpt-5"})"},
    request_case{
        [] { return vidi::request{.instructions = "Be brief."}; },
        R"({"instructions":"Be brief."})"},
    request_case{[] { return vidi::request{.instructions = ""}; }, R"({"instructions":""})"},
    request_case{
        [] {
            return vidi::request{.access_programs = {{"cyber", "standard"}}};
        },
        R"({"access_programs":{"cyber":"standard"}})"},
    request_case{[] { return vidi::request{.background = true}; }, R"({"background":true})"},
    request_case{
        [] {
            return vidi::request{.context_management = array{{{"type", "compaction"}}}};
        },
        R"({"context_management":[{"type":"compaction"}]})"},
    request_case{
        [] { return vidi::request{.conversation = "conv_1"}; }, R"({"conversation":"conv_1"})"},
    request_case{
        [] {
            return vidi::request{.image = {{"context_compression", "auto"}}};
        },
        R"({"image":{"context_compression":"auto"}})"},
    request_case{
        [] {
            return vidi::request{.include = {"reasoning.encrypted_content", "x"}};
        },
        R"({"include":["reasoning.encrypted_content","x"]})"},
    request_case{
        [] { return vidi::request{.max_output_tokens = 500}; }, R"({"max_output_tokens":500})"},
    request_case{[] { return vidi::request{.max_tool_calls = 0}; }, R"({"max_tool_calls":0})"},
    request_case{
        [] {
            return vidi::request{.metadata = {{"b", "2"}, {"a", "\"1\""}}};
        },
        R"({"metadata":{"a":"\"1\"","b":"2"}})"},
    request_case{
        [] {
            return vidi::request{.moderation = {{"model", "x"}}};
        },
        R"({"moderation":{"model":"x"}})"},
    request_case{
        [] { return vidi::request{.parallel_tool_calls = false}; },
        R"({"parallel_tool_calls":false})"},
    request_case{
        [] { return vidi::request{.previous_response_id = "resp_1"}; },
        R"({"previous_response_id":"resp_1"})"},
    request_case{
        [] { return vidi::request{.prompt = {{.id = "pmpt_1"}}}; },
        R"({"prompt":{"id":"pmpt_1"}})"},
    request_case{
        [] {
            return vidi::request{
                .prompt = {{.id = "pmpt_1", .version = "2", .variables = {{"city", "上海"}}}}};
        },
        R"({"prompt":{"id":"pmpt_1","version":"2","variables":{"city":"上海"}}})"},
    request_case{
        [] { return vidi::request{.prompt_cache_key = "k"}; }, R"({"prompt_cache_key":"k"})"},
    request_case{
        [] {
            return vidi::request{.prompt_cache_options = {{"mode", "explicit"}}};
        },
        R"({"prompt_cache_options":{"mode":"explicit"}})"},
    request_case{
        [] { return vidi::request{.prompt_cache_retention = "24h"}; },
        R"({"prompt_cache_retention":"24h"})"},
    request_case{
        [] { return vidi::request{.reasoning = {{.effort = "low"}}}; },
        R"({"reasoning":{"effort":"low"}})"},
    request_case{
        [] {
            return vidi::request{
                .reasoning = {
                    {.effort = "high",
                     .summary = "auto",
                     .generate_summary = "concise",
                     .context = "all_turns",
                     .mode = "pro",
                     .additional = {{"new", 1}}}}};
        },
        R"({"reasoning":{"effort":"high","summary":"auto","generate_summary":"concise","context":"all_turns","mode":"pro","new":1}})"},
    request_case{
        [] { return vidi::request{.safety_identifier = "u"}; }, R"({"safety_identifier":"u"})"},
    request_case{
        [] { return vidi::request{.service_tier = "flex"}; }, R"({"service_tier":"flex"})"},
    request_case{[] { return vidi::request{.store = false}; }, R"({"store":false})"},
    request_case{[] { return vidi::request{.temperature = 0.2}; }, R"({"temperature":0.2})"},
    request_case{[] { return vidi::request{.temperature = 1}; }, R"({"temperature":1.0})"},
    request_case{
        [] { return vidi::request{.text = {{.format = vidi::plain_text_format{}}}}; },
        R"({"text":{"format":{"type":"text"}}})"},
    request_case{
        [] {
            return vidi::request{
                .text = {{.format = vidi::json_object_format{}, .verbosity = "low"}}};
        },
        R"({"text":{"format":{"type":"json_object"},"verbosity":"low"}})"},
    request_case{
        [] {
            return vidi::request{
                .text = {
                    {.format = vidi::json_schema_format{
                         .name = "answer",
                         .schema = {{"type", "object"}},
                         .description = "d",
                         .strict = true}}}};
        },
        R"({"text":{"format":{"type":"json_schema","name":"answer","schema":{"type":"object"},"description":"d","strict":true}}})"},
    request_case{
        [] {
            return vidi::request{.text = {{.format = object{{"type", "grammar"}}}}};
        },
        R"({"text":{"format":{"type":"grammar"}}})"},
    request_case{
        [] { return vidi::request{.tool_choice = "required"}; }, R"({"tool_choice":"required"})"},
    request_case{
        [] { return vidi::request{.tool_choice = vidi::function_choice{"weather"}}; },
        R"({"tool_choice":{"type":"function","name":"weather"}})"},
    request_case{
        [] {
            return vidi::request{.tool_choice = object{{"type", "file_search"}}};
        },
        R"({"tool_choice":{"type":"file_search"}})"},
    request_case{
        [] {
            return vidi::request{
                .tools = {vidi::function_tool{.name = "f"}, object{{"type", "web_search"}}}};
        },
        R"({"tools":[{"type":"function","name":"f"},{"type":"web_search"}]})"},
    request_case{
        [] {
            return vidi::request{
                .tools = {vidi::function_tool{
                    .name = "f",
                    .parameters = object{},
                    .strict = true,
                    .description = "d",
                    .output_schema = object{},
                    .defer_loading = false,
                    .allowed_callers = {"direct"}}}};
        },
        R"({"tools":[{"type":"function","name":"f","parameters":{},"strict":true,"description":"d","output_schema":{},"defer_loading":false,"allowed_callers":["direct"]}]})"},
    request_case{[] { return vidi::request{.top_logprobs = 20}; }, R"({"top_logprobs":20})"},
    request_case{[] { return vidi::request{.top_p = 0.95}; }, R"({"top_p":0.95})"},
    request_case{[] { return vidi::request{.truncation = "auto"}; }, R"({"truncation":"auto"})"},
    request_case{[] { return vidi::request{.user = "u"}; }, R"({"user":"u"})"},
    request_case{
        [] {
            return vidi::request{.model = "m", .additional = {{"new_field", {1, nullptr}}}};
        },
        R"({"model":"m","new_field":[1,null]})"},
    request_case{
        [] {
            return vidi::request{
                .model = "typed", .additional = {{"model", "additional"}, {"store", nullptr}}};
        },
        R"({"model":"typed","store":null})"}};

INSTANTIATE_TEST_SUITE_P(fields, request_json, ::testing::ValuesIn(request_json_fields));

vidi::request asking(vidi::content_part part)
{
    return {.input = vidi::user_message{std::move(part)}};
}

request_case const request_json_parts[] = {
    request_case{
        [] { return asking(vidi::input_text{"a"}); },
        R"({"input":[{"role":"user","content":[{"type":"input_text","text":"a"}]}]})"},
    request_case{
        [] {
            return asking(
                vidi::input_text{.text = "a", .prompt_cache_breakpoint = {{"mode", "explicit"}}});
        },
        R"({"input":[{"role":"user","content":[{"type":"input_text","text":"a","prompt_cache_breakpoint":{"mode":"explicit"}}]}]})"},
    request_case{
        [] {
            return asking(
                vidi::input_image{.image_url = "u", .detail = vidi::image_detail::automatic});
        },
        R"({"input":[{"role":"user","content":[{"type":"input_image","image_url":"u","detail":"auto"}]}]})"},
    request_case{
        [] {
            return asking(
                vidi::input_image{.file_id = "f", .detail = vidi::image_detail::original});
        },
        R"({"input":[{"role":"user","content":[{"type":"input_image","file_id":"f","detail":"original"}]}]})"},
    request_case{
        [] { return asking(vidi::input_image::from_bytes("GIF89a")); },
        R"({"input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/gif;base64,R0lGODlh"}]}]})"},
    request_case{
        [] {
            return asking(vidi::input_file{
                .file_data = "data:application/pdf;base64,", .filename = "a.pdf", .detail = "low"});
        },
        R"({"input":[{"role":"user","content":[{"type":"input_file","file_data":"data:application/pdf;base64,","filename":"a.pdf","detail":"low"}]}]})"},
    request_case{
        [] { return asking(vidi::input_file{.file_url = "u"}); },
        R"({"input":[{"role":"user","content":[{"type":"input_file","file_url":"u"}]}]})"},
    request_case{
        [] { return asking(vidi::output_text{"said"}); },
        R"({"input":[{"role":"user","content":[{"type":"output_text","text":"said","annotations":[]}]}]})"},
    request_case{
        [] { return asking(vidi::output_refusal{"no"}); },
        R"({"input":[{"role":"user","content":[{"type":"refusal","refusal":"no"}]}]})"},
    request_case{
        [] {
            return asking(object{{"type", "input_audio"}});
        },
        R"({"input":[{"role":"user","content":[{"type":"input_audio"}]}]})"}};

INSTANTIATE_TEST_SUITE_P(parts, request_json, ::testing::ValuesIn(request_json_parts));

request_case const request_json_items[] = {
    request_case{
        [] { return vidi::request{.input = vidi::user_message{"text"}}; },
        R"({"input":[{"role":"user","content":"text"}]})"},
    request_case{
        [] {
            return vidi::request{
                .input = {
                    vidi::system_message{"a"}, vidi::developer_message{"b"},
                    vidi::assistant_message{vidi::output_refusal{"c"}}}};
        },
        R"({"input":[{"role":"system","content":"a"},{"role":"developer","content":"b"},{"role":"assistant","content":[{"type":"refusal","refusal":"c"}]}]})"},
    request_case{
        [] {
            return vidi::request{
                .input =
                    vidi::message{.role = "assistant", .content = "c", .phase = "final_answer"}};
        },
        R"({"input":[{"role":"assistant","content":"c","phase":"final_answer"}]})"},
    request_case{
        [] {
            return vidi::request{
                .input = {vidi::item_reference{"msg_1"}, object{{"type", "compaction_trigger"}}}};
        },
        R"({"input":[{"type":"item_reference","id":"msg_1"},{"type":"compaction_trigger"}]})"},
    request_case{
        [] {
            return vidi::request{
                .input = vidi::function_call_output{.call_id = "c", .output = "42"}};
        },
        R"({"input":[{"type":"function_call_output","call_id":"c","output":"42"}]})"},
    request_case{
        [] {
            return vidi::request{
                .input = vidi::function_call_output{
                    .call_id = "c",
                    .output = {vidi::input_text{"see"}, vidi::input_image::from_file_id("f")}}};
        },
        R"({"input":[{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"see"},{"type":"input_image","file_id":"f"}]}]})"},
    request_case{
        [] {
            return vidi::request{
                .input = vidi::function_call{.call_id = "c", .name = "n", .arguments = "{}"}};
        },
        R"({"input":[{"type":"function_call","call_id":"c","name":"n","arguments":"{}"}]})"}};

INSTANTIATE_TEST_SUITE_P(items, request_json, ::testing::ValuesIn(request_json_items));

TEST(request_json, repeats_the_output_of_an_earlier_response)
{
    auto const earlier = vidi::parse_response(R"({"id":"r","output":[
        {"type":"reasoning","id":"rs","summary":[],"encrypted_content":"e"},
        {"type":"message","id":"m","role":"assistant","status":"completed","content":[
            {"type":"output_text","text":"看到了"}]},
        {"type":"new_item","x":1}]})");

    vidi::request request{.input = {vidi::user_message{"first"}}};
    auto& items = request.input.list();
    items.insert(items.end(), earlier.output.begin(), earlier.output.end());
    items.push_back(vidi::user_message{"second"});

    EXPECT_TRUE(same_json(vidi::serialize(request), R"({"input":[
        {"role":"user","content":"first"},
        {"type":"reasoning","id":"rs","summary":[],"encrypted_content":"e"},
        {"type":"message","id":"m","role":"assistant","status":"completed","content":[
            {"type":"output_text","text":"看到了","annotations":[]}]},
        {"type":"new_item","x":1},
        {"role":"user","content":"second"}]})"));
}

TEST(request_json, escapes_text)
{
    EXPECT_EQ(
        vidi::serialize(vidi::request{.input = "\"\\\x01\n好😀"}),
        "{\"input\":\"\\\"\\\\\\u0001\\n好😀\"}");
}

TEST(request, is_a_regular_value)
{
    vidi::request const question{
        .model = "m", .input = {vidi::user_message{"a"}, vidi::item_reference{"b"}}};
    vidi::request copy = question;
    EXPECT_EQ(copy, question);
    copy.input.list().pop_back();
    EXPECT_NE(copy, question);
    vidi::request const moved = std::move(copy);
    EXPECT_EQ(moved.input.list().size(), 1u);
}

TEST(request, moves_what_it_is_built_from)
{
    auto image = vidi::input_image::from_url(std::string(1000, 'x'));
    char const* const data = image.image_url->data();
    vidi::request const request{
        .input = {vidi::user_message{"a"}, vidi::user_message{std::move(image)}}};
    auto const& message = std::get<vidi::message>(request.input.list()[1]);
    EXPECT_EQ(std::get<vidi::input_image>(message.content.list()[0]).image_url->data(), data);
}

TEST(text_or_list, knows_what_it_holds)
{
    vidi::message_content const nothing;
    EXPECT_TRUE(nothing.empty());
    EXPECT_FALSE(nothing.is_text());

    vidi::message_content const text = std::string{"a"};
    EXPECT_TRUE(text.is_text());
    EXPECT_EQ(text.text(), "a");
    EXPECT_THROW((void)text.list(), std::bad_variant_access);

    vidi::message_content const list = std::vector<vidi::content_part>{vidi::input_text{"a"}};
    EXPECT_FALSE(list.empty());
    EXPECT_THROW((void)list.text(), std::bad_variant_access);
    EXPECT_EQ(list, vidi::message_content{vidi::input_text{"a"}});
    EXPECT_NE(list, text);
}

} // namespace
