#include "integration/client_fixture.hpp"

#include <gmock/gmock.h>

#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace vidi::testing {
namespace {

// Writes down what it is told.
class recording_observer : public observer
{
public:
    void on_begin(request_begin const& e) noexcept override
    {
        std::ostringstream text;
        text << "begin " << e.client_request_id << ' ' << e.model;
        EXPECT_GT(e.bytes, 100U);
        lines.push_back(text.str());
    }

    void on_attempt(attempt_end const& e) noexcept override
    {
        std::ostringstream text;
        text << "attempt " << e.client_request_id << ' ' << e.number << ' '
             << e.response.exchange.http_status << (e.hedge ? " hedge" : "")
             << (e.possibly_billed ? " possibly billed" : "") << (e.retry_after ? " again" : "");
        lines.push_back(text.str());
        timings.push_back(e.response.exchange.timings);
        limits.push_back(e.response.exchange.rate_limit);
    }

    void on_end(request_end const& e) noexcept override
    {
        std::ostringstream text;
        text << "end " << e.response.exchange.client_request_id << ' '
             << (e.failure ? "failed" : "succeeded") << ' ' << e.response.exchange.attempts;
        tokens = e.response.usage ? e.response.usage->total_tokens : 0;
        lines.push_back(text.str());
    }

    std::vector<std::string> lines;
    std::vector<exchange_timings> timings;
    std::vector<rate_limit_state> limits;
    std::int64_t tokens = 0;
};

// Writes down every text that it is given.
class listening_observer : public observer
{
public:
    void on_begin(request_begin const& e) noexcept override
    {
        heard << e.client_request_id << '\n' << e.model << '\n';
    }

    void on_attempt(attempt_end const& e) noexcept override
    {
        heard << e.client_request_id << '\n';
        hear(e.failure, e.response);
    }

    void on_end(request_end const& e) noexcept override { hear(e.failure, e.response); }

    std::ostringstream heard;

private:
    void hear(error_code failure, vidi::response const& r)
    {
        auto const& e = r.exchange;
        heard << failure.message() << '\n' << describe_failure(failure, r) << '\n';
        heard << serialize(r) << '\n';
        for (auto const& text :
             {e.request_id, e.client_request_id, e.detail, e.body_excerpt, e.content_type,
              e.content_encoding, e.location, e.json_path})
            heard << text << '\n';
    }
};

class client_observer : public client_test
{
protected:
    void observe()
    {
        seen = std::make_shared<recording_observer>();
        config.observer = seen;
        config.retry.initial_delay = 1ms;
        config.admission.learn = false;
    }

    static request_options named(std::string id)
    {
        request_options result;
        result.client_request_id = std::move(id);
        return result;
    }

    std::shared_ptr<recording_observer> seen;
};

TEST_F(client_observer, sees_a_request_from_begin_to_end)
{
    start();
    observe();
    auto const result = exchange(named("job"));
    EXPECT_THAT(
        seen->lines,
        ::testing::ElementsAre("begin job gpt-5-mini", "attempt job 1 200", "end job succeeded 1"));
    EXPECT_EQ(seen->tokens, result.response.usage.value().total_tokens);
    EXPECT_GT(seen->timings.at(0).tls_handshake.count(), 0);
    EXPECT_GT(seen->timings.at(0).first_byte.count(), 0);
}

TEST_F(client_observer, sees_each_attempt)
{
    start([](request_view const& r) {
        if (r.sequence == 1)
            return behaviour::error(503, "overloaded");
        return r.sequence == 2 ? behaviour::close_before_response() : behaviour{};
    });
    observe();
    config.retry.max_retries = 2;
    exchange(named("job"));
    EXPECT_THAT(
        seen->lines,
        ::testing::ElementsAre(
            "begin job gpt-5-mini", "attempt job 1 503 again",
            "attempt job 2 0 possibly billed again", "attempt job 3 200", "end job succeeded 3"));
}

TEST_F(client_observer, sees_hedges)
{
    start(
        [](request_view const& r) { return r.sequence == 21 ? behaviour::stall() : behaviour{}; });
    observe();
    config.hedging.enabled = true;
    config.hedging.max_share = 1;
    config.hedging.min_delay = 1ms;
    for (int i = 0; i < 20; ++i)
        exchange();
    seen->lines.clear();
    exchange(named("slow"));
    EXPECT_THAT(
        seen->lines, ::testing::ElementsAre(
                         "begin slow gpt-5-mini", "attempt slow 1 0 possibly billed",
                         "attempt slow 2 200 hedge", "end slow succeeded 2"));
}

TEST_F(client_observer, sees_failures)
{
    start();
    observe();
    config.api_key = "sk-wrong";
    exchange(named("job"));
    EXPECT_THAT(
        seen->lines,
        ::testing::ElementsAre("begin job gpt-5-mini", "attempt job 1 401", "end job failed 1"));
}

TEST_F(client_observer, sees_the_rate_limits_that_come_with_a_refusal)
{
    start([](request_view const&) {
        return behaviour::error(
            429, "rate_limit_exceeded", "Slow down.",
            {{"x-ratelimit-limit-requests", "60"},
             {"x-ratelimit-limit-tokens", "150000"},
             {"x-ratelimit-remaining-requests", "0"},
             {"x-ratelimit-remaining-tokens", "149984"},
             {"x-ratelimit-reset-requests", "1s"},
             {"x-ratelimit-reset-tokens", "6m0s"}});
    });
    observe();
    auto const [called, ec, response] = exchange();
    EXPECT_EQ(ec, errc::rate_limited);
    rate_limit_state const told{60, 150'000, 0, 149'984, 1s, 6min};
    EXPECT_EQ(response.exchange.rate_limit, told);
    EXPECT_THAT(seen->limits, ::testing::ElementsAre(told));
}

TEST_F(client_observer, is_never_told_the_key)
{
    std::string const key = "sk-very-secret-0123456789";
    emulator_options options;
    options.api_key = key;
    options.script = [](request_view const& r) {
        behaviour const answers[] = {
            {},
            behaviour::error(401, "invalid_api_key"),
            behaviour::raw("This is not HTTP.\r\n\r\n"),
            behaviour::reply({.body = "<html>", .content_type = "text/html"}),
            behaviour::reply({.status = 307, .headers = {{"Location", "https://else.invalid/"}}}),
            behaviour::close_before_response()};
        return answers[(r.sequence - 1) % std::size(answers)];
    };
    start(std::move(options));
    observe();
    auto const listener = std::make_shared<listening_observer>();
    config.observer = listener;
    config.api_key = key;
    for (int i = 0; i < 6; ++i)
        exchange();
    destroy_client();
    config.tls.ca_certificates.clear();
    exchange();
    EXPECT_THAT(
        listener->heard.str(),
        ::testing::AllOf(
            ::testing::HasSubstr(red_facts), ::testing::HasSubstr("(401)"),
            ::testing::HasSubstr("not HTTP/1.1"), ::testing::HasSubstr("<html>"),
            ::testing::HasSubstr("https://else.invalid/"),
            ::testing::HasSubstr("ended before the server answered"),
            ::testing::HasSubstr("not trusted"), ::testing::Not(::testing::HasSubstr(key))));
}

TEST_F(client_observer, sees_nothing_of_what_cannot_be_sent)
{
    start();
    observe();
    auto request = ask("\xff");
    EXPECT_EQ(exchange(request).ec, errc::invalid_request);
    EXPECT_TRUE(seen->lines.empty());
}

} // namespace
} // namespace vidi::testing
