#include "protocol/classify.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace {

using vidi::errc;
using vidi::error_code;
using vidi::protocol::classify_status;
using vidi::protocol::is_possibly_billed;

std::optional<vidi::response_error>
error_of(std::string_view code, std::string_view type, std::string message = {})
{
    vidi::response_error result{.message = std::move(message)};
    if (!code.empty())
        result.code = code;
    if (!type.empty())
        result.type = type;
    return result;
}

TEST(classify, each_status)
{
    std::pair<unsigned, errc> const table[]{
        {300, errc::redirected},
        {301, errc::redirected},
        {308, errc::redirected},
        {400, errc::bad_request},
        {401, errc::authentication_failed},
        {402, errc::unexpected_status},
        {403, errc::permission_denied},
        {404, errc::not_found},
        {405, errc::unexpected_status},
        {408, errc::request_timeout},
        {409, errc::conflict},
        {413, errc::request_too_large},
        {415, errc::unexpected_status},
        {422, errc::unprocessable_request},
        {429, errc::rate_limited},
        {500, errc::server_error},
        {503, errc::server_error},
        {529, errc::server_error},
        {599, errc::server_error},
        {600, errc::unexpected_status},
        {999, errc::unexpected_status},
        {101, errc::unexpected_status},
    };
    for (auto const& [status, expected] : table)
        EXPECT_EQ(classify_status(status, {}), expected) << status;
    EXPECT_FALSE(classify_status(200, {}));
    EXPECT_FALSE(classify_status(201, {}));
}

TEST(classify, a_429_is_a_rate_limit_or_a_matter_of_billing)
{
    struct row
    {
        char const* code;
        char const* type;
        errc expected;
    };
    row const table[]{
        {"rate_limit_exceeded", "requests", errc::rate_limited},
        {"rate_limit_exceeded", "insufficient_quota", errc::rate_limited},
        {"", "rate_limit_error", errc::rate_limited},
        {"insufficient_quota", "insufficient_quota", errc::insufficient_quota},
        {"insufficient_quota", "", errc::insufficient_quota},
        {"", "insufficient_quota", errc::insufficient_quota},
        {"credit_balance_exhausted", "insufficient_quota", errc::insufficient_quota},
        {"organization_spend_limit_exceeded", "", errc::insufficient_quota},
        {"project_spend_limit_exceeded", "", errc::insufficient_quota},
        {"organization_usage_limit_exceeded", "", errc::insufficient_quota},
    };
    for (auto const& [code, type, expected] : table)
        EXPECT_EQ(classify_status(429, error_of(code, type)), expected) << code << '/' << type;
    EXPECT_EQ(classify_status(403, error_of("insufficient_quota", "")), errc::permission_denied);
}

TEST(classify, a_400_is_the_request_s_fault_or_that_of_the_image_s_server)
{
    struct row
    {
        char const* code;
        char const* message;
        errc expected;
    };
    row const table[]{
        {"invalid_value", "Timeout while downloading https://e/x.jpg.",
         errc::image_download_failed},
        {"invalid_image_url", "Timeout while downloading https://e/x.jpg.",
         errc::image_download_failed},
        {"invalid_image_url", "Error while downloading file. Upstream status code: 503.",
         errc::image_download_failed},
        {"", "Failed to download image from https://e/x.jpg.", errc::image_download_failed},
        {"invalid_image", "Failed to download image: its size exceeds the limit.",
         errc::bad_request},
        {"invalid_image_url", "Cannot download: the size exceeds the limit.", errc::bad_request},
        {"invalid_value", "Timeout while downloading https://e/x?size=1",
         errc::image_download_failed},
        {"invalid_value", "Timeout while downloading \"http://e/size\".",
         errc::image_download_failed},
        {"invalid_value", "https://e/a: the download failed.", errc::image_download_failed},
        {"", "Failed to download image data: no answer.", errc::image_download_failed},
        {"invalid_value", "Cannot download 'https://e/x.jpg' of that size.", errc::bad_request},
        {"invalid_image_url", "There is no image at https://e/download/x", errc::bad_request},
        {"invalid_image_url", "No image (http://e/download/x).", errc::bad_request},
        {"invalid_image_url", "Not an image: 'data:image/png;base64,download'.", errc::bad_request},
        {"invalid_image_url", "A data URL must look like data:image/png;base64,...",
         errc::bad_request},
        {"invalid_value", "'max_output_tokens' must be at least 16.", errc::bad_request},
        {"context_length_exceeded", "Too long, even before downloading.", errc::bad_request},
        {"", "", errc::bad_request},
    };
    for (auto const& [code, message, expected] : table)
        EXPECT_EQ(classify_status(400, error_of(code, "", message)), expected) << message;
}

TEST(classify, what_may_have_been_billed)
{
    struct row
    {
        bool sent;
        error_code failure;
        unsigned status;
        bool expected;
    };
    row const table[]{
        {false, errc::connection_refused, 0, false},
        {false, errc::write_timeout, 0, false},
        {true, {}, 200, false},
        {true, errc::tls_handshake_failed, 0, false},
        {true, errc::response_head_timeout, 0, true},
        {true, errc::connection_closed_before_response, 0, true},
        {true, errc::connection_closed_within_response, 0, true},
        {true, errc::malformed_response, 0, true},
        {true, errc::connection_closed_within_response, 103, true},
        {true, errc::connection_closed_within_response, 200, true},
        {true, errc::response_body_too_large, 200, true},
        {true, errc::response_not_json, 200, true},
        {true, errc::connection_closed_within_response, 429, false},
        {true, errc::rate_limited, 429, false},
        {true, errc::bad_request, 400, false},
        {true, errc::server_error, 500, false},
        {true, errc::server_error, 503, false},
        {true, errc::server_error, 502, true},
        {true, errc::server_error, 504, true},
        {true, errc::server_error, 524, true},
        {true, errc::redirected, 307, false},
        {false, errc::server_error, 504, false},
    };
    for (auto const& [sent, failure, status, expected] : table)
        EXPECT_EQ(is_possibly_billed(sent, failure, status), expected)
            << failure.message() << ' ' << status << ' ' << sent;
}

} // namespace
