#include "integration/client_fixture.hpp"

#include <gmock/gmock.h>

#include <sstream>
#include <string>
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
    std::int64_t tokens = 0;
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
