#include <vidi/testing/emulator.hpp>

#include "support/blocking_client.hpp"
#include "support/pictures.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace std::literals;
using namespace vidi::testing;
using namespace vidi_test;
namespace json = boost::json;
namespace net = boost::asio;
namespace http = boost::beast::http;

constexpr colour orange{0xf0, 0x80, 0x10};
constexpr colour blue{0x10, 0x20, 0xc0};
// Long enough for the slowest machine; no test waits for its end unless it fails.
constexpr auto patience = 60s;

std::string sha256(std::string const& bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr);
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        char digits[3];
        std::snprintf(digits, sizeof digits, "%02x", digest[i]);
        text += digits;
    }
    return text;
}

blocking_client connect(emulator const& server)
{
    return blocking_client{server.port(), {.ca = server.ca_certificate_pem()}};
}

blocking_client::response ask(emulator const& server, std::string const& body)
{
    auto client = connect(server);
    client.send(post(body));
    return client.read();
}

std::string error_of(blocking_client::response const& response)
{
    auto const error = json::parse(response.body()).at("error");
    auto const code = error.at("code");
    return std::to_string(response.result_int()) + ' ' +
           (code.is_string() ? json::value_to<std::string>(code) : "null");
}

std::string param_of(blocking_client::response const& response)
{
    auto const param = json::parse(response.body()).at("error").at("param");
    return param.is_string() ? json::value_to<std::string>(param) : "null";
}

emulator_options with_script(std::function<behaviour(request_view const&)> script)
{
    emulator_options options;
    options.script = std::move(script);
    return options;
}

emulator_options always(behaviour behaviour)
{
    return with_script([behaviour](request_view const&) { return behaviour; });
}

// ---- Answers

TEST(emulator_answer, states_the_facts_of_every_picture)
{
    emulator const server;
    auto const png = make_png(40, 30, orange, blue);
    auto const jpeg = make_jpeg(64, 64, {80, 80, 80}, {80, 80, 80});
    auto const gif = make_gif(8, 6, orange, blue);
    auto const webp = make_webp(33, 10, blue, blue);
    auto const response =
        ask(server, question(
                        "描述这张图片中的内容\nsoon",
                        {to_data_url("image/png", png), to_data_url("image/jpeg", jpeg),
                         to_data_url("image/gif", gif), to_data_url("image/webp", webp)}));
    ASSERT_EQ(response.result_int(), 200u) << response.body();
    EXPECT_EQ(
        output_text(response.body()), "prompt: 描述这张图片中的内容 soon\n"
                                      "picture 1: format=png width=40 height=30 sha256=" +
                                          sha256(png) +
                                          " mean_colour=#805068\n"
                                          "picture 2: format=jpeg width=64 height=64 sha256=" +
                                          sha256(jpeg) +
                                          " mean_colour=#505050\n"
                                          "picture 3: format=gif width=8 height=6 sha256=" +
                                          sha256(gif) +
                                          " mean_colour=#805068\n"
                                          "picture 4: format=webp width=33 height=10 sha256=" +
                                          sha256(webp) + " mean_colour=#1020c0");
    // Not escaped.
    EXPECT_NE(response.body().find("描述这张图片中的内容"), std::string::npos);
}

TEST(emulator_answer, has_the_shape_and_headers_of_the_service)
{
    emulator const server;
    auto const response = ask(server, question("hello"));
    EXPECT_EQ(response[http::field::content_type], "application/json");
    for (auto const name :
         {"x-request-id", "openai-processing-ms", "openai-version", "openai-organization",
          "x-ratelimit-limit-requests", "x-ratelimit-limit-tokens",
          "x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens",
          "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens"})
        EXPECT_FALSE(response[name].empty()) << name;
    auto const body = json::parse(response.body()).as_object();
    EXPECT_EQ(body.at("model"), "gpt-5-mini-2025-08-07");
    EXPECT_EQ(body.at("status"), "completed");
    EXPECT_EQ(body.at("output").at(0).at("type"), "reasoning");
    EXPECT_EQ(body.at("output").at(1).at("type"), "message");
    EXPECT_EQ(body.at("temperature"), 1.0);
    EXPECT_TRUE(body.at("temperature").is_double());
    auto const& usage = body.at("usage");
    EXPECT_EQ(
        usage.at("total_tokens").as_int64(),
        usage.at("input_tokens").as_int64() + usage.at("output_tokens").as_int64());
}

std::vector<std::string> keys_of(json::value const& value)
{
    std::vector<std::string> keys;
    for (auto const& [key, ignored] : value.as_object())
        keys.emplace_back(key);
    return keys;
}

TEST(emulator_answer, has_the_members_that_a_gateway_sends_in_their_order)
{
    emulator const server;
    auto const body = json::parse(ask(server, question("hello")).body());
    std::vector<std::string> const members{
        "id",
        "object",
        "model",
        "usage",
        "created_at",
        "status",
        "background",
        "content_filters",
        "error",
        "incomplete_details",
        "instructions",
        "max_output_tokens",
        "max_tool_calls",
        "output",
        "parallel_tool_calls",
        "previous_response_id",
        "prompt_cache_key",
        "reasoning",
        "safety_identifier",
        "service_tier",
        "store",
        "temperature",
        "text",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "truncation",
        "user",
        "metadata"};
    EXPECT_EQ(keys_of(body), members);
    EXPECT_EQ(
        keys_of(body.at("output").at(1)),
        (std::vector<std::string>{"id", "type", "status", "content", "role"}));
}

TEST(emulator_answer, repeats_what_the_request_set)
{
    emulator const server;
    auto const body =
        json::parse(ask(server, R"({"model":"gpt-5.4","input":"hi","instructions":"be brief",
            "max_output_tokens":900,"top_p":0.5,"metadata":{"job":"7"},"store":false,
            "reasoning":{"effort":"low","summary":"auto"},"user":"u","truncation":"auto",
            "text":{"verbosity":"low"},"tools":[{"type":"shell"}],"tool_choice":"none",
            "prompt_cache_retention":"24h","service_tier":"flex",
            "include":["reasoning.encrypted_content"]})")
                        .body());
    EXPECT_EQ(body.at("instructions"), "be brief");
    EXPECT_EQ(body.at("max_output_tokens"), 900);
    EXPECT_EQ(body.at("top_p"), 0.5);
    EXPECT_EQ(body.at("metadata").at("job"), "7");
    EXPECT_EQ(body.at("store"), false);
    EXPECT_EQ(body.at("reasoning").at("effort"), "low");
    EXPECT_EQ(body.at("text").at("verbosity"), "low");
    EXPECT_EQ(body.at("text").at("format").at("type"), "text");
    EXPECT_EQ(body.at("tools").at(0).at("type"), "shell");
    EXPECT_EQ(body.at("tool_choice"), "none");
    EXPECT_EQ(body.at("prompt_cache_retention"), "24h");
    EXPECT_EQ(body.at("service_tier"), "flex");
    auto const& reasoning = body.at("output").at(0);
    EXPECT_EQ(reasoning.at("summary").at(0).at("type"), "summary_text");
    EXPECT_TRUE(reasoning.at("encrypted_content").is_string());
    EXPECT_EQ(body.at("usage").at("output_tokens_details").at("reasoning_tokens"), 64);
}

TEST(emulator_answer, is_json_if_the_request_asks_for_it)
{
    emulator server;
    auto const png = make_png(5, 4, blue, blue);
    server.add_image("a.png", png);
    auto body = json::parse(question("中", {server.image_url("a.png")})).as_object();
    body["text"] = {{"format", {{"type", "json_object"}}}};
    auto const text = output_text(ask(server, json::serialize(body)).body());
    EXPECT_EQ(
        json::parse(text), (json::value{
                               {"prompt", "中"},
                               {"pictures", json::array{
                                                {{"format", "png"},
                                                 {"width", 5},
                                                 {"height", 4},
                                                 {"sha256", sha256(png)},
                                                 {"mean_colour", "#1020c0"}}}}}));
}

TEST(emulator_answer, a_model_that_does_not_reason_has_no_reasoning_item)
{
    emulator const server;
    auto const body = json::parse(ask(server, R"({"model":"gpt-4o","input":"hi"})").body());
    EXPECT_EQ(body.at("output").at(0).at("type"), "message");
    EXPECT_EQ(body.at("usage").at("output_tokens_details").at("reasoning_tokens"), 0);
}

TEST(emulator_answer, has_the_logprobs_of_its_tokens_if_they_are_wanted)
{
    emulator const server;
    auto const part = [&](std::string const& wish) {
        auto const response = ask(server, R"({"model":"gpt-4o","input":"描述",)" + wish + "}");
        return json::parse(response.body()).at("output").at(0).at("content").at(0);
    };
    auto const included = part(R"("include":["message.output_text.logprobs"])");
    std::string text;
    for (auto const& logprob : included.at("logprobs").as_array()) {
        text += json::value_to<std::string>(logprob.at("token"));
        EXPECT_EQ(logprob.at("token").as_string().size(), logprob.at("bytes").as_array().size());
        EXPECT_TRUE(logprob.at("top_logprobs").as_array().empty());
    }
    EXPECT_EQ(text, "prompt: 描述");
    auto const top = part(R"("top_logprobs":2)");
    EXPECT_EQ(top.at("logprobs").at(0).at("top_logprobs").as_array().size(), 1u);
}

TEST(emulator_answer, is_incomplete_when_the_tokens_do_not_suffice)
{
    emulator const server;
    auto const body_for = [&](int tokens) {
        auto body = json::parse(question("描述这张图片中的内容")).as_object();
        body["max_output_tokens"] = tokens;
        return json::parse(ask(server, json::serialize(body)).body());
    };
    auto const nothing = body_for(16);
    EXPECT_EQ(nothing.at("status"), "incomplete");
    EXPECT_EQ(nothing.at("incomplete_details").at("reason"), "max_output_tokens");
    EXPECT_EQ(nothing.at("output").as_array().size(), 1u);
    EXPECT_EQ(nothing.at("usage").at("output_tokens"), 16);
    auto const half = body_for(196);
    EXPECT_EQ(half.at("status"), "incomplete");
    EXPECT_EQ(half.at("output").at(1).at("status"), "incomplete");
    EXPECT_EQ(half.at("output").at(1).at("content").at(0).at("text"), "prompt: 描述");
    EXPECT_EQ(half.at("usage").at("output_tokens"), 196);
    EXPECT_EQ(body_for(500).at("status"), "completed");
}

TEST(emulator_answer, usage_grows_with_text_and_pictures)
{
    emulator const server;
    auto const tokens = [&](std::string const& body) {
        return json::parse(ask(server, body).body()).at("usage").at("input_tokens").as_int64();
    };
    auto const small = to_data_url("image/png", make_png(32, 32, blue, blue));
    auto const large = to_data_url("image/png", make_png(320, 320, blue, blue));
    auto const bare = tokens(question("what"));
    EXPECT_EQ(tokens(question("what is it")), bare + 2);
    EXPECT_EQ(tokens(question("what", {small})), bare + 2);   // 1 patch x 1.62
    EXPECT_EQ(tokens(question("what", {large})), bare + 162); // 100 patches x 1.62
}

TEST(emulator_answer, earlier_responses_are_known_if_they_were_stored)
{
    emulator const server;
    auto const id =
        json::value_to<std::string>(json::parse(ask(server, question("one")).body()).at("id"));
    auto body = json::parse(question("two")).as_object();
    body["previous_response_id"] = id;
    EXPECT_EQ(ask(server, json::serialize(body)).result_int(), 200u);
    body["previous_response_id"] = "resp_of_nobody";
    auto const unknown = ask(server, json::serialize(body));
    EXPECT_EQ(error_of(unknown), "400 previous_response_not_found");
    EXPECT_EQ(param_of(unknown), "previous_response_id");
}

// ---- Obtaining pictures

TEST(emulator_picture, its_own_is_served_and_recognised)
{
    for (bool const tls : {true, false}) {
        emulator_options options;
        options.tls = tls;
        emulator server{options};
        auto const png = make_png(12, 10, orange, blue);
        server.add_image("cat.png", "old");
        server.add_image("cat.png", png);
        blocking_client client{server.port(), {.tls = tls, .ca = server.ca_certificate_pem()}};
        client.send("GET /images/cat.png HTTP/1.1\r\nHost: x\r\n\r\n");
        auto const picture = client.read();
        EXPECT_EQ(picture.body(), png);
        EXPECT_EQ(picture[http::field::content_type], "image/png");
        client.send("HEAD /images/cat.png HTTP/1.1\r\nHost: x\r\n\r\n");
        auto const head = client.read(true);
        EXPECT_EQ(head[http::field::content_length], std::to_string(png.size()));
        client.send(post(question("?", {server.image_url("cat.png")})));
        EXPECT_NE(output_text(client.read().body()).find(sha256(png)), std::string::npos);
        client.send("GET /images/dog.png HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_EQ(error_of(client.read()), "404 unknown_url");
    }
}

TEST(emulator_picture, is_fetched_from_other_servers_on_this_machine)
{
    auto const png = make_png(12, 10, orange, blue);
    for (bool const tls : {true, false}) {
        emulator_options options;
        options.tls = tls;
        options.script = [](request_view const& request) {
            return request.target == "/images/sliced.png" ? behaviour::slices(100) : behaviour{};
        };
        emulator origin{options};
        origin.add_image("cat.png", png);
        origin.add_image("sliced.png", png);
        emulator const server;
        auto const text = output_text(
            ask(server,
                question("?", {origin.image_url("cat.png"), origin.image_url("sliced.png")}))
                .body());
        auto const facts =
            "format=png width=12 height=10 sha256=" + sha256(png) + " mean_colour=#805068";
        EXPECT_EQ(text, "prompt: ?\npicture 1: " + facts + "\npicture 2: " + facts);
        EXPECT_EQ(origin.statistics().requests, 2u);
    }
}

TEST(emulator_picture, a_failed_download_is_reported_as_the_service_does)
{
    emulator_options options;
    options.fetch_timeout = 100ms;
    options.picture_limit = 2000;
    emulator const server{options};
    auto origin = std::make_unique<emulator>(with_script([](request_view const& request) {
        if (request.target == "/stall")
            return behaviour::stall();
        if (request.target == "/cut")
            return behaviour::close_within_response(20);
        return behaviour::reply({.body = std::string(request.target == "/large" ? 3000 : 10, 'x')});
    }));
    auto const base = origin->image_url("");
    auto const url = [&](std::string const& path) {
        return base.substr(0, base.size() - "/images/"s.size()) + path;
    };
    auto const outcome = [&](std::string const& image) {
        auto const response = ask(server, question("?", {image}));
        return error_of(response) + " at " + param_of(response);
    };
    auto const part = "input[0].content[1].image_url"s;
    EXPECT_EQ(outcome("https://example.com/cat.png"), "400 invalid_image_url at null");
    EXPECT_EQ(outcome(url("/stall")), "400 invalid_image_url at null");
    EXPECT_EQ(outcome(url("/cut")), "400 invalid_image_url at null");
    EXPECT_EQ(outcome(server.image_url("none.png")), "400 invalid_image_url at null");
    EXPECT_EQ(outcome(url("/large")), "400 invalid_image at null");
    EXPECT_EQ(outcome(url("/text")), "400 invalid_image_format at " + part);
    EXPECT_EQ(outcome("ftp://localhost/cat.png"), "400 invalid_value at " + part);
    EXPECT_EQ(outcome("data:image/png;base64,x"), "400 invalid_base64_image at " + part);
    EXPECT_EQ(outcome("data:image/png;base64,"), "400 empty_image_file at " + part);
    auto const gif = make_gif(3, 3, blue, blue);
    EXPECT_EQ(outcome(to_data_url("image/png", gif)), "400 invalid_image_format at " + part);
    EXPECT_EQ(
        outcome(to_data_url("image/gif", std::string(gif).append(3000, '\0'))),
        "400 image_file_too_large at " + part);
    auto const gone = url("/text");
    origin.reset();
    EXPECT_EQ(outcome(gone), "400 invalid_image_url at null");
}

TEST(emulator_picture, detail_and_files_are_checked)
{
    emulator const server;
    auto const outcome = [&](std::string const& model, std::string const& image) {
        auto const response =
            ask(server, R"({"model":")" + model + R"(","input":[{"role":"user","content":[)" +
                            image + "]}]}");
        return response.result_int() == 200 ? "200"s : error_of(response);
    };
    auto const url = to_data_url("image/png", make_png(3, 3, blue, blue));
    auto const original =
        R"({"type":"input_image","detail":"original","image_url":")" + url + "\"}";
    EXPECT_EQ(outcome("gpt-5.4", original), "200");
    EXPECT_EQ(outcome("gpt-5-mini", original), "400 invalid_value");
    EXPECT_EQ(
        outcome("gpt-5.4", R"({"type":"input_image","file_id":"file-1"})"),
        "400 image_file_not_found");
    EXPECT_EQ(
        outcome("gpt-5.4", R"({"type":"input_file","file_id":"file-1"})"), "400 file_not_found");
    EXPECT_EQ(
        outcome("gpt-5.4", R"({"type":"input_file","filename":"a","file_data":"data:,x"})"), "200");
    std::string const one = R"({"type":"input_image","image_url":"x"})";
    std::string many = one;
    for (int i = 0; i < 1500; ++i)
        many.append(",").append(one);
    EXPECT_EQ(outcome("gpt-5.4", many), "400 invalid_value");
}

// ---- Errors

class refused : public ::testing::Test
{
protected:
    emulator server;

    blocking_client::response send(std::string const& text)
    {
        auto client = connect(server);
        client.send(text);
        return client.read();
    }
};

TEST_F(refused, without_the_right_key)
{
    auto const send_with = [&](std::string const& field) {
        return send(
            "POST /v1/responses HTTP/1.1\r\nHost: x\r\n" + field + "Content-Length: 2\r\n\r\n{}");
    };
    for (auto const field :
         {"", "Authorization: Bearer sk-other\r\n", "Authorization: Basic c2s6\r\n"}) {
        auto const response = send_with(field);
        EXPECT_EQ(error_of(response), "401 invalid_api_key") << field;
        EXPECT_EQ(response.body().find("sk-other"), std::string::npos);
        EXPECT_FALSE(response["x-request-id"].empty());
    }
}

TEST_F(refused, other_methods_and_paths)
{
    auto const get = send("GET /v1/responses HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(error_of(get), "405 method_not_supported");
    EXPECT_EQ(get[http::field::allow], "POST");
    auto const put = send("PUT /images/a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(error_of(put), "405 method_not_supported");
    EXPECT_EQ(put[http::field::allow], "GET, HEAD");
    EXPECT_EQ(error_of(send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")), "404 unknown_url");
    auto client = connect(server);
    client.send("HEAD /v1/responses HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(client.read(true).result_int(), 405u);
    client.send(post(question("still in step")));
    EXPECT_EQ(client.read().result_int(), 200u);
}

TEST_F(refused, what_is_not_json)
{
    auto const typed = [&](std::string const& type) {
        return send(
            "POST /v1/responses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk-emulator\r\n" +
            type + "Content-Length: 2\r\n\r\n{}");
    };
    EXPECT_EQ(error_of(typed("Content-Type: text/plain\r\n")), "415 unsupported_content_type");
    EXPECT_EQ(error_of(typed("")), "415 unsupported_content_type");
    EXPECT_EQ(
        error_of(typed("Content-Type: Application/JSON ; charset=utf-8\r\n")),
        "400 missing_required_parameter");
    EXPECT_EQ(error_of(send(post("{\"model\":"))), "400 null");
    EXPECT_EQ(error_of(send(post("{\"model\":\"\xff\"}"))), "400 null");
    EXPECT_EQ(
        error_of(send(post(R"({"model":"gpt-5","input":"x","stream":true})"))),
        "400 unsupported_value");
    EXPECT_EQ(error_of(send(post(R"({"model":"llama","input":"x"})"))), "404 model_not_found");
}

TEST_F(refused, what_is_not_http)
{
    EXPECT_EQ(send("Hello!\r\n\r\n").result_int(), 400u);
    EXPECT_EQ(send("GET / HTTP/1.1\r\n\r\n").result_int(), 400u) << "no Host";
    EXPECT_EQ(send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").result_int(), 400u);
    EXPECT_EQ(send(post("{}", "Authorization: Bearer other\r\n")).result_int(), 400u);
    EXPECT_EQ(send("GET / HTTP/2.7\r\nHost: a\r\n\r\n").result_int(), 505u);
    EXPECT_EQ(
        send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n")
            .result_int(),
        431u);
    EXPECT_EQ(
        send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
             "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            .result_int(),
        400u);
}

TEST(emulator_limit, a_larger_body_is_refused_while_it_is_being_sent)
{
    emulator_options options;
    options.body_limit = 1000;
    emulator const server{options};
    auto client = connect(server);
    client.send(post(std::string(3'000'000, 'x')));
    auto const response = client.read();
    EXPECT_EQ(response.result_int(), 413u);
    EXPECT_FALSE(response.keep_alive());
    auto chunked = connect(server);
    chunked.send(
        "POST /v1/responses HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3e9\r\n" +
        std::string(1001, 'x') + "\r\n0\r\n\r\n");
    EXPECT_EQ(chunked.read().result_int(), 413u);
    EXPECT_EQ(server.statistics().requests, 0u);
    EXPECT_EQ(server.statistics().answered.at(413), 2u);
}

TEST(emulator_limit, a_slow_client_is_told_and_left)
{
    emulator_options options;
    options.request_timeout = 100ms;
    emulator const server{options};
    for (auto const beginning :
         {"POST /v1/re", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"})
    {
        auto client = connect(server);
        client.send(beginning);
        EXPECT_EQ(client.read().result_int(), 408u);
        EXPECT_EQ(client.read_rest().end, net::error::eof);
    }
}

TEST(emulator_limit, an_idle_connection_is_closed_in_an_orderly_way)
{
    emulator_options options;
    options.idle_timeout = 100ms;
    emulator const server{options};
    auto client = connect(server);
    client.send(post(question("hello")));
    EXPECT_TRUE(client.read().keep_alive());
    auto const rest = client.read_rest();
    EXPECT_EQ(rest.end, net::error::eof);
    EXPECT_EQ(rest.bytes, "");
}

// ---- Connections

TEST(emulator_connection, serves_many_requests)
{
    emulator const server;
    auto client = connect(server);
    for (int i = 0; i < 20; ++i) {
        client.send(post(question(std::to_string(i))));
        EXPECT_EQ(output_text(client.read().body()), "prompt: " + std::to_string(i));
    }
    EXPECT_EQ(server.statistics().connections_accepted, 1u);
    EXPECT_EQ(server.statistics().answered.at(200), 20u);
    EXPECT_EQ(server.ledger().back().request_on_connection, 20u);
}

TEST(emulator_connection, answers_pipelined_requests_in_order)
{
    // Some wait before they are answered, so that the next ones have arrived meanwhile.
    emulator const server{with_script([](request_view const& request) {
        return behaviour::normal(request.sequence % 3 == 0 ? 5ms : 0ms);
    })};
    auto client = connect(server);
    std::string all;
    for (int i = 0; i < 30; ++i)
        all += post(question(std::to_string(i)));
    client.send(all);
    for (int i = 0; i < 30; ++i)
        EXPECT_EQ(output_text(client.read().body()), "prompt: " + std::to_string(i));
}

TEST(emulator_connection, reads_a_body_however_it_comes)
{
    emulator const server;
    auto client = connect(server);
    auto const body = question("in chunks");
    std::string chunks = "POST /v1/responses HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                         "Authorization: Bearer sk-emulator\r\n"
                         "Content-Type: application/json\r\n\r\n";
    for (char const c : body)
        chunks.append("1\r\n").append(1, c).append("\r\n");
    client.send(chunks + "0\r\n\r\n");
    EXPECT_EQ(output_text(client.read().body()), "prompt: in chunks");
    for (char const c : post(question("by bytes")))
        client.send({&c, 1});
    EXPECT_EQ(output_text(client.read().body()), "prompt: by bytes");
}

TEST(emulator_connection, tells_a_client_that_asks_to_continue)
{
    emulator const server;
    auto client = connect(server);
    auto const text = post(question("go on"), "Expect: 100-continue\r\n");
    auto const head = text.find("\r\n\r\n") + 4;
    client.send(text.substr(0, head));
    EXPECT_EQ(client.read_bytes(25), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send(text.substr(head));
    EXPECT_EQ(output_text(client.read().body()), "prompt: go on");
}

TEST(emulator_connection, is_closed_when_the_client_wants_it)
{
    emulator const server;
    auto const get = [&](std::string const& request) {
        auto client = connect(server);
        client.send(request);
        auto const response = client.read();
        if (response.keep_alive())
            return true;
        EXPECT_EQ(client.read_rest().end, net::error::eof);
        return false;
    };
    EXPECT_TRUE(get("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT_FALSE(get("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    EXPECT_FALSE(get("GET / HTTP/1.0\r\n\r\n"));
    EXPECT_TRUE(get("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(emulator_connection, is_closed_when_the_server_wants_it)
{
    emulator_options options;
    options.max_requests_per_connection = 2;
    emulator const server{options};
    auto client = connect(server);
    client.send(post(question("one")) + post(question("two")) + post(question("three")));
    EXPECT_TRUE(client.read().keep_alive());
    EXPECT_FALSE(client.read().keep_alive());
    EXPECT_EQ(client.read_rest().end, net::error::eof);
    options.keep_alive = false;
    emulator const single{options};
    EXPECT_FALSE(ask(single, question("one")).keep_alive());
}

TEST(emulator_connection, idle_ones_can_be_closed_at_once)
{
    emulator server{with_script([](request_view const& request) {
        return request.sequence == 3 ? behaviour::stall() : behaviour{};
    })};
    auto used = connect(server);
    auto other = connect(server);
    for (auto const client : {&used, &other}) {
        client->send(post(question("hello")));
        client->read();
    }
    auto const fresh = connect(server);
    auto busy = connect(server);
    busy.send(post(question("wait")));
    ASSERT_TRUE(server.wait_for(
        [](auto& s) { return s.stalled == 1 && s.connections_idle == 3; }, patience));
    EXPECT_EQ(server.close_idle_connections(), 3u);
    EXPECT_EQ(server.statistics().connections_open, 1u);
    EXPECT_EQ(server.statistics().connections_idle, 0u);
    EXPECT_EQ(used.read_rest().end, net::error::eof);
    EXPECT_EQ(other.read_rest().end, net::error::eof);
    EXPECT_EQ(server.close_idle_connections(), 0u);
    server.release_stalled();
    EXPECT_EQ(busy.read().result_int(), 200u);
}

TEST(emulator_connection, many_are_served_at_once)
{
    emulator server{always(behaviour::stall())};
    std::vector<std::unique_ptr<blocking_client>> clients;
    for (int i = 0; i < 200; ++i) {
        clients.push_back(std::make_unique<blocking_client>(server.port()));
        clients.back()->send(post(question(std::to_string(i))));
    }
    ASSERT_TRUE(server.wait_for([](auto& s) { return s.stalled == 200; }, patience));
    EXPECT_EQ(server.statistics().connections_open, 200u);
    server.release_stalled();
    for (int i = 0; i < 200; ++i)
        EXPECT_EQ(
            output_text(clients[static_cast<std::size_t>(i)]->read().body()),
            "prompt: " + std::to_string(i));
    clients.clear();
    EXPECT_TRUE(server.wait_for([](auto& s) { return s.connections_open == 0; }, patience));
}

// ---- TLS

TEST(emulator_tls, sessions_are_resumed)
{
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        emulator const server;
        client_settings const settings{.ca = server.ca_certificate_pem(), .only_version = version};
        blocking_client first{server.port(), settings};
        first.send(post(question("one")));
        first.read();
        EXPECT_FALSE(first.resumed());
        blocking_client second{server.port(), settings, first.session()};
        second.send(post(question("two")));
        EXPECT_EQ(second.read().result_int(), 200u);
        EXPECT_TRUE(second.resumed());
        EXPECT_EQ(server.statistics().tls_handshakes, 2u);
        EXPECT_EQ(server.statistics().tls_resumed, 1u);
    }
}

TEST(emulator_tls, versions_are_bounded)
{
    emulator_options options;
    options.max_tls = tls_version::v1_2;
    emulator const server{options};
    EXPECT_EQ(connect(server).cipher_version(), "TLSv1.2");
    EXPECT_THROW(
        (blocking_client{server.port(), {.only_version = TLS1_3_VERSION}}),
        boost::system::system_error);
    EXPECT_TRUE(server.wait_for([](auto& s) { return s.tls_failed == 1; }, patience));
    options.min_tls = options.max_tls = tls_version::v1_3;
    emulator const newest{options};
    EXPECT_EQ(connect(newest).cipher_version(), "TLSv1.3");
    options.max_tls = tls_version::v1_2;
    EXPECT_THROW(emulator{options}, std::invalid_argument);
}

TEST(emulator_tls, bad_certificates_are_refused_by_clients)
{
    for (auto const kind :
         {certificate_kind::expired, certificate_kind::not_yet_valid, certificate_kind::wrong_host,
          certificate_kind::self_signed, certificate_kind::unknown_ca,
          certificate_kind::missing_intermediate})
    {
        emulator_options options;
        options.certificate = kind;
        emulator const server{options};
        EXPECT_THROW(connect(server), boost::system::system_error);
        EXPECT_TRUE(server.wait_for([](auto& s) { return s.connections_open == 0; }, patience));
        // The handshake of TLS 1.3 is over for the server before the client has judged.
        blocking_client careless{server.port()};
        careless.send(post(question("anyway")));
        EXPECT_EQ(careless.read().result_int(), 200u);
    }
}

TEST(emulator_tls, a_chain_is_sent)
{
    emulator_options options;
    options.certificate = certificate_kind::with_intermediate;
    emulator const server{options};
    EXPECT_EQ(ask(server, question("hello")).result_int(), 200u);
}

TEST(emulator_tls, can_be_too_old)
{
    for (auto const& [version, number, name] :
         {std::tuple{tls_version::v1_0, TLS1_VERSION, "TLSv1"},
          std::tuple{tls_version::v1_1, TLS1_1_VERSION, "TLSv1.1"}})
    {
        emulator_options options;
        options.min_tls = options.max_tls = version;
        emulator const server{options};
        EXPECT_THROW(connect(server), boost::system::system_error);
        client_settings const settings{.ca = server.ca_certificate_pem(), .only_version = number};
        blocking_client old{server.port(), settings};
        EXPECT_EQ(old.cipher_version(), name);
        old.send(post(question("hello")));
        EXPECT_EQ(old.read().result_int(), 200u);
    }
}

TEST(emulator_tls, can_require_a_certificate_of_the_client)
{
    emulator_options options;
    options.require_client_certificate = true;
    emulator const server{options};
    emulator const other;
    client_settings settings{
        .ca = server.ca_certificate_pem(),
        .certificate = server.client_certificate_pem(),
        .private_key = server.client_private_key_pem()};
    blocking_client known{server.port(), settings};
    known.send(post(question("hello")));
    EXPECT_EQ(known.read().result_int(), 200u);
    // TLS 1.3 is agreed before the server has seen the certificate, or that there is none.
    auto nobody = connect(server);
    EXPECT_TRUE(nobody.read_rest().end);
    settings.certificate = other.client_certificate_pem();
    settings.private_key = other.client_private_key_pem();
    blocking_client unknown{server.port(), settings};
    EXPECT_TRUE(unknown.read_rest().end);
    EXPECT_TRUE(server.wait_for([](auto& s) { return s.tls_failed == 2; }, patience));
    EXPECT_EQ(server.statistics().tls_handshakes, 1u);
    options.tls = false;
    EXPECT_THROW(emulator{options}, std::invalid_argument);
}

TEST(emulator_tls, what_is_not_tls_is_a_failed_handshake)
{
    emulator const server;
    blocking_client plain{server.port(), {.tls = false}};
    plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    plain.read_rest();
    EXPECT_TRUE(server.wait_for([](auto& s) { return s.tls_failed == 1; }, patience));
}

// ---- Scripts

// The error with which a TLS client sees its connection end.
boost::system::error_code end_of(closing how)
{
    if (how == closing::orderly)
        return net::error::eof;
    return how == closing::abrupt ? boost::system::error_code{net::ssl::error::stream_truncated}
                                  : net::error::connection_reset;
}

constexpr closing all_closings[] = {closing::orderly, closing::abrupt, closing::reset};

TEST(emulator_script, closes_before_the_response)
{
    for (auto const how : all_closings) {
        emulator const server{always(behaviour::close_before_response(how))};
        auto client = connect(server);
        client.send(post(question("hello")));
        auto const rest = client.read_rest();
        EXPECT_EQ(rest.end, end_of(how)) << rest.end.message();
        EXPECT_EQ(rest.bytes, "");
        EXPECT_EQ(server.statistics().aborted, 1u);
        EXPECT_TRUE(server.statistics().answered.empty());
        EXPECT_EQ(server.ledger().at(0).status, 0u);
        EXPECT_TRUE(server.ledger().at(0).aborted);
    }
}

TEST(emulator_script, closes_within_the_response)
{
    for (auto const how : {closing::orderly, closing::abrupt}) {
        for (std::size_t const size : {1u, 17u, 600u, 1500u}) {
            emulator const server{always(behaviour::close_within_response(size, how))};
            auto client = connect(server);
            client.send(post(question("hello")));
            auto const rest = client.read_rest();
            EXPECT_EQ(rest.end, end_of(how)) << rest.end.message();
            EXPECT_EQ(rest.bytes.size(), size);
            EXPECT_TRUE(rest.bytes.starts_with("H"));
            EXPECT_EQ(server.statistics().aborted, 1u);
            EXPECT_EQ(server.statistics().answered.at(200), 1u);
        }
    }
}

TEST(emulator_script, resets_within_the_response)
{
    emulator const server{always(behaviour::close_within_response(100, closing::reset))};
    auto client = connect(server);
    client.send(post(question("hello")));
    EXPECT_EQ(client.read_rest().end, net::error::connection_reset);
}

TEST(emulator_script, closes_after_the_response_without_a_word)
{
    emulator const server{always(behaviour::close_after_response())};
    auto client = connect(server);
    client.send(post(question("hello")));
    EXPECT_TRUE(client.read().keep_alive());
    EXPECT_EQ(client.read_rest().end, net::error::eof);
    EXPECT_EQ(server.statistics().aborted, 0u);
}

TEST(emulator_script, sends_a_canned_reply)
{
    emulator const server{with_script([](request_view const& request) {
        if (request.sequence == 1)
            return behaviour::error(
                429, "rate_limit_exceeded", "Slow down.", {{"Retry-After", "2"}});
        canned_reply reply{.status = 502, .body = "<html>", .content_type = "text/html"};
        reply.headers = {{"Connection", "close"}, {"Server", "proxy"}};
        return behaviour::reply(reply);
    })};
    auto client = connect(server);
    client.send(post(question("one")) + post(question("two")));
    auto const limited = client.read();
    EXPECT_EQ(error_of(limited), "429 rate_limit_exceeded");
    EXPECT_EQ(limited[http::field::retry_after], "2");
    EXPECT_TRUE(limited.keep_alive());
    auto const proxy = client.read();
    EXPECT_EQ(proxy.result_int(), 502u);
    EXPECT_EQ(proxy[http::field::content_type], "text/html");
    EXPECT_EQ(proxy.body(), "<html>");
    EXPECT_FALSE(proxy.keep_alive());
    EXPECT_EQ(client.read_rest().end, net::error::eof);
    EXPECT_EQ(
        server.statistics().answered, (std::map<unsigned, std::uint64_t>{{429, 1}, {502, 1}}));
}

TEST(emulator_script, sends_raw_bytes)
{
    emulator const server{always(behaviour::raw("SSH-2.0-not this\r\n"))};
    auto client = connect(server);
    client.send(post(question("hello")));
    auto const rest = client.read_rest();
    EXPECT_EQ(rest.bytes, "SSH-2.0-not this\r\n");
    EXPECT_EQ(rest.end, net::error::eof);
    EXPECT_TRUE(server.statistics().answered.empty());
}

TEST(emulator_script, stalls_until_it_is_released)
{
    emulator server{with_script([](request_view const& request) {
        return behaviour::stall(request.sequence == 1 ? 0 : 50);
    })};
    auto one = connect(server);
    one.send(post(question("one")));
    ASSERT_TRUE(server.wait_for([](auto& s) { return s.stalled == 1; }, patience));
    auto two = connect(server);
    two.send(post(question("two")));
    ASSERT_TRUE(server.wait_for([](auto& s) { return s.stalled == 2; }, patience));
    EXPECT_TRUE(two.read_bytes(50).starts_with("HTTP/1.1 200 OK"));
    EXPECT_EQ(server.statistics().answered.at(200), 1u);
    server.release_stalled(7);
    server.release_stalled(1);
    EXPECT_EQ(output_text(one.read().body()), "prompt: one");
    EXPECT_EQ(server.statistics().stalled, 1u);
    server.release_stalled();
    EXPECT_TRUE(server.wait_for([](auto& s) { return s.stalled == 0; }, patience));
}

TEST(emulator_script, sends_slices)
{
    emulator const server{always(behaviour::slices(7, 100us))};
    auto client = connect(server);
    client.send(post(question("描述这张图片中的内容")));
    EXPECT_EQ(output_text(client.read().body()), "prompt: 描述这张图片中的内容");
    client.send(post(question("and again")));
    EXPECT_EQ(output_text(client.read().body()), "prompt: and again");
}

TEST(emulator_script, sees_the_request)
{
    std::vector<std::string> seen;
    {
        emulator const server{with_script([&](request_view const& request) {
            seen.push_back(
                std::to_string(request.sequence) + ' ' + std::to_string(request.connection) + ' ' +
                std::to_string(request.request_on_connection) + ' ' + std::string(request.method) +
                ' ' + std::string(request.target) + ' ' + std::string(request.header("x-test")) +
                ' ' + std::string(request.body));
            return behaviour::reply({.status = 204, .content_type = ""});
        })};
        auto one = connect(server);
        auto two = connect(server);
        one.send("GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-Test: 1\r\n\r\n");
        EXPECT_EQ(one.read().result_int(), 204u);
        two.send("POST /d HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
        EXPECT_EQ(two.read().result_int(), 204u);
        one.send("DELETE /e HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_EQ(one.read().result_int(), 204u);
    }
    EXPECT_EQ(
        seen, (std::vector<std::string>{
                  "1 1 1 GET /a?b=c 1 ", "2 2 1 POST /d  hi", "3 1 2 DELETE /e  "}));
}

TEST(emulator_script, decides_about_connections)
{
    emulator_options options;
    options.connection_script = [](std::uint64_t connection) {
        constexpr connection_behaviour all[] = {
            connection_behaviour::close,        connection_behaviour::reset,
            connection_behaviour::no_handshake, connection_behaviour::bad_handshake,
            connection_behaviour::never_read,   connection_behaviour::serve};
        return all[(connection - 1) % 6];
    };
    emulator const server{options};
    client_settings const plain{.tls = false};
    EXPECT_EQ((blocking_client{server.port(), plain}.read_rest().end), net::error::eof);
    EXPECT_EQ(
        (blocking_client{server.port(), plain}.read_rest().end), net::error::connection_reset);
    {
        blocking_client silent{server.port(), plain};
        silent.send("anybody there?");
        ASSERT_TRUE(server.wait_for([](auto& s) { return s.connections_open == 1; }, patience));
    }
    EXPECT_TRUE(server.wait_for([](auto& s) { return s.connections_open == 0; }, patience));
    EXPECT_THROW(blocking_client{server.port()}, boost::system::system_error);
    blocking_client unheard{server.port()};
    unheard.send(post(question("hello")));
    blocking_client served{server.port()};
    served.send(post(question("hello")));
    EXPECT_EQ(served.read().result_int(), 200u);
    EXPECT_EQ(server.statistics().requests, 1u);
}

TEST(emulator_script, breaks_a_handshake_off_after_any_byte_sent)
{
    // What the server sends up to the end of the client's handshake, found by trying.
    std::size_t last_broken = 0;
    for (std::size_t bytes = 0;; bytes += bytes < 300 ? 1 : 37) {
        emulator_options options;
        connection_plan plan;
        plan.close_after_sent = bytes;
        options.connection_script = [plan](std::uint64_t) { return plan; };
        emulator const server{options};
        try {
            connect(server);
            break;
        }
        catch (boost::system::system_error const&) {
            last_broken = bytes;
        }
        ASSERT_TRUE(server.wait_for([](auto& s) { return s.connections_open == 0; }, patience));
    }
    EXPECT_GT(last_broken, 300u);
    EXPECT_LT(last_broken, 3000u);
}

TEST(emulator_script, breaks_a_connection_off_after_bytes_received)
{
    for (auto const how : all_closings) {
        emulator_options options;
        options.connection_script = [how](std::uint64_t connection) {
            connection_plan plan;
            plan.close_after_received = connection == 1 ? 1 : 700;
            plan.how = how;
            return plan;
        };
        emulator const server{options};
        EXPECT_THROW(connect(server), boost::system::system_error);
        auto client = connect(server);
        client.send(post(question(std::string(2000, 'x'))));
        EXPECT_TRUE(client.read_rest().end);
        EXPECT_TRUE(server.wait_for([](auto& s) { return s.connections_open == 0; }, patience));
        EXPECT_EQ(server.statistics().requests, 0u);
        EXPECT_EQ(server.statistics().tls_failed, 1u);
    }
}

TEST(emulator_script, resets_an_idle_connection_when_the_next_request_begins)
{
    emulator const server{with_script([](request_view const&) {
        behaviour once;
        once.next = next_request::reset_at_first_byte;
        return once;
    })};
    auto client = connect(server);
    client.send(post(question("one")));
    EXPECT_EQ(output_text(client.read().body()), "prompt: one");
    ASSERT_TRUE(server.wait_for([](auto& s) { return s.connections_idle == 1; }, patience));
    EXPECT_EQ(server.statistics().connections_open, 1u);
    client.send(post(question("two")));
    EXPECT_EQ(client.read_rest().end, net::error::connection_reset);
    EXPECT_TRUE(server.wait_for([](auto& s) { return s.connections_open == 0; }, patience));
    EXPECT_EQ(server.statistics().requests, 1u);
}

TEST(emulator_script, closes_with_the_next_request_read_and_unanswered)
{
    for (auto const how : all_closings) {
        emulator const server{with_script([how](request_view const&) {
            behaviour once;
            once.next = next_request::close_unanswered;
            once.how = how;
            return once;
        })};
        auto client = connect(server);
        client.send(post(question("one")));
        EXPECT_EQ(output_text(client.read().body()), "prompt: one");
        client.send(post(question("two")));
        EXPECT_EQ(client.read_rest().end, end_of(how));
        auto const record = server.ledger().at(1);
        EXPECT_FALSE(record.executed);
        EXPECT_FALSE(record.complete);
        EXPECT_TRUE(record.aborted);
    }
}

TEST(emulator_script, can_spoil_the_first_request_of_a_connection)
{
    for (auto const first : {next_request::reset_at_first_byte, next_request::close_unanswered}) {
        emulator_options options;
        options.connection_script = [first](std::uint64_t) {
            connection_plan plan;
            plan.first = first;
            return plan;
        };
        emulator const server{options};
        auto client = connect(server);
        client.send(post(question("one")));
        EXPECT_EQ(client.read_rest().end, net::error::connection_reset);
    }
}

TEST(emulator_connection, idle_ones_can_be_sent_what_nobody_asked_for)
{
    emulator server;
    auto client = connect(server);
    client.send(post(question("one")));
    client.read();
    ASSERT_TRUE(server.wait_for([](auto& s) { return s.connections_idle == 1; }, patience));
    EXPECT_EQ(server.send_to_idle_connections("HTTP/1.1 408 Request Timeout\r\n"), 1u);
    EXPECT_EQ(client.read_bytes(30), "HTTP/1.1 408 Request Timeout\r\n");
    client.send(post(question("two")));
    EXPECT_EQ(output_text(client.read().body()), "prompt: two");
}

TEST(emulator_connection, new_ones_can_be_refused_for_a_time)
{
    emulator server;
    auto client = connect(server);
    server.stop_listening();
    server.stop_listening();
    try {
        connect(server);
        FAIL() << "accepted";
    }
    catch (boost::system::system_error const& error) {
        EXPECT_EQ(error.code(), net::error::connection_refused);
    }
    client.send(post(question("still there")));
    EXPECT_EQ(client.read().result_int(), 200u);
    server.listen();
    server.listen();
    EXPECT_EQ(ask(server, question("back again")).result_int(), 200u);
    server.stop_listening();
    emulator_options options;
    options.port = server.port();
    emulator const other{options};
    EXPECT_THROW(server.listen(), boost::system::system_error);
}

// ---- The catalogue of faults

class emulator_fault : public ::testing::TestWithParam<fault_description>
{
protected:
    emulator server{always(make_behaviour(GetParam().id))};

    bool is_endless() const
    {
        return GetParam().id == fault::header_endless ||
               GetParam().id == fault::chunk_extension_endless;
    }
};

// After what the interim responses announce.
blocking_client::response read_final(blocking_client& client)
{
    for (;;) {
        auto response = client.read();
        if (response.result_int() >= 200)
            return response;
    }
}

TEST_P(emulator_fault, does_what_the_catalogue_says)
{
    {
        auto client = connect(server);
        client.send(post(question("hello"), "Connection: close\r\n"));
        if (is_endless())
            client.read_bytes(300'000);
        else
            EXPECT_TRUE(client.read_rest().end);
    }
    ASSERT_TRUE(server.wait_for([](auto& s) { return s.connections_open == 0; }, patience));
    auto const record = server.ledger().at(0);
    EXPECT_EQ(record.cause, GetParam().id);
    EXPECT_EQ(record.executed, GetParam().executed);
    EXPECT_EQ(record.complete, GetParam().complete);
}

class emulator_unusual_answer : public emulator_fault
{
};

TEST_P(emulator_unusual_answer, is_a_good_one)
{
    auto client = connect(server);
    client.send(post(question("hello")));
    auto const response = read_final(client);
    EXPECT_EQ(response.result_int(), 200u);
    EXPECT_EQ(output_text(response.body()), "prompt: hello");
}

std::vector<fault_description> usable_faults()
{
    std::vector<fault_description> result;
    std::ranges::copy_if(all_faults(), std::back_inserter(result), &fault_description::usable);
    return result;
}

INSTANTIATE_TEST_SUITE_P(
    all, emulator_fault, ::testing::ValuesIn(all_faults().begin(), all_faults().end()),
    [](auto const& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(
    all, emulator_unusual_answer, ::testing::ValuesIn(usable_faults()),
    [](auto const& test) { return std::string(test.param.name); });

TEST(emulator_faults, say_when_to_try_again)
{
    auto const field_of = [](fault what, char const* name) {
        emulator const server{always(make_behaviour(what))};
        auto const response = ask(server, question("hello"));
        return std::to_string(response.result_int()) + ' ' + std::string(response[name]);
    };
    EXPECT_EQ(field_of(fault::status_408_retry_after, "retry-after"), "408 1");
    EXPECT_EQ(field_of(fault::status_408, "retry-after"), "408 ");
    EXPECT_EQ(field_of(fault::status_429_rate_limit_retry_after_ms, "retry-after-ms"), "429 20");
    EXPECT_EQ(field_of(fault::status_504_should_retry, "x-should-retry"), "504 true");
    EXPECT_EQ(field_of(fault::status_529_should_not_retry, "x-should-retry"), "529 false");
    EXPECT_TRUE(field_of(fault::retry_after_date, "retry-after").ends_with(" GMT"));
    EXPECT_EQ(
        field_of(fault::redirect_308, "location"), "308 https://elsewhere.invalid/v1/responses");
}

TEST(emulator_faults, report_errors_as_the_api_does)
{
    auto const error_from = [](fault what) {
        emulator const server{always(make_behaviour(what))};
        auto const response = ask(server, question("hello"));
        return error_of(response) + ' ' + param_of(response);
    };
    EXPECT_EQ(error_from(fault::status_429_insufficient_quota), "429 insufficient_quota null");
    EXPECT_EQ(
        error_from(fault::status_429_credit_balance_should_retry),
        "429 credit_balance_exhausted null");
    EXPECT_EQ(error_from(fault::status_429_rate_limit), "429 rate_limit_exceeded null");
    EXPECT_EQ(error_from(fault::image_url_invalid), "400 invalid_image_url null");
    EXPECT_EQ(error_from(fault::image_download_timeout), "400 invalid_value url");
    EXPECT_EQ(error_from(fault::image_too_large), "400 invalid_image null");
}

TEST(emulator_faults, send_late_what_nobody_asked_for)
{
    emulator const server{with_script([](request_view const& request) {
        return make_behaviour(
            request.sequence == 1 ? fault::second_response_late : fault::timeout_response_late);
    })};
    auto client = connect(server);
    client.send(post(question("hello")));
    EXPECT_EQ(output_text(client.read().body()), "prompt: hello");
    EXPECT_EQ(output_text(client.read().body()), "another prompt: hello");
    client.send(post(question("hello")));
    EXPECT_EQ(output_text(client.read().body()), "prompt: hello");
    EXPECT_EQ(client.read().result_int(), 408u);
    EXPECT_EQ(client.read_rest().end, net::error::eof);
}

// ---- The ledger

TEST(emulator_ledger, says_what_was_executed_and_what_was_sent)
{
    std::vector<exchange_record> finished;
    emulator_options options;
    options.ledger_limit = 0;
    options.on_exchange = [&](exchange_record const& record) { finished.push_back(record); };
    options.script = [](request_view const& request) {
        switch (request.sequence) {
        case 1:
            return behaviour{};
        case 2:
            return behaviour::error(500, "");
        case 3:
            return behaviour::close_within_response(100);
        default:
            return behaviour::stall();
        }
    };
    auto server = std::make_unique<emulator>(options);
    auto client = connect(*server);
    client.send(post(question("a"), "X-Client-Request-Id: a\r\n"));
    client.read();
    client.send(post(question("b")));
    client.read();
    client.send(post(question("c")));
    client.read_rest();
    auto stalled = connect(*server);
    stalled.send(post(question("d")));
    ASSERT_TRUE(server->wait_for([](auto& s) { return s.stalled == 1; }, patience));
    EXPECT_TRUE(server->ledger().empty());
    // What is cut off is recorded as well.
    server.reset();
    auto const shape = [](exchange_record const& record) {
        return std::to_string(record.sequence) + (record.executed ? " executed" : "") +
               (record.complete ? " complete" : "") + (record.aborted ? " aborted" : "");
    };
    ASSERT_EQ(finished.size(), 4u);
    EXPECT_EQ(finished.at(0).client_request_id, "a");
    EXPECT_EQ(shape(finished.at(0)), "1 executed complete");
    EXPECT_EQ(shape(finished.at(1)), "2 complete");
    EXPECT_EQ(shape(finished.at(2)), "3 executed aborted");
    EXPECT_EQ(shape(finished.at(3)), "4 executed");
}

TEST(emulator_ledger, counts_requests_that_came_only_partly)
{
    emulator const server;
    {
        auto client = connect(server);
        client.send(post(question("hello")).substr(0, 100));
        // Let it arrive.
        ASSERT_TRUE(server.wait_for(
            [](auto& s) { return s.connections_open == 1 && s.connections_idle == 0; }, patience));
    }
    EXPECT_TRUE(server.wait_for([](auto& s) { return s.requests_incomplete == 1; }, patience));
    EXPECT_EQ(server.statistics().requests, 0u);
}

// ---- Time

TEST(emulator_latency, is_waited_for_and_reported)
{
    emulator_options options;
    options.latency = fixed_latency{30ms};
    emulator const server{options};
    auto client = connect(server);
    auto const start = std::chrono::steady_clock::now();
    client.send(post(question("hello")));
    auto const response = client.read();
    EXPECT_GE(std::chrono::steady_clock::now() - start, 30ms);
    EXPECT_EQ(response["openai-processing-ms"], "31");
}

TEST(emulator_latency, a_client_that_leaves_meanwhile_is_noticed)
{
    emulator_options options;
    options.latency = fixed_latency{1h};
    emulator const server{options};
    {
        auto client = connect(server);
        client.send(post(question("hello"), "X-Client-Request-Id: gone\r\n"));
        ASSERT_TRUE(server.wait_for([](auto& s) { return s.requests == 1; }, patience));
    }
    EXPECT_TRUE(server.wait_for(
        [](auto& s) { return s.aborted == 1 && s.connections_open == 0; }, patience));
    auto const record = server.ledger().at(0);
    EXPECT_EQ(record.client_request_id, "gone");
    EXPECT_EQ(record.status, 0u);
    EXPECT_TRUE(record.aborted);
}

// ---- Rate limits

TEST(emulator_rate_limit, refuses_what_is_too_many_and_says_so)
{
    emulator_options options;
    options.rate_limits = {.requests = 2};
    emulator const server{options};
    auto client = connect(server);
    for (auto const remaining : {"1", "0"}) {
        client.send(post(question("hello")));
        auto const response = client.read();
        EXPECT_EQ(response.result_int(), 200u);
        EXPECT_EQ(response["x-ratelimit-limit-requests"], "2");
        EXPECT_EQ(response["x-ratelimit-remaining-requests"], remaining);
        EXPECT_FALSE(response["x-ratelimit-reset-requests"].empty());
        EXPECT_EQ(response.find("x-ratelimit-limit-tokens"), response.end());
    }
    client.send(post(question("hello")));
    auto const response = client.read();
    EXPECT_EQ(error_of(response), "429 rate_limit_exceeded");
    EXPECT_EQ(json::parse(response.body()).at("error").at("type"), "requests");
    EXPECT_EQ(response["x-ratelimit-remaining-requests"], "0");
    auto const seconds = std::stoi(std::string(response["retry-after"]));
    auto const milliseconds = std::stoi(std::string(response["retry-after-ms"]));
    EXPECT_GT(milliseconds, 0);
    EXPECT_LE(milliseconds, 60'000);
    EXPECT_EQ(seconds, (milliseconds + 999) / 1000);
    auto const statistics = server.statistics();
    EXPECT_EQ(statistics.rate_limited, 1u);
    EXPECT_EQ(statistics.most_in_window, 2u);
}

TEST(emulator_rate_limit, accepts_again_when_the_window_has_passed)
{
    emulator_options options;
    options.rate_limits = {.requests = 1, .window = 100ms};
    emulator const server{options};
    auto client = connect(server);
    // What was refused does not count, so that a client may as well ask all the time.
    for (unsigned accepted = 0; accepted < 3;) {
        client.send(post(question("hello")));
        auto const response = client.read();
        if (response.result_int() == 200)
            ++accepted;
        else
            EXPECT_LE(std::stoi(std::string(response["retry-after-ms"])), 100);
    }
    EXPECT_GE(server.statistics().rate_limited, 2u);
    EXPECT_EQ(server.statistics().most_in_window, 1u);
}

TEST(emulator_rate_limit, counts_the_tokens_of_the_answer)
{
    emulator_options options;
    options.rate_limits = {.tokens = 150};
    emulator const server{options};
    auto const first = ask(server, question("hello"));
    auto const used = json::parse(first.body()).at("usage").at("total_tokens").as_int64();
    ASSERT_GT(used, 150);
    EXPECT_EQ(first["x-ratelimit-remaining-tokens"], "0");
    auto const second = ask(server, question("hello"));
    EXPECT_EQ(error_of(second), "429 rate_limit_exceeded");
    EXPECT_EQ(json::parse(second.body()).at("error").at("type"), "tokens");
    auto const other_model = ask(server, R"({"model":"gpt-4o","input":"hi"})");
    EXPECT_EQ(other_model.result_int(), 200u);
}

TEST(emulator_rate_limit, can_be_silent)
{
    emulator_options options;
    options.rate_limits = {.requests = 1, .send_headers = false, .send_retry_after = false};
    emulator const server{options};
    ask(server, question("hello"));
    auto const response = ask(server, question("hello"));
    EXPECT_EQ(response.result_int(), 429u);
    for (auto const& field : response)
        EXPECT_EQ(std::string(field.name_string()).find("atelimit"), std::string::npos);
    EXPECT_EQ(response["retry-after"], "");
    EXPECT_EQ(response["retry-after-ms"], "");
}

TEST(emulator_rate_limit, errors_count_if_asked_for)
{
    auto const bad = R"({"model":"gpt-5-mini","input":"hi","previous_response_id":"resp_x"})"s;
    for (bool const count : {false, true}) {
        emulator_options options;
        options.rate_limits = {.requests = 1, .count_refused = count};
        emulator const server{options};
        EXPECT_EQ(ask(server, bad).result_int(), 400u);
        EXPECT_EQ(ask(server, question("hello")).result_int(), count ? 429u : 200u);
    }
}

// ---- The object

TEST(emulator_object, counts_and_records)
{
    emulator const server;
    auto const before = server.statistics();
    EXPECT_EQ(before, emulator_statistics{});
    auto client = connect(server);
    client.send(post(question("hello"), "X-Client-Request-Id: a-1\r\n"));
    client.read();
    client.send("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
    client.read();
    ASSERT_TRUE(server.wait_for([](auto& s) { return s.connections_idle == 1; }, patience));
    auto const after = server.statistics();
    EXPECT_EQ(
        after, (emulator_statistics{
                   .connections_accepted = 1,
                   .connections_open = 1,
                   .connections_idle = 1,
                   .tls_handshakes = 1,
                   .requests = 2,
                   .answered = {{200, 1}, {404, 1}}}));
    std::vector<exchange_record> const expected{
        {.sequence = 1,
         .connection = 1,
         .request_on_connection = 1,
         .method = "POST",
         .target = "/v1/responses",
         .client_request_id = "a-1",
         .status = 200,
         .executed = true,
         .complete = true},
        {.sequence = 2,
         .connection = 1,
         .request_on_connection = 2,
         .method = "GET",
         .target = "/nothing",
         .status = 404,
         .complete = true}};
    EXPECT_EQ(server.ledger(), expected);
    EXPECT_FALSE(server.wait_for([](auto& s) { return s.requests == 3; }, 1ms));
}

TEST(emulator_object, keeps_the_latest_records)
{
    emulator_options options;
    options.ledger_limit = 2;
    emulator const server{options};
    auto client = connect(server);
    for (int i = 0; i < 3; ++i) {
        client.send(post(question("hello")));
        client.read();
    }
    auto const ledger = server.ledger();
    ASSERT_EQ(ledger.size(), 2u);
    EXPECT_EQ(ledger.at(0).sequence, 2u);
    EXPECT_EQ(ledger.at(1).sequence, 3u);
    EXPECT_EQ(ledger.at(1).status, 200u);
}

TEST(emulator_object, ends_with_connections_in_every_state)
{
    auto server = std::make_unique<emulator>(with_script([](request_view const& request) {
        return request.sequence == 1 ? behaviour::stall() : behaviour::stall(20);
    }));
    auto const port = server->port();
    auto const ca = server->ca_certificate_pem();
    blocking_client idle{port, {.ca = ca}};
    blocking_client half_sent{port, {.ca = ca}};
    half_sent.send("POST /v1/responses HTTP/1.1\r\nHo");
    blocking_client no_handshake{port, {.tls = false}};
    blocking_client stalled{port, {.ca = ca}};
    stalled.send(post(question("one")));
    ASSERT_TRUE(server->wait_for([](auto& s) { return s.stalled == 1; }, patience));
    blocking_client half_answered{port, {.ca = ca}};
    half_answered.send(post(question("two")));
    ASSERT_TRUE(server->wait_for([](auto& s) { return s.stalled == 2; }, patience));
    server.reset();
    for (auto const client : {&idle, &half_sent, &no_handshake, &stalled, &half_answered})
        EXPECT_TRUE(client->read_rest().end);
    EXPECT_THROW((blocking_client{port, {.tls = false}}), boost::system::system_error);
}

TEST(emulator_object, ends_while_it_fetches)
{
    emulator const origin{always(behaviour::stall())};
    {
        emulator const server;
        auto client = connect(server);
        client.send(post(question("?", {origin.image_url("a.png")})));
        ASSERT_TRUE(origin.wait_for([](auto& s) { return s.stalled == 1; }, patience));
    }
    EXPECT_TRUE(origin.wait_for([](auto& s) { return s.connections_open == 0; }, patience));
}

TEST(emulator_object, tells_where_it_listens)
{
    emulator_options options;
    emulator const server{options};
    auto const port = std::to_string(server.port());
    EXPECT_EQ(server.base_url(), "https://127.0.0.1:" + port + "/v1");
    EXPECT_EQ(server.image_url("a.png"), "https://127.0.0.1:" + port + "/images/a.png");
    options.port = server.port();
    EXPECT_THROW(emulator{options}, boost::system::system_error);
    options.address = "0.0.0.0";
    EXPECT_THROW(emulator{options}, std::invalid_argument);
    options.address = "localhost";
    EXPECT_THROW(emulator{options}, std::invalid_argument);
    options.address = "127.0.0.2";
    options.tls = false;
    emulator const other{options};
    EXPECT_EQ(other.base_url(), "http://127.0.0.2:" + port + "/v1");
}

TEST(emulator_object, writes_its_authority)
{
    emulator const server;
    auto const path = std::filesystem::path(::testing::TempDir()) / "vidi_emulator_ca.pem";
    server.write_ca_certificate(path.string());
    std::ifstream file{path};
    std::string const text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    EXPECT_EQ(text, server.ca_certificate_pem());
    std::filesystem::remove(path);
    EXPECT_THROW(server.write_ca_certificate("/nowhere/at/all.pem"), std::system_error);
}

TEST(emulator_object, is_used_from_many_threads)
{
    emulator server;
    auto const png = make_png(4, 4, blue, blue);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            auto const name = std::to_string(t) + ".png";
            server.add_image(name, png);
            auto client = connect(server);
            for (int i = 0; i < 20; ++i) {
                client.send(post(question("?", {server.image_url(name)})));
                EXPECT_NE(output_text(client.read().body()).find(sha256(png)), std::string::npos);
                EXPECT_GE(server.statistics().requests, 1u);
                server.release_stalled();
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(server.ledger().size(), 80u);
}

} // namespace
