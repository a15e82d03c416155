#include "emulator/rate_gate.hpp"
#include "emulator/rate_limiter.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace {

using namespace std::chrono_literals;
using namespace vidi::emulation;
using vidi::testing::rate_limit_options;

using time_point = rate_limiter::time_point;

constexpr std::string_view model = "gpt-5-mini";

time_point at(std::chrono::milliseconds time) { return time_point{} + 1h + time; }

// A request, and how long its sender is told to wait; nothing if it is accepted.
struct step
{
    std::chrono::milliseconds time;
    std::uint64_t tokens;
    std::optional<std::chrono::milliseconds> wait;
};

struct scenario
{
    char const* name;
    rate_limit_options limits;
    std::vector<step> steps;
};

class rate_limiter_scenario : public ::testing::TestWithParam<scenario>
{
};

TEST_P(rate_limiter_scenario, is_followed)
{
    rate_limiter limiter{GetParam().limits};
    for (auto const& step : GetParam().steps) {
        auto const refusal = limiter.admit(std::string(model), step.tokens, at(step.time));
        ASSERT_EQ(refusal.has_value(), step.wait.has_value()) << step.time.count() << " ms";
        if (refusal) {
            EXPECT_EQ(refusal->wait, step.wait) << step.time.count() << " ms";
        }
    }
}

scenario const scenarios[] = {
    {"nothing_is_limited", {}, {{0ms, 9, {}}, {0ms, 9, {}}, {0ms, 1'000'000'000, {}}}},
    {"a_window_slides",
     {.requests = 2, .window = 1s},
     {{0ms, 1, {}},
      {600ms, 1, {}},
      {700ms, 1, 300ms},
      {999ms, 1, 1ms},
      {1000ms, 1, {}},
      {1001ms, 1, 599ms},
      {1600ms, 1, {}},
      {1600ms, 1, 400ms}}},
    {"no_window_has_more_than_the_limit_across_an_edge",
     {.requests = 3, .window = 1s},
     {{900ms, 1, {}}, {900ms, 1, {}}, {900ms, 1, {}}, {1100ms, 1, 800ms}, {1900ms, 1, {}}}},
    {"what_was_refused_does_not_count",
     {.requests = 1, .window = 1s},
     {{0ms, 1, {}}, {500ms, 1, 500ms}, {900ms, 1, 100ms}, {1000ms, 1, {}}}},
    {"what_was_refused_counts_if_asked_for",
     {.requests = 1, .window = 1s, .count_refused = true},
     {{0ms, 1, {}}, {500ms, 1, 1s}, {1499ms, 1, 1s}, {2499ms, 1, {}}, {2500ms, 1, 1s}}},
    {"tokens_are_limited",
     {.tokens = 100, .window = 1s},
     {{0ms, 60, {}}, {100ms, 40, {}}, {200ms, 1, 800ms}, {200ms, 61, 900ms}, {1000ms, 60, {}}}},
    {"what_is_larger_than_the_limit_can_use_all_of_it_at_most",
     {.tokens = 100, .window = 1s},
     {{0ms, 100, {}}, {1ms, 100, 999ms}, {1000ms, 100, {}}}},
    {"both_are_limited",
     {.requests = 2, .tokens = 100, .window = 1s},
     {{0ms, 90, {}}, {10ms, 20, 990ms}, {10ms, 10, {}}, {20ms, 0, 980ms}}},
};

INSTANTIATE_TEST_SUITE_P(
    all, rate_limiter_scenario, ::testing::ValuesIn(scenarios),
    [](auto const& test) { return test.param.name; });

TEST(rate_limiter, says_what_was_the_limit)
{
    rate_limiter limiter{{.requests = 2, .tokens = 10, .window = 1s}};
    EXPECT_EQ(limiter.admit("m", 7, at(0ms)), std::nullopt);
    rate_refusal const tokens{
        .kind = rate_limit_kind::tokens, .limit = 10, .used = 7, .requested = 4, .wait = 1s};
    EXPECT_EQ(limiter.admit("m", 4, at(0ms)), tokens);
    EXPECT_EQ(limiter.admit("m", 3, at(0ms)), std::nullopt);
    rate_refusal const requests{
        .kind = rate_limit_kind::requests, .limit = 2, .used = 2, .requested = 1, .wait = 1s};
    EXPECT_EQ(limiter.admit("m", 0, at(0ms)), requests);
}

TEST(rate_limiter, no_wait_helps_what_is_too_large)
{
    rate_limiter limiter{{.tokens = 10, .window = 1s}};
    auto const refusal = limiter.admit("m", 11, at(0ms));
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->wait, std::nullopt);
}

TEST(rate_limiter, output_tokens_count_when_they_are_used)
{
    rate_limiter limiter{{.tokens = 100, .window = 1s}};
    EXPECT_FALSE(limiter.admit("m", 40, at(0ms)));
    limiter.use_tokens("m", 200, at(300ms));
    EXPECT_EQ(limiter.tokens_left("m", at(400ms)), (rate_budget{100, 0, 900ms}));
    EXPECT_EQ(limiter.admit("m", 10, at(400ms))->wait, 900ms);
    EXPECT_FALSE(limiter.admit("m", 10, at(1300ms)));
}

TEST(rate_limiter, each_model_has_its_own)
{
    rate_limiter limiter{{.requests = 1, .window = 1s}};
    EXPECT_FALSE(limiter.admit("a", 1, at(0ms)));
    EXPECT_FALSE(limiter.admit("b", 1, at(0ms)));
    EXPECT_TRUE(limiter.admit("a", 1, at(0ms)));
    EXPECT_EQ(limiter.most_in_window(), 1u);
}

TEST(rate_limiter, knows_what_is_left)
{
    rate_limiter limiter{{.requests = 3, .tokens = 100, .window = 1s}};
    EXPECT_EQ(limiter.requests_left("m", at(0ms)), (rate_budget{3, 3, 0s}));
    limiter.admit("m", 30, at(0ms));
    limiter.admit("m", 30, at(100ms));
    EXPECT_EQ(limiter.requests_left("m", at(150ms)), (rate_budget{3, 1, 950ms}));
    EXPECT_EQ(limiter.tokens_left("m", at(150ms)), (rate_budget{100, 40, 950ms}));
    EXPECT_EQ(limiter.requests_left("m", at(1050ms)), (rate_budget{3, 2, 50ms}));
    EXPECT_EQ(limiter.requests_left("m", at(1100ms)), (rate_budget{3, 3, 0s}));
}

TEST(rate_limiter, knows_the_fullest_window)
{
    rate_limiter limiter{{.requests = 3, .window = 1s}};
    for (auto const time : {0ms, 10ms, 20ms, 30ms, 5000ms})
        limiter.admit("m", 1, at(time));
    EXPECT_EQ(limiter.most_in_window(), 3u);
}

TEST(rate_limiter, refuses_a_window_of_no_length)
{
    EXPECT_THROW(rate_limiter{rate_limit_options{.window = 0s}}, std::invalid_argument);
}

TEST(go_duration, is_written_as_the_api_does)
{
    struct
    {
        std::chrono::steady_clock::duration time;
        char const* text;
    } const cases[] = {{0s, "0s"},     {1ns, "1ms"},           {12ms, "12ms"},
                       {1s, "1s"},     {1500ms, "1.5s"},       {59'990ms, "59.99s"},
                       {6min, "6m0s"}, {61'001ms, "1m1.001s"}, {90min, "90m0s"}};
    for (auto const& [time, text] : cases)
        EXPECT_EQ(to_go_duration(time), text);
}

} // namespace
