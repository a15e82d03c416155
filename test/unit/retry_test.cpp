#include <vidi/retry.hpp>

#include "protocol/retry.hpp"
#include "protocol/retry_budget.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace std::chrono_literals;
using namespace vidi;
using wait = std::optional<std::chrono::milliseconds>;

struct attempt
{
    error_code failure;
    unsigned retries = 0;
    bool possibly_billed = false;
    double random = 0;
    vidi::response response{};
};

wait decide(attempt const& a, retry_options const& options = {})
{
    return default_retry(options, {a.failure, a.response, a.retries, a.possibly_billed, a.random});
}

TEST(retry, what_is_tried_again)
{
    for (auto const e :
         {errc::resolve_failed, errc::connection_refused, errc::connect_failed,
          errc::connect_timeout, errc::proxy_failed, errc::tls_handshake_interrupted,
          errc::tls_handshake_timeout, errc::write_timeout, errc::response_head_timeout,
          errc::response_body_timeout, errc::connection_closed_before_response,
          errc::connection_closed_within_response, errc::request_timeout, errc::conflict,
          errc::rate_limited, errc::server_error, errc::image_download_failed})
        EXPECT_TRUE(decide({e})) << error_code{e}.message();
}

TEST(retry, what_is_not)
{
    for (auto const e :
         {errc::invalid_configuration,
          errc::missing_api_key,
          errc::invalid_request,
          errc::admission_full,
          errc::admission_timeout,
          errc::pool_full,
          errc::pool_timeout,
          errc::tls_handshake_failed,
          errc::tls_certificate_untrusted,
          errc::tls_certificate_expired,
          errc::tls_wrong_host,
          errc::operation_timeout,
          errc::response_head_too_large,
          errc::response_body_too_large,
          errc::malformed_response,
          errc::response_not_json,
          errc::response_wrong_shape,
          errc::bad_request,
          errc::authentication_failed,
          errc::permission_denied,
          errc::not_found,
          errc::request_too_large,
          errc::unprocessable_request,
          errc::insufficient_quota,
          errc::redirected,
          errc::unexpected_status})
        EXPECT_FALSE(decide({e})) << error_code{e}.message();
    EXPECT_FALSE(decide({boost::asio::error::operation_aborted}));
}

TEST(retry, twice_by_default)
{
    EXPECT_TRUE(decide({errc::server_error, 1}));
    EXPECT_FALSE(decide({errc::server_error, 2}));
    EXPECT_FALSE(decide({errc::server_error, 0}, {.max_retries = 0}));
    EXPECT_TRUE(decide({errc::server_error, 9}, {.max_retries = 10}));
}

TEST(retry, the_wait_doubles_up_to_a_bound_and_half_of_it_is_chance)
{
    retry_options const options{.max_retries = 1000};
    std::pair<unsigned, std::pair<wait, wait>> const table[]{
        {0, {250ms, 375ms}},     {1, {500ms, 750ms}},     {3, {2'000ms, 3'000ms}},
        {4, {4'000ms, 6'000ms}}, {5, {4'000ms, 6'000ms}}, {900, {4'000ms, 6'000ms}}};
    for (auto const& [retries, expected] : table) {
        EXPECT_EQ(decide({errc::server_error, retries, false, 0}, options), expected.first);
        EXPECT_EQ(decide({errc::server_error, retries, false, 0.5}, options), expected.second);
    }
}

wait decide_asked(std::chrono::milliseconds asked, double random)
{
    attempt a{.failure = errc::rate_limited, .random = random};
    a.response.exchange.retry_after = asked;
    return decide(a);
}

TEST(retry, what_the_server_asks_for_is_obeyed_in_full)
{
    EXPECT_EQ(decide_asked(1s, 0), 1s);
    EXPECT_EQ(decide_asked(1s, 0.999), 1'250ms);
    EXPECT_EQ(decide_asked(24h, 0), 24h) << "however long";
    EXPECT_EQ(decide_asked(24h, 0.5), 24h + 5s) << "with chance of ten seconds at most";
    EXPECT_EQ(decide_asked(0s, 0), 250ms) << "nothing is asked for";
}

TEST(retry, the_server_s_word_overrides_the_status_both_ways)
{
    auto const say = [](errc e, bool should) {
        attempt a{.failure = e};
        a.response.exchange.should_retry = should;
        return decide(a).has_value();
    };
    EXPECT_FALSE(say(errc::server_error, false));
    EXPECT_FALSE(say(errc::rate_limited, false));
    EXPECT_TRUE(say(errc::bad_request, true));
    EXPECT_TRUE(say(errc::not_found, true));
    EXPECT_FALSE(say(errc::insufficient_quota, true)) << "billing outranks it";
    EXPECT_TRUE(say(errc::connection_closed_within_response, false))
        << "this is not what it was said of";
}

TEST(retry, what_may_have_been_billed_only_if_that_is_wanted)
{
    attempt const a{.failure = errc::connection_closed_before_response, .possibly_billed = true};
    EXPECT_TRUE(decide(a));
    EXPECT_FALSE(decide(a, {.retry_possibly_billed = false}));
    EXPECT_TRUE(decide({errc::connection_refused}, {.retry_possibly_billed = false}));
}

TEST(retry, what_counts_against_the_budget)
{
    for (auto const e :
         {errc::connection_refused, errc::connect_timeout, errc::response_head_timeout,
          errc::connection_closed_before_response, errc::request_timeout, errc::server_error})
        EXPECT_TRUE(protocol::is_server_in_trouble(e)) << error_code{e}.message();
    for (auto const e :
         {errc::rate_limited, errc::conflict, errc::image_download_failed, errc::bad_request,
          errc::pool_timeout, errc::response_not_json})
        EXPECT_FALSE(protocol::is_server_in_trouble(e)) << error_code{e}.message();
}

TEST(retry_budget, is_used_up_by_failures_and_filled_by_successes)
{
    protocol::retry_budget budget{10, 0.5};
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(budget.allows_retry());
        budget.count_failure();
    }
    EXPECT_FALSE(budget.allows_retry()) << "half full is not more than half";
    for (int i = 0; i < 100; ++i)
        budget.count_failure();
    EXPECT_EQ(budget.tokens(), 0);
    for (int i = 0; i < 10; ++i)
        budget.count_success();
    EXPECT_FALSE(budget.allows_retry());
    budget.count_success();
    EXPECT_TRUE(budget.allows_retry());
    for (int i = 0; i < 100; ++i)
        budget.count_success();
    EXPECT_TRUE(budget.full());
    EXPECT_EQ(budget.tokens(), 10);
}

TEST(retry_budget, none_allows_all)
{
    for (auto const capacity : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
        protocol::retry_budget budget{capacity, 0.1};
        budget.count_failure();
        EXPECT_TRUE(budget.allows_retry());
        EXPECT_TRUE(budget.full());
    }
}

} // namespace
