#include <vidi/batch/judge.hpp>
#include <vidi/batch/one_line.hpp>
#include <vidi/json.hpp>

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace vidi::batch {
namespace {

using ::testing::HasSubstr;
verdict judge_text(std::string_view json) { return judge({}, parse_response(json)); }

std::string kind(verdict const& given)
{
    return given.result.failure ? given.result.failure->kind : "";
}

constexpr char message_part[] =
    R"("output":[{"type":"message","content":[{"type":"output_text","text":"a cat"}]}])";

std::string with_message(std::string const& members)
{
    return '{' + members + ',' + message_part + '}';
}

TEST(verdict, is_a_success_if_there_is_text)
{
    auto const result = judge_text(with_message(R"("status":"completed")"));
    EXPECT_FALSE(result.result.failure);
    EXPECT_EQ(result.result.status, "completed");
    EXPECT_EQ(result.result.text, "a cat");
}

TEST(verdict, needs_no_status_which_some_gateways_leave_out)
{
    auto const result = judge_text('{' + std::string{message_part} + '}');
    EXPECT_EQ(kind(result), "");
    EXPECT_EQ(result.result.status, "");
}

TEST(verdict, tells_apart_why_there_is_no_answer)
{
    std::pair<std::string, std::string> const cases[] = {
        {with_message(R"("status":"incomplete","incomplete_details":{"reason":"content_filter"})"),
         "incomplete"},
        {R"({"id":"r","status":"failed","error":{"code":"server_error","message":"m"}})", "failed"},
        {R"({"id":"r","error":{"code":"server_error","message":"m"}})", "failed"},
        {R"({"id":"r","status":"cancelled"})", "cancelled"},
        {R"({"id":"r","status":"queued"})", "unfinished"},
        {R"({"id":"r","status":"in_progress"})", "unfinished"},
        {R"({"status":"completed","output":[]})", "no_text"},
        {R"({"status":"completed","output":[{"type":"message",
             "content":[{"type":"refusal","refusal":"No."}]}]})",
         "refused"},
    };
    for (auto const& [json, expected] : cases) {
        auto const result = judge_text(json);
        EXPECT_EQ(kind(result), expected) << json;
        EXPECT_EQ(result.concerns, reach::one_item);
    }
}

TEST(verdict, says_the_reason_in_one_line)
{
    EXPECT_EQ(
        judge_text(
            R"({"id":"r","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}})")
            .result.failure->message,
        "the answer is incomplete: max_output_tokens");
    EXPECT_EQ(
        judge_text(R"({"id":"r","status":"failed","error":{"code":"c","message":"two\nlines"}})")
            .result.failure->message,
        "the model failed: two lines (c)");
}

TEST(verdict, names_an_unknown_status_as_the_server_does)
{
    auto const result = judge_text(with_message(R"("status":"pondering")"));
    EXPECT_EQ(result.result.status, "pondering");
}

TEST(verdict, holds_what_the_library_knows_of_a_failure)
{
    vidi::response response;
    response.error = response_error{.message = "Slow down\x1b[2J"};
    response.exchange.request_id = "req_1";
    auto const result = judge(errc::rate_limited, response);
    EXPECT_EQ(kind(result), "rate_limited");
    EXPECT_EQ(result.code, errc::rate_limited);
    EXPECT_EQ(result.result.failure->request_id, "req_1");
    EXPECT_THAT(result.result.failure->message, HasSubstr("Slow down [2J [request req_1]"));
}

TEST(verdict, quotes_a_body_that_is_no_answer)
{
    vidi::response response;
    response.exchange.body_excerpt = "<html>\r\nBad gateway";
    auto const result = judge(errc::response_not_json, response);
    EXPECT_THAT(
        result.result.failure->message, HasSubstr("the answer begins: <html>  Bad gateway"));
}

TEST(verdict, knows_which_failures_concern_all_images)
{
    for (auto const code :
         {errc::authentication_failed, errc::insufficient_quota, errc::invalid_configuration})
        EXPECT_EQ(judge(code, {}).concerns, reach::all_items) << failure_name(code);
    for (auto const code :
         {errc::resolve_failed, errc::connection_refused, errc::connect_timeout,
          errc::tls_certificate_untrusted, errc::permission_denied, errc::not_found,
          errc::redirected})
        EXPECT_EQ(judge(code, {}).concerns, reach::perhaps_all) << failure_name(code);
    for (auto const code :
         {errc::bad_request, errc::rate_limited, errc::server_error, errc::operation_timeout,
          errc::connection_closed_before_response, errc::response_not_json})
        EXPECT_EQ(judge(code, {}).concerns, reach::one_item) << failure_name(code);
}

TEST(failure_name, is_that_of_the_enumerator)
{
    EXPECT_EQ(failure_name(errc::invalid_configuration), "invalid_configuration");
    EXPECT_EQ(failure_name(errc::unexpected_status), "unexpected_status");
    EXPECT_EQ(
        failure_name(boost::asio::error::make_error_code(boost::asio::error::no_memory)),
        "system:12");
}

TEST(failure_name, differs_for_every_failure)
{
    std::set<std::string> names;
    for (int value = 1; value <= static_cast<int>(errc::unexpected_status); ++value)
        names.insert(failure_name(static_cast<errc>(value)));
    EXPECT_EQ(names.size(), static_cast<std::size_t>(errc::unexpected_status));
    EXPECT_FALSE(names.contains("unknown"));
}

TEST(one_line, has_no_control_characters)
{
    EXPECT_EQ(one_line("a\nb\r\n\tc\x1b[2J\x7f"), "a b   c [2J ");
    EXPECT_EQ(
        one_line("\xc2\x9b"
                 "31m"),
        " 31m");
    EXPECT_EQ(one_line("猫 é 🐈"), "猫 é 🐈");
    EXPECT_EQ(
        one_line("\xff"
                 "a\xe7\x8c"),
        "?a??");
}

} // namespace
} // namespace vidi::batch
