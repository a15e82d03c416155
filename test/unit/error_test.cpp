#include <vidi/error.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace {

using vidi::condition;
using vidi::errc;

constexpr int first_value = static_cast<int>(errc::invalid_configuration);
constexpr int last_value = static_cast<int>(errc::unexpected_status);

TEST(error, every_value_has_a_message_of_its_own)
{
    std::set<std::string> messages;
    for (int value = first_value; value <= last_value; ++value) {
        vidi::error_code const ec{value, vidi::error_category()};
        EXPECT_NE(ec.message(), "unknown error") << value;
        EXPECT_TRUE(messages.insert(ec.message()).second) << ec.message();
    }
    EXPECT_EQ(
        (vidi::error_code{last_value + 1, vidi::error_category()}).message(), "unknown error");
}

TEST(error, category_is_named)
{
    EXPECT_STREQ(vidi::error_code{errc::pool_full}.category().name(), "vidi");
}

struct membership
{
    errc error;
    condition group;
    bool belongs;
};

class conditions : public ::testing::TestWithParam<membership>
{
};

TEST_P(conditions, group_errors)
{
    auto const [error, group, belongs] = GetParam();
    EXPECT_EQ(vidi::error_code{error} == group, belongs)
        << vidi::error_code{error}.message() << " / " << make_error_condition(group).message();
}

INSTANTIATE_TEST_SUITE_P(
    table, conditions,
    ::testing::Values(
        membership{errc::rate_limited, condition::retryable, true},
        membership{errc::insufficient_quota, condition::retryable, false},
        membership{errc::bad_request, condition::retryable, false},
        membership{errc::server_error, condition::retryable, true},
        membership{errc::operation_timeout, condition::retryable, false},
        membership{errc::authentication_failed, condition::authentication, true},
        membership{errc::permission_denied, condition::authentication, true},
        membership{errc::missing_api_key, condition::authentication, false},
        membership{errc::response_head_timeout, condition::timeout, true},
        membership{errc::operation_timeout, condition::timeout, true},
        membership{errc::request_timeout, condition::timeout, false},
        membership{errc::proxy_failed, condition::retryable, true},
        membership{errc::proxy_failed, condition::connection, true},
        membership{errc::proxy_failed, condition::tls, false},
        membership{errc::proxy_refused, condition::retryable, false},
        membership{errc::proxy_authentication_failed, condition::connection, true},
        membership{errc::proxy_authentication_failed, condition::authentication, false},
        membership{errc::proxy_authentication_failed, condition::api, false},
        membership{errc::tls_handshake_failed, condition::retryable, false},
        membership{errc::tls_handshake_interrupted, condition::retryable, true},
        membership{errc::tls_handshake_interrupted, condition::tls, true},
        membership{errc::tls_handshake_interrupted, condition::connection, true},
        membership{errc::tls_public_key_mismatch, condition::tls, true},
        membership{errc::tls_public_key_mismatch, condition::connection, true},
        membership{errc::tls_public_key_mismatch, condition::retryable, false},
        membership{errc::write_timeout, condition::tls, false},
        membership{errc::tls_wrong_host, condition::tls, true},
        membership{errc::tls_wrong_host, condition::connection, true},
        membership{errc::connection_refused, condition::tls, false},
        membership{errc::connection_closed_within_response, condition::connection, true},
        membership{errc::pool_full, condition::connection, false},
        membership{errc::not_found, condition::api, true},
        membership{errc::unexpected_status, condition::api, true},
        membership{errc::response_not_json, condition::api, false},
        membership{errc::response_not_json, condition::invalid_response, true},
        membership{errc::malformed_response, condition::invalid_response, true},
        membership{errc::bad_request, condition::invalid_response, false}));

} // namespace
