#include "json_test_support.hpp"
#include "model/error_body.hpp"

#include <boost/json/object.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace {

using vidi::response_error;
using vidi::model::parse_error_body;

struct error_body_case
{
    std::string_view body;
    std::optional<response_error> expected;
};

class error_body : public ::testing::TestWithParam<error_body_case>
{
};

TEST_P(error_body, is_read_leniently)
{
    auto const& [body, expected] = GetParam();
    auto const error = parse_error_body(body);
    ASSERT_EQ(error.has_value(), expected.has_value()) << body;
    if (!expected)
        return;
    EXPECT_EQ(error->message, expected->message) << body;
    EXPECT_EQ(error->code, expected->code) << body;
    EXPECT_EQ(error->type, expected->type) << body;
    EXPECT_EQ(error->param, expected->param) << body;
    EXPECT_EQ(error->additional, expected->additional) << body;
}

boost::json::object object(std::string_view text) { return boost::json::parse(text).as_object(); }

INSTANTIATE_TEST_SUITE_P(
    table, error_body,
    ::testing::Values(
        error_body_case{
            R"({"error":{"message":"No","type":"invalid_request_error","param":"model","code":"model_not_found"}})",
            response_error{
                .code = "model_not_found",
                .message = "No",
                .param = "model",
                .type = "invalid_request_error"}},
        error_body_case{
            R"({"error":{"message":"No","type":"x","param":null,"code":null}})",
            response_error{
                .message = "No",
                .type = "x",
                .additional = object(R"({"param":null,"code":null})")}},
        error_body_case{
            R"({"message":"No wrapper","code":"c"})",
            response_error{.code = "c", .message = "No wrapper"}},
        error_body_case{
            R"({"error":null,"message":"m"})",
            response_error{.message = "m", .additional = object(R"({"error":null})")}},
        error_body_case{R"({"error":"只是文字"})", response_error{.message = "只是文字"}},
        error_body_case{R"({"error":17})", response_error{.message = "17"}},
        error_body_case{R"({"error":["a","b"]})", response_error{.message = R"(["a","b"])"}},
        error_body_case{
            R"({"error":{"message":{"zh":"不"}}})",
            response_error{
                .message = R"({"zh":"不"})", .additional = object(R"({"message":{"zh":"不"}})")}},
        error_body_case{
            R"({"error":{"message":"m","code":429,"type":null}})",
            response_error{
                .code = "429",
                .message = "m",
                .additional = object(R"({"code":429,"type":null})")}},
        error_body_case{
            R"({"error":{"code":"c","message":"m","status":400,"innererror":{"code":"x"}}})",
            response_error{
                .code = "c",
                .message = "m",
                .additional = object(R"({"status":400,"innererror":{"code":"x"}})")}},
        error_body_case{
            R"({"detail":"Not Found"})",
            response_error{.additional = object(R"({"detail":"Not Found"})")}},
        error_body_case{"{}", response_error{}}, error_body_case{"", std::nullopt},
        error_body_case{"<html><body>502 Bad Gateway</body></html>", std::nullopt},
        error_body_case{"upstream connect error", std::nullopt},
        error_body_case{R"("a string")", std::nullopt}, error_body_case{"[]", std::nullopt},
        error_body_case{"null", std::nullopt},
        error_body_case{R"({"error":{"message":"cut)", std::nullopt},
        error_body_case{"{\"error\":\"\xff\"}", std::nullopt}));

} // namespace
