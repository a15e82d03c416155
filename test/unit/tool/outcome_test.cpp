#include <vidi/json.hpp>

#include "advice.hpp"
#include "errc_name.hpp"
#include "outcome.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace vidi_tool {
namespace {

using ::testing::HasSubstr;
using vidi::errc;

outcome judge_text(std::string_view json) { return judge({}, vidi::parse_response(json)); }

std::string kind(outcome const& result) { return result.failure ? result.failure->kind : ""; }

constexpr char message_part[] =
    R"("output":[{"type":"message","content":[{"type":"output_text","text":"a cat"}]}])";

std::string with_message(std::string const& members)
{
    return '{' + members + ',' + message_part + '}';
}

TEST(outcome, is_a_success_if_there_is_text)
{
    auto const result = judge_text(with_message(R"("status":"completed")"));
    EXPECT_FALSE(result.failure);
    EXPECT_TRUE(result.answered);
    EXPECT_EQ(status_name(*result.response), "completed");
}

TEST(outcome, needs_no_status_which_some_gateways_leave_out)
{
    auto const result = judge_text('{' + std::string{message_part} + '}');
    EXPECT_EQ(kind(result), "");
    EXPECT_EQ(status_name(*result.response), "");
}

TEST(outcome, tells_apart_why_there_is_no_answer)
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
        EXPECT_TRUE(result.answered);
        EXPECT_EQ(result.failure->concerns, reach::one_image);
    }
}

TEST(outcome, says_the_reason_in_one_line)
{
    EXPECT_EQ(
        judge_text(
            R"({"id":"r","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}})")
            .failure->message,
        "the answer is incomplete: max_output_tokens");
    EXPECT_EQ(
        judge_text(R"({"id":"r","status":"failed","error":{"code":"c","message":"two\nlines"}})")
            .failure->message,
        "the model failed: two lines (c)");
}

TEST(outcome, names_an_unknown_status_as_the_server_does)
{
    auto const result = judge_text(with_message(R"("status":"pondering")"));
    EXPECT_EQ(status_name(*result.response), "pondering");
}

TEST(outcome, holds_what_the_library_knows_of_a_failure)
{
    vidi::response response;
    response.error = vidi::response_error{.message = "Slow down\x1b[2J"};
    response.exchange.request_id = "req_1";
    auto const result = judge(errc::rate_limited, std::move(response));
    EXPECT_EQ(kind(result), "rate_limited");
    EXPECT_FALSE(result.answered);
    EXPECT_THAT(result.failure->message, HasSubstr("Slow down [2J [request req_1]"));
}

TEST(outcome, quotes_a_body_that_is_no_answer)
{
    vidi::response response;
    response.exchange.body_excerpt = "<html>\r\nBad gateway";
    auto const result = judge(errc::response_not_json, std::move(response));
    EXPECT_THAT(result.failure->message, HasSubstr("the answer begins: <html>  Bad gateway"));
    EXPECT_THAT(result.failure->advice, HasSubstr("--base-url"));
}

TEST(outcome, knows_its_own_cancellation)
{
    EXPECT_TRUE(judge(boost::asio::error::operation_aborted, {}).given_up);
    EXPECT_FALSE(judge(errc::operation_timeout, {}).given_up);
}

TEST(outcome, knows_which_failures_concern_all_images)
{
    for (auto const code :
         {errc::authentication_failed, errc::insufficient_quota, errc::invalid_configuration})
        EXPECT_EQ(judge(code, {}).failure->concerns, reach::all_images) << failure_name(code);
    for (auto const code :
         {errc::resolve_failed, errc::connection_refused, errc::connect_timeout,
          errc::tls_certificate_untrusted, errc::permission_denied, errc::not_found,
          errc::redirected})
        EXPECT_EQ(judge(code, {}).failure->concerns, reach::perhaps_all) << failure_name(code);
    for (auto const code :
         {errc::bad_request, errc::rate_limited, errc::server_error, errc::operation_timeout,
          errc::connection_closed_before_response, errc::response_not_json})
        EXPECT_EQ(judge(code, {}).failure->concerns, reach::one_image) << failure_name(code);
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

TEST(advice, points_at_what_can_be_changed)
{
    EXPECT_THAT(advice(errc::authentication_failed), HasSubstr("DMXAPI_API_KEY or OPENAI_API_KEY"));
    EXPECT_THAT(advice(errc::tls_certificate_untrusted), HasSubstr("--ca-file"));
    EXPECT_THAT(advice(errc::operation_timeout), HasSubstr("--timeout"));
    EXPECT_THAT(advice(errc::connection_refused), HasSubstr("--base-url"));
    EXPECT_EQ(advice(boost::asio::error::operation_aborted), "");
}

} // namespace
} // namespace vidi_tool
