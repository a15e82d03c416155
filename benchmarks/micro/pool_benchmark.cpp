#include "counted.hpp"
#include "pool/basic_pool.hpp"

#include <string>
#include <vector>

namespace vidi_benchmark {
namespace {

struct fake_connection
{
    using time_point = std::chrono::steady_clock::time_point;

    explicit fake_connection(time_point now) : opened_at{now}, idle_since{now} {}

    bool usable() const { return true; }

    time_point opened_at;
    time_point idle_since;
};

using pool_type = vidi::pool::basic_pool<fake_connection>;

std::vector<vidi::protocol::origin> make_origins(std::int64_t n)
{
    std::vector<vidi::protocol::origin> origins;
    for (std::int64_t i = 0; i < n; ++i)
        origins.push_back({.host = "api-" + std::to_string(i) + ".example.com"});
    return origins;
}

// An exchange takes an idle connection and gives it back; `others` are in use all the time.
void reuse(benchmark::State& state, bool single_threaded)
{
    auto const origins = make_origins(state.range(0));
    auto const others = state.range(1);
    pool_type pool{{.max_connections = static_cast<std::size_t>(others) + 1}, single_threaded};
    fake_connection::time_point const now{std::chrono::hours{1}};
    for (auto const& to : origins) {
        for (std::int64_t i = 0; i <= others; ++i) {
            pool.acquire(to, now, true);
            pool.connected(to, true, true);
        }
        pool.give_back(to, std::make_unique<fake_connection>(now), now);
    }
    auto next = origins.begin();
    run_counted(state, [&] {
        auto const& to = *next;
        auto granted = pool.acquire(to, now, true);
        pool.give_back(to, std::move(granted->connection), now);
        if (++next == origins.end())
            next = origins.begin();
        return granted.has_value();
    });
}

// An exchange waits for a connection that another one gives back.
void hand_over(benchmark::State& state)
{
    struct waiter final : pool_type::waiter
    {
        void on_grant(pool_type::grant g) override { granted = std::move(g); }
        pool_type::grant granted;
    };
    auto const to = make_origins(1).front();
    pool_type pool{{.max_connections = 1}, true};
    fake_connection::time_point const now{std::chrono::hours{1}};
    pool.acquire(to, now, true);
    pool.connected(to, true, true);
    waiter next;
    next.granted.connection = std::make_unique<fake_connection>(now);
    run_counted(state, [&] {
        auto held = std::move(next.granted.connection);
        pool.acquire(to, now, true, &next);
        pool.give_back(to, std::move(held), now);
        return next.granted.connection.get();
    });
}

BENCHMARK_CAPTURE(reuse, single_threaded, true)
    ->ArgNames({"hosts", "others"})
    ->Args({1, 0})
    ->Args({1, 255})
    ->Args({16, 15});
BENCHMARK_CAPTURE(reuse, multi_threaded, false)->ArgNames({"hosts", "others"})->Args({1, 255});
BENCHMARK(hand_over);

} // namespace
} // namespace vidi_benchmark
