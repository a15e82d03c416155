#include "protocol/classify.hpp"

#include <gtest/gtest.h>

namespace {

using vidi::errc;
using vidi::protocol::classify_status;

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
        EXPECT_EQ(classify_status(status, "", ""), expected) << status;
    EXPECT_FALSE(classify_status(200, "", ""));
    EXPECT_FALSE(classify_status(201, "", ""));
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
        EXPECT_EQ(classify_status(429, code, type), expected) << code << '/' << type;
    EXPECT_EQ(classify_status(403, "insufficient_quota", ""), errc::permission_denied);
}

} // namespace
