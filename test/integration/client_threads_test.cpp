#include "integration/client_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

namespace vidi::testing {
namespace {

constexpr int thread_count = 4;

// One client, on an io_context that several threads run. The fixture's own io_context is not used.
class client_threads : public client_test
{
protected:
    ~client_threads() override { threads.join(); }

    vidi::client& shared_client()
    {
        if (!shared)
            shared.emplace(threads.get_executor(), config);
        return *shared;
    }

    asio::thread_pool threads{thread_count};
    std::optional<vidi::client> shared;
};

TEST_F(client_threads, one_client_serves_coroutines_on_all_threads)
{
    start();
    config.pool.max_connections = 16;
    auto& client = shared_client();
    constexpr int workers = 32;
    constexpr int each = 20;
    std::atomic<int> right = 0;
    std::latch done{workers};
    for (int w = 0; w < workers; ++w) {
        asio::co_spawn(
            threads,
            [&, w]() -> asio::awaitable<void> {
                for (int i = 0; i < each; ++i) {
                    auto const tag = std::to_string(w) + '/' + std::to_string(i);
                    auto const [ec, response] =
                        co_await client.async_create(ask(tag), asio::as_tuple(asio::use_awaitable));
                    EXPECT_FALSE(ec) << describe_failure(ec, response);
                    right += response.output_text().starts_with("prompt: " + tag + '\n');
                }
                done.count_down();
            },
            asio::detached);
    }
    done.wait();
    EXPECT_EQ(right, workers * each);
    auto const s = client.statistics();
    EXPECT_LE(s.created, 16U);
    EXPECT_EQ(s.created + s.reused, static_cast<std::uint64_t>(workers * each));
    EXPECT_EQ(s.in_use, 0U);
}

TEST_F(client_threads, calls_come_from_any_thread)
{
    start();
    config.pool.max_connections = 4;
    auto& client = shared_client();
    constexpr int each = 25;
    std::latch done{thread_count * each};
    std::atomic<int> failures = 0;
    std::vector<std::jthread> callers;
    for (int t = 0; t < thread_count; ++t) {
        callers.emplace_back([&] {
            for (int i = 0; i < each; ++i) {
                client.async_create(ask(), [&](error_code ec, vidi::response const&) {
                    failures += ec.failed();
                    done.count_down();
                });
                (void)client.statistics();
            }
        });
    }
    done.wait();
    EXPECT_EQ(failures, 0);
}

TEST_F(client_threads, cancellation_races_with_completion)
{
    start();
    config.pool.max_connections = 4;
    auto& client = shared_client();
    constexpr int count = 200;
    std::latch done{count};
    std::atomic<int> cancelled = 0;
    std::atomic<int> completed = 0;

    // An operation, its signal, and the strand on which both its handler runs and it is cancelled.
    struct entry
    {
        explicit entry(asio::thread_pool& pool) : strand{asio::make_strand(pool.get_executor())} {}
        asio::strand<asio::thread_pool::executor_type> strand;
        asio::cancellation_signal signal;
    };
    std::vector<std::unique_ptr<entry>> entries;
    for (int i = 0; i < count; ++i) {
        auto& e = *entries.emplace_back(std::make_unique<entry>(threads));
        asio::post(e.strand, [&] {
            client.async_create(
                ask(), asio::bind_cancellation_slot(
                           e.signal.slot(),
                           asio::bind_executor(e.strand, [&](error_code ec, vidi::response const&) {
                               ++(ec == asio::error::operation_aborted ? cancelled : completed);
                               done.count_down();
                           })));
        });
        if (i % 2 == 0)
            asio::post(e.strand, [&] { e.signal.emit(asio::cancellation_type::terminal); });
    }
    done.wait();
    EXPECT_EQ(cancelled + completed, count);
    EXPECT_GE(completed, count / 2);
    auto const s = client.statistics();
    EXPECT_EQ(s.in_use + s.connecting + s.waiting, 0U);
}

TEST_F(client_threads, the_client_is_destroyed_while_it_works)
{
    start([](request_view const& r) {
        return r.sequence % 3 == 0 ? behaviour::stall() : behaviour{};
    });
    config.pool.max_connections = 8;
    constexpr int count = 100;
    std::latch all_done{count};
    std::atomic<int> so_far = 0;
    for (int i = 0; i < count; ++i) {
        shared_client().async_create(ask(), [&](error_code, vidi::response const&) {
            ++so_far;
            all_done.count_down();
        });
    }
    server->wait_for([](auto const& s) { return s.stalled >= 1; }, patience);
    shared.reset();
    all_done.wait();
    EXPECT_EQ(so_far, count);
}

TEST_F(client_threads, the_client_is_destroyed_while_attempts_run_beside_each_other)
{
    constexpr std::uint64_t usual = 20;
    start([](request_view const& r) {
        return r.sequence <= usual || r.sequence % 3 != 0 ? behaviour{} : behaviour::stall();
    });
    config.hedging.enabled = true;
    config.hedging.min_delay = 1ms;
    config.hedging.max_share = 1;
    for (std::uint64_t i = 0; i < usual; ++i)
        EXPECT_NO_THROW((void)shared_client().async_create(ask(), asio::use_future).get());
    constexpr int count = 100;
    std::latch all_done{count};
    for (int i = 0; i < count; ++i) {
        shared_client().async_create(
            ask(), [&](error_code, vidi::response const&) { all_done.count_down(); });
    }
    server->wait_for([](auto const& s) { return s.stalled >= 1; }, patience);
    shared.reset();
    all_done.wait();
}

TEST_F(client_threads, one_client_each_in_single_threaded_mode)
{
    start();
    config.single_threaded = true;
    std::vector<std::jthread> runners;
    std::atomic<int> right = 0;
    for (int t = 0; t < 2; ++t) {
        runners.emplace_back([&] {
            asio::io_context own{1};
            vidi::client mine{own, config};
            for (int i = 0; i < 50; ++i) {
                mine.async_create(
                    ask(), [&](error_code ec, vidi::response const&) { right += !ec.failed(); });
            }
            own.run();
        });
    }
    runners.clear();
    EXPECT_EQ(right, 100);
}

} // namespace
} // namespace vidi::testing
