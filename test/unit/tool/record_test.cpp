#include <vidi/batch/judge.hpp>
#include <vidi/json.hpp>

#include "record.hpp"
#include "summary.hpp"

#include <gtest/gtest.h>

namespace vidi_tool {
namespace {

using namespace std::chrono_literals;
using vidi::errc;
using vidi::batch::judge;

TEST(record, of_a_success)
{
    auto response = vidi::parse_response(R"({"status":"completed",
        "output":[{"type":"message","content":[{"type":"output_text","text":"一只\"猫\"\n"}]}],
        "usage":{"input_tokens":935,"input_tokens_details":{"cached_tokens":7},"output_tokens":538,
                 "output_tokens_details":{"reasoning_tokens":192},"total_tokens":1473}})");
    response.exchange.attempts = 1;
    response.exchange.timings.total = 1'234'567us;
    EXPECT_EQ(
        make_record({.position = 3, .id = 42, .image = "图.png"}, judge({}, response).result),
        R"({"id":42,"line":3,"image":"图.png","status":"completed","text":"一只\"猫\"\n",)"
        R"("usage":{"input_tokens":935,"input_tokens_details":{"cached_tokens":7},)"
        R"("output_tokens":538,"output_tokens_details":{"reasoning_tokens":192},)"
        R"("total_tokens":1473},"error":null,"attempts":1,"possibly_billed":0,"interrupted":0,"milliseconds":1235})"
        "\n");
}

TEST(record, of_an_error_of_the_api)
{
    vidi::response response;
    response.error = vidi::response_error{.code = "rate_limit_exceeded", .message = "Slow down."};
    response.exchange.http_status = 429;
    response.exchange.request_id = "req_1";
    response.exchange.attempts = 1;
    EXPECT_EQ(
        make_record(
            {.position = 1, .id = "a", .image = "b"}, judge(errc::rate_limited, response).result),
        R"({"id":"a","line":1,"image":"b","status":null,"text":null,"usage":null,)"
        R"("error":{"kind":"rate_limited",)"
        R"("message":"too many requests: rate limit reached (429): Slow down. [request req_1]",)"
        R"("http_status":429,"request_id":"req_1","code":"rate_limit_exceeded"},)"
        R"("attempts":1,"possibly_billed":0,"interrupted":0,"milliseconds":0})"
        "\n");
}

TEST(record, of_an_incomplete_answer_holds_its_text)
{
    auto response = vidi::parse_response(R"({"status":"incomplete",
        "output":[{"type":"message","content":[{"type":"output_text","text":"A c"}]}]})");
    response.exchange.http_status = 200;
    EXPECT_EQ(
        make_record({.position = 2, .image = "b"}, judge({}, response).result),
        R"({"id":null,"line":2,"image":"b","status":"incomplete","text":"A c","usage":null,)"
        R"("error":{"kind":"incomplete","message":"the answer is incomplete","http_status":200,)"
        R"("request_id":null,"code":null},"attempts":0,"possibly_billed":0,"interrupted":0,"milliseconds":0})"
        "\n");
}

TEST(record, of_a_bad_line)
{
    vidi::batch::result unusable;
    unusable.failure = vidi::batch::failure{.kind = "bad_line", .message = "not UTF-8"};
    EXPECT_EQ(
        make_record({.position = 7}, unusable),
        R"({"id":null,"line":7,"image":null,"status":null,"text":null,"usage":null,)"
        R"("error":{"kind":"bad_line","message":"not UTF-8","http_status":null,)"
        R"("request_id":null,"code":null},"attempts":0,"possibly_billed":0,"interrupted":0,"milliseconds":0})"
        "\n");
}

TEST(summary, tells_of_everything)
{
    summary result{.time = 12.34s};
    result.counts = {
        .succeeded = 9'990,
        .failed = 11,
        .failures = {{"bad_line", 1}, {"rate_limited", 10}},
        .asked = 10'000,
        .attempts = 10'000,
        .input_tokens = 9'350'000,
        .output_tokens = 5'380'000};
    result.connections.created = 257;
    result.connections.reused = 9'743;
    EXPECT_EQ(
        format_summary(result),
        "10,001 images: 9,990 succeeded, 11 failed, in 12.3 s, 810.4 requests/s\n"
        "  failed: 1 bad_line, 10 rate_limited\n"
        "  tokens: 9,350,000 in, 5,380,000 out\n"
        "  connections: 257 opened; reused for 9,743 of 10,000 requests (97.43 %)");
}

TEST(summary, leaves_out_what_did_not_happen)
{
    EXPECT_EQ(format_summary({}), "0 images: 0 succeeded, 0 failed, in 0.0 s");
}

TEST(summary, rounds_the_reuse_down)
{
    summary result;
    result.counts.attempts = 100'000;
    result.connections.reused = 99'999;
    EXPECT_NE(format_summary(result).find("(99.99 %)"), std::string::npos);
}

} // namespace
} // namespace vidi_tool
