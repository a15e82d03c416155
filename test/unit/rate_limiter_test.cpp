#include "protocol/rate_limiter.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace {

using namespace std::chrono_literals;
using vidi::admission_options;
using vidi::rate_limit_state;
using vidi::protocol::rate_limiter;
using time_point = rate_limiter::time_point;

time_point at(std::chrono::nanoseconds t) { return time_point{1'000'000s + t}; }

// A provider that counts what it accepted within the last window, exactly.
class provider
{
public:
    explicit provider(std::size_t limit) : limit_{limit} {}

    bool accept(time_point now)
    {
        while (!accepted_.empty() && accepted_.front() <= now - 60s)
            accepted_.pop_front();
        bool const good = accepted_.size() < limit_;
        if (good)
            accepted_.push_back(now);
        return good;
    }

    rate_limit_state state() const
    {
        auto const limit = static_cast<std::int64_t>(limit_);
        return {
            .limit_requests = limit,
            .remaining_requests = limit - static_cast<std::int64_t>(accepted_.size())};
    }

private:
    std::size_t limit_;
    std::deque<time_point> accepted_;
};

struct tally
{
    std::size_t accepted = 0;
    std::size_t refused = 0;
};

// Sends as fast as it is let, each answered at once.
tally run(
    rate_limiter& limiter, provider& server, std::chrono::seconds duration, bool tells,
    time_point from = at(0s))
{
    tally result;
    auto now = from;
    while ((now = limiter.admits_at(1, now + 1ms)) < from + duration) {
        auto const admitted = limiter.admit(1, now);
        bool const good = server.accept(now);
        ++(good ? result.accepted : result.refused);
        auto const said = tells ? server.state() : rate_limit_state{};
        if (tells)
            limiter.learn(said, admitted, now);
        if (good)
            limiter.on_success({}, admitted);
        else
            limiter.on_refusal(said, {}, now);
    }
    return result;
}

TEST(rate_limiter, uses_a_configured_limit_to_the_full)
{
    admission_options const options{.requests = 500};
    rate_limiter limiter{options};
    provider server{500};
    auto const [accepted, refused] = run(limiter, server, 600s, false);
    EXPECT_EQ(refused, 0U);
    EXPECT_GE(accepted, 500U * 10 * 95 / 100);
}

TEST(rate_limiter, learns_the_limit_from_the_first_answer)
{
    admission_options const options;
    rate_limiter limiter{options};
    provider server{500};
    auto const [accepted, refused] = run(limiter, server, 600s, true);
    EXPECT_EQ(refused, 0U);
    EXPECT_GE(accepted, 500U * 10 * 95 / 100);
}

TEST(rate_limiter, does_not_exceed_the_lower_of_both)
{
    admission_options const options{.requests = 100};
    rate_limiter limiter{options};
    provider server{500};
    EXPECT_LE(run(limiter, server, 60s, true).accepted, 100U);
}

TEST(rate_limiter, makes_way_for_others_with_the_same_key)
{
    admission_options const options;
    rate_limiter limiter{options};
    provider server{100};
    for (int i = 0; i < 60; ++i)
        server.accept(at(-1s * i));
    auto const [accepted, refused] = run(limiter, server, 10s, true);
    EXPECT_GE(accepted, 40U);
    EXPECT_LE(refused, 2U);
}

TEST(rate_limiter, finds_its_pace_where_the_limit_is_not_told)
{
    admission_options const options;
    rate_limiter limiter{options};
    provider server{500};
    auto const [accepted, refused] = run(limiter, server, 1200s, false);
    EXPECT_GE(accepted, 500U * 20 / 2);
    EXPECT_LE(refused, accepted / 20);
}

TEST(rate_limiter, holds_everything_for_as_long_as_the_server_asks)
{
    admission_options const options;
    rate_limiter limiter{options};
    EXPECT_EQ(limiter.admits_at(1, at(0s)), at(0s));
    limiter.on_refusal({}, 20s, at(0s));
    limiter.on_refusal({}, 5s, at(1s));
    EXPECT_EQ(limiter.admits_at(1, at(2s)), at(20s));
    limiter.on_refusal({}, 10'000h, at(20s));
    EXPECT_LE(limiter.admits_at(1, at(20s)), at(20s + 1h)) << "then another may try";
}

TEST(rate_limiter, holds_for_longer_and_longer_where_the_server_does_not_say)
{
    admission_options const options;
    rate_limiter limiter{options};
    auto now = at(0s);
    for (auto const expected : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
        limiter.on_refusal({}, {}, now);
        limiter.on_refusal({}, {}, now);
        EXPECT_EQ(limiter.admits_at(1, now), now + expected) << "together they count once";
        now += expected;
    }
    limiter.on_success({}, {});
    limiter.on_refusal({}, {}, now);
    EXPECT_EQ(limiter.admits_at(1, now), now + 1s);
}

TEST(rate_limiter, corrects_its_estimates_of_tokens)
{
    admission_options const options{.tokens = 10'000};
    rate_limiter limiter{options};
    auto const first = limiter.admit(1'000, at(0s));
    EXPECT_EQ(first.estimate, 1'000U);
    for (int i = 0; i < 8; ++i)
        limiter.admit(1'000, at(0s));
    EXPECT_EQ(limiter.admits_at(1'000, at(0s)), at(0s));
    limiter.on_success(2'000, first);
    EXPECT_GT(limiter.admits_at(1'000, at(0s)), at(0s)) << "9 were estimated, 10 are used";
    auto now = at(100s);
    for (int i = 0; i < 40; ++i) {
        now += 100s;
        auto const next = limiter.admit(1'000, now);
        limiter.on_success(2'000, next);
    }
    EXPECT_NEAR(static_cast<double>(limiter.admit(1'000, now).estimate), 2'000, 10);
}

TEST(rate_limiter, ignores_what_makes_no_sense)
{
    admission_options const options{.requests = 10};
    rate_limiter limiter{options};
    auto const then = limiter.admit(1, at(0s));
    for (auto const& said :
         {rate_limit_state{.limit_requests = -1, .remaining_requests = -1},
          rate_limit_state{.limit_requests = 0, .remaining_requests = 0},
          rate_limit_state{.limit_requests = 5, .remaining_requests = 6},
          rate_limit_state{.remaining_requests = 0}})
        limiter.learn(said, then, at(0s));
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(limiter.admits_at(1, at(0s)), at(0s));
        limiter.admit(1, at(0s));
    }
    EXPECT_GT(limiter.admits_at(1, at(0s)), at(0s)) << "but 5 is a limit";
}

} // namespace
