#include "integration/client_fixture.hpp"

#include <boost/asio/post.hpp>

#include <gmock/gmock.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace vidi::testing {
namespace {

// The answers of the server, one after the other, then the API's own.
class client_retry : public client_test
{
protected:
    using script = std::vector<behaviour>;

    void start_with(script answers)
    {
        start([answers = std::move(answers)](request_view const& r) {
            return r.sequence <= answers.size() ? answers[r.sequence - 1] : behaviour{};
        });
        retry_soon();
    }

    void retry_soon()
    {
        config.retry.max_retries = 2;
        config.retry.initial_delay = 1ms;
        config.admission.learn = false;
    }

    std::vector<std::string> ids() const
    {
        std::vector<std::string> result;
        for (auto const& record : server->ledger())
            result.push_back(record.client_request_id);
        return result;
    }

    static outcome const& expect_success(outcome const& o)
    {
        EXPECT_FALSE(o.ec) << describe_failure(o.ec, o.response);
        EXPECT_NE(o.response.output_text().find(red_facts), std::string::npos);
        return o;
    }
};

TEST_F(client_retry, until_it_succeeds)
{
    start_with({behaviour::error(503, "overloaded"), behaviour::error(500, "server_error")});
    request_options options;
    options.client_request_id = "job";
    auto const e = expect_success(exchange(options)).response.exchange;
    EXPECT_EQ(e.attempts, 3U);
    EXPECT_EQ(e.possibly_billed, 0U);
    EXPECT_EQ(e.client_request_id, "job");
    EXPECT_EQ(e.http_status, 200U);
    EXPECT_TRUE(e.detail.empty()) << "nothing is left of the failures: " << e.detail;
    EXPECT_GT(e.timings.backoff.count(), 0);
    EXPECT_THAT(ids(), ::testing::ElementsAre("job-1", "job-2", "job-3"));
    EXPECT_EQ(client().statistics().created, 1U) << "on the same connection";
    EXPECT_EQ(client().retries().retries, 2U);
    expect_nothing_in_use();
}

TEST_F(client_retry, not_more_often_than_allowed)
{
    start_with(script(5, behaviour::error(500, "server_error", "still down")));
    auto const result = exchange();
    EXPECT_EQ(result.ec, errc::server_error);
    EXPECT_EQ(result.response.exchange.attempts, 3U);
    ASSERT_TRUE(result.response.error);
    EXPECT_EQ(result.response.error->message, "still down");
    EXPECT_EQ(server->statistics().requests, 3U);
}

TEST_F(client_retry, not_at_all_if_one_request_says_so)
{
    start_with(script(5, behaviour::error(500, "server_error")));
    request_options options;
    options.max_retries = 0;
    EXPECT_EQ(exchange(options).response.exchange.attempts, 1U);
    options.max_retries = 1;
    EXPECT_EQ(exchange(options).response.exchange.attempts, 2U);
}

TEST_F(client_retry, what_a_retry_may_help_and_nothing_else)
{
    struct row
    {
        unsigned status;
        char const* code;
        char const* message;
        unsigned attempts;
        errc expected; // if it is not tried again
    };
    row const table[]{
        {408, "", "", 2, {}},
        {409, "", "", 2, {}},
        {429, "rate_limit_exceeded", "", 2, {}},
        {429, "insufficient_quota", "", 1, errc::insufficient_quota},
        {429, "credit_balance_exhausted", "", 1, errc::insufficient_quota},
        {500, "", "", 2, {}},
        {502, "", "", 2, {}},
        {503, "", "", 2, {}},
        {504, "", "", 2, {}},
        {529, "", "", 2, {}},
        {400, "invalid_value", "Timeout while downloading https://e/x.png.", 2, {}},
        {400, "invalid_image_url", "Error while downloading https://e/x.png.", 2, {}},
        {400, "invalid_image", "Failed to download: the size exceeds the limit.", 1,
         errc::bad_request},
        {400, "invalid_value", "no", 1, errc::bad_request},
        {401, "", "", 1, errc::authentication_failed},
        {403, "", "", 1, errc::permission_denied},
        {404, "", "", 1, errc::not_found},
        {413, "", "", 1, errc::request_too_large},
        {422, "", "", 1, errc::unprocessable_request},
        {307, "", "", 1, errc::redirected},
    };
    for (auto const& each : table) {
        destroy_client();
        start_with({behaviour::error(each.status, each.code, each.message)});
        auto const result = exchange();
        auto const what = std::to_string(each.status) + ' ' + each.code;
        EXPECT_EQ(result.response.exchange.attempts, each.attempts) << what;
        if (each.attempts == 1)
            EXPECT_EQ(result.ec, each.expected) << what;
        else
            EXPECT_FALSE(result.ec) << what;
        EXPECT_EQ(
            result.response.exchange.possibly_billed, each.status == 502 || each.status == 504)
            << what;
    }
}

TEST_F(client_retry, the_server_s_word_on_it_is_obeyed)
{
    start_with(
        {behaviour::error(500, "", "", {{"x-should-retry", "false"}}),
         behaviour::error(404, "", "", {{"x-should-retry", "true"}})});
    EXPECT_EQ(exchange().ec, errc::server_error);
    EXPECT_EQ(expect_success(exchange()).response.exchange.attempts, 2U);
}

TEST_F(client_retry, not_before_the_time_that_the_server_names)
{
    start_with({behaviour::error(429, "rate_limit_exceeded", "", {{"retry-after-ms", "60"}})});
    auto const e = expect_success(exchange()).response.exchange;
    EXPECT_GE(e.timings.backoff, 60ms);
    EXPECT_GE(e.timings.total, e.timings.backoff);
}

TEST_F(client_retry, that_would_outlive_the_operation_is_given_up_at_once)
{
    start_with(
        script(5, behaviour::error(429, "rate_limit_exceeded", "", {{"retry-after", "3600"}})));
    config.timeouts.operation = 60s;
    auto const result = exchange();
    EXPECT_EQ(result.ec, errc::rate_limited) << "not operation_timeout";
    EXPECT_EQ(result.response.exchange.attempts, 1U);
    EXPECT_EQ(result.response.exchange.retry_after, 3600s);
    EXPECT_EQ(result.response.exchange.timings.backoff.count(), 0);
}

TEST_F(client_retry, by_a_date)
{
    start_with({behaviour::error(
        503, "", "",
        {{"retry-after", "Wed, 25 Nov 2026 00:00:02 GMT"},
         {"date", "Wed, 25 Nov 2026 00:00:01 GMT"}})});
    auto const e = expect_success(exchange()).response.exchange;
    EXPECT_GE(e.timings.backoff, 1s);
}

TEST_F(client_retry, counts_what_may_have_been_billed)
{
    start_with({behaviour::close_before_response(), behaviour::close_within_response(40)});
    auto const e = expect_success(exchange()).response.exchange;
    EXPECT_EQ(e.attempts, 3U);
    EXPECT_EQ(e.possibly_billed, 2U);
    EXPECT_EQ(client().retries().possibly_billed, 2U);
}

TEST_F(client_retry, never_of_what_may_have_been_billed_if_that_is_wanted)
{
    start_with({behaviour::close_before_response(), behaviour::error(500, "")});
    config.retry.retry_possibly_billed = false;
    auto const lost = exchange();
    EXPECT_EQ(lost.ec, errc::connection_closed_before_response);
    EXPECT_EQ(lost.response.exchange.attempts, 1U);
    EXPECT_EQ(lost.response.exchange.possibly_billed, 1U);
    expect_success(exchange());
}

TEST_F(client_retry, the_same_for_one_request)
{
    start_with(script(2, behaviour::close_before_response()));
    request_options options;
    options.retry_possibly_billed = false;
    EXPECT_EQ(exchange(options).ec, errc::connection_closed_before_response);
    EXPECT_EQ(expect_success(exchange()).response.exchange.attempts, 2U);
}

// The server closes the connection as soon as it has read the second request. All of it was sent.
TEST_F(client_retry, nor_on_another_connection_after_a_stale_one)
{
    start([](request_view const& r) {
        return r.sequence == 2 ? behaviour::close_before_response(closing::orderly) : behaviour{};
    });
    retry_soon();
    config.retry.max_retries = 0;
    config.retry.retry_possibly_billed = false;
    expect_success(exchange());
    auto const result = exchange();
    EXPECT_EQ(result.ec, errc::connection_closed_before_response);
    EXPECT_TRUE(result.response.exchange.connection_reused);
    EXPECT_EQ(result.response.exchange.attempts, 1U);
    EXPECT_EQ(result.response.exchange.possibly_billed, 1U);
}

TEST_F(client_retry, a_stale_connection_is_replaced_and_counted)
{
    start([](request_view const& r) {
        return r.sequence == 2 ? behaviour::close_before_response(closing::orderly) : behaviour{};
    });
    expect_success(exchange());
    auto const e = expect_success(exchange()).response.exchange;
    EXPECT_EQ(e.attempts, 2U);
    EXPECT_EQ(e.possibly_billed, 1U) << "the server had read all of it";
    EXPECT_EQ(ids().at(2), e.client_request_id + "-2");
}

TEST_F(client_retry, of_a_connection_that_is_refused)
{
    start_with({});
    unsigned asked = 0;
    config.retry.policy = [&](failed_attempt const& a) {
        EXPECT_EQ(a.failure, errc::connection_refused);
        EXPECT_EQ(a.retries, asked++);
        EXPECT_FALSE(a.possibly_billed);
        return asked < 4 ? std::optional{1ms} : std::nullopt;
    };
    server.reset();
    auto const result = begin(vidi::request{.model = "m", .input = "x"});
    run_until(result);
    EXPECT_EQ(result->ec, errc::connection_refused);
    EXPECT_EQ(result->response.exchange.attempts, 0U) << "it never got a connection";
    EXPECT_EQ(asked, 4U);
    EXPECT_NE(result->response.exchange.detail, "");
}

TEST_F(client_retry, as_a_policy_of_the_caller_s_decides)
{
    start_with({behaviour::error(404, "not_yet", "later")});
    config.retry.policy = [](failed_attempt const& a) {
        EXPECT_EQ(a.response.exchange.http_status, 404U);
        EXPECT_EQ(a.response.error.value().code, "not_yet");
        EXPECT_GE(a.random, 0);
        EXPECT_LT(a.random, 1);
        return std::optional{1ms};
    };
    EXPECT_EQ(expect_success(exchange()).response.exchange.attempts, 2U);
}

TEST_F(client_retry, not_when_the_budget_is_used_up)
{
    start_with(script(100, behaviour::error(500, "")));
    config.retry.budget = 4;
    config.retry.budget_refill = 1;
    EXPECT_EQ(exchange().response.exchange.attempts, 2U) << "4, 3, and 2 is but half";
    EXPECT_EQ(exchange().response.exchange.attempts, 1U);
    auto const s = client().retries();
    EXPECT_EQ(s.withheld, 2U);
    EXPECT_EQ(s.retries, 1U);
    EXPECT_EQ(s.budget, 1);
}

TEST_F(client_retry, the_budget_is_not_touched_by_rate_limits)
{
    start_with(script(100, behaviour::error(429, "rate_limit_exceeded")));
    config.retry.budget = 4;
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(exchange().response.exchange.attempts, 3U);
    EXPECT_EQ(client().retries().budget, 4);
}

TEST_F(client_retry, a_wait_is_cancelled)
{
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial}) {
        destroy_client();
        start_with({behaviour::error(503, "overloaded", "down")});
        config.retry.initial_delay = config.retry.max_delay = 600s;
        asio::cancellation_signal signal;
        auto const result = begin(ask(), {}, signal.slot());
        run_until([&] { return client().retries().retries == 1; });
        signal.emit(asio::cancellation_type::total);
        context.poll();
        EXPECT_FALSE(result->called) << "something has happened";
        signal.emit(type);
        run_until(result);
        EXPECT_EQ(result->ec, asio::error::operation_aborted);
        EXPECT_EQ(result->response.exchange.attempts, 1U);
        EXPECT_EQ(result->response.exchange.http_status, 503U) << "what is known of the first";
        expect_nothing_in_use();
    }
}

TEST_F(client_retry, a_wait_ends_with_the_client)
{
    start_with({behaviour::error(503, "overloaded")});
    config.retry.initial_delay = config.retry.max_delay = 600s;
    auto const result = begin(ask());
    run_until([&] { return client().retries().retries == 1; });
    destroy_client();
    context.restart();
    EXPECT_GT(context.run(), 0U) << "and leaves nothing that keeps the context busy";
    EXPECT_TRUE(result->called);
    EXPECT_EQ(result->ec, asio::error::operation_aborted);
}

// Nothing runs any more that could cancel it.
TEST_F(client_retry, a_wait_ends_with_the_context)
{
    start_with({behaviour::error(503, "overloaded")});
    config.retry.initial_delay = config.retry.max_delay = 600s;
    auto const held = std::make_shared<int>(1);
    {
        asio::io_context own_context;
        vidi::client own_client{own_context, config};
        own_client.async_create(ask(), [held](error_code, vidi::response const&) {});
        while (own_client.retries().retries != 1)
            own_context.run_one_for(5ms);
    }
    EXPECT_EQ(held.use_count(), 1) << "nothing holds the handler any more";
}

TEST_F(client_retry, a_policy_that_throws_gives_up)
{
    start_with({behaviour::error(503, "overloaded")});
    config.retry.policy = [](failed_attempt const&) -> std::optional<std::chrono::milliseconds> {
        throw std::runtime_error{"no"};
    };
    EXPECT_EQ(exchange().ec, errc::server_error);
}

// The end of the wait and that of the operation are seen at the same moment, and only one of them
// may wake it.
TEST_F(client_retry, a_wait_that_is_over_when_the_operation_is)
{
    start_with({behaviour::error(503, "overloaded")});
    config.timeouts.operation = 400ms;
    config.retry.policy = [](failed_attempt const&) { return std::optional{300ms}; };
    auto const result = begin(ask());
    run_until([&] { return client().retries().retries == 1; });
    // A handler that takes its time.
    auto const late = std::chrono::steady_clock::now() + 600ms;
    asio::post(context, [late] {
        while (std::chrono::steady_clock::now() < late) {
        }
    });
    run_until(result);
    EXPECT_EQ(result->ec, errc::operation_timeout);
}

TEST_F(client_retry, sends_a_picture_again_as_it_was)
{
    start_with({behaviour::error(500, ""), behaviour::close_within_response(10)});
    auto request = ask();
    request.input = {user_message{input_image::from_bytes(read_test_data("red.png"))}};
    auto const result = exchange(request);
    EXPECT_FALSE(result.ec);
    EXPECT_NE(result.response.output_text().find("sha256=074522f5bcd75c58"), std::string::npos);
    EXPECT_EQ(result.response.exchange.attempts, 3U);
}

TEST_F(client_retry, in_a_coroutine)
{
    start_with({behaviour::error(503, ""), behaviour::error(503, ""), behaviour::error(503, "")});
    auto const what = [](vidi::client& c, vidi::request r) -> asio::awaitable<std::string> {
        try {
            co_await c.create(std::move(r));
        }
        catch (api_error const& e) {
            co_return std::to_string(e.response().exchange.attempts);
        }
        co_return "no error";
    };
    EXPECT_EQ(run(what(client(), ask())), "3");
    EXPECT_TRUE(run(client().create(ask())).ok());
}

// What fails before anything is sent would else keep the executor for itself.
TEST_F(client_retry, at_once_still_lets_others_have_their_turn)
{
    start([](request_view const& r) { return r.sequence == 1 ? behaviour::stall() : behaviour{}; });
    config.pool.max_connections = 1;
    config.pool.max_waiting = 1;
    config.retry.max_retries = 1'000'000;
    config.retry.budget = 0;
    unsigned refused = 0;
    config.retry.policy = [&](failed_attempt const& a) {
        EXPECT_EQ(a.failure, errc::pool_full);
        if (++refused == 3)
            server->release_stalled();
        return std::optional{0ms};
    };
    auto const first = begin(ask());
    run_until_server([](auto const& s) { return s.stalled == 1; });
    auto const second = begin(ask());
    auto const third = begin(ask());
    for (auto const& each : {first, second, third}) {
        run_until(each);
        EXPECT_FALSE(each->ec) << describe_failure(each->ec, each->response);
    }
    EXPECT_GE(refused, 3U);
}

} // namespace
} // namespace vidi::testing
