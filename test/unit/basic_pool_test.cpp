#include "pool/basic_pool.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using vidi::errc;

struct fake_connection
{
    using time_point = std::chrono::steady_clock::time_point;

    explicit fake_connection(int i, time_point opened, int* counter)
        : id{i}, opened_at{opened}, alive{counter}
    {
        ++*alive;
    }
    fake_connection(fake_connection const&) = delete;
    fake_connection& operator=(fake_connection const&) = delete;
    ~fake_connection() { --*alive; }

    bool usable() const { return !closed_by_server; }

    int id;
    time_point opened_at;
    time_point idle_since{};
    bool closed_by_server = false;
    int* alive;
};

using pool_type = vidi::pool::basic_pool<fake_connection>;

struct fake_waiter final : pool_type::waiter
{
    void on_grant(pool_type::grant g) override { granted = std::move(g); }
    std::optional<pool_type::grant> granted;
};

class pool_rules : public ::testing::Test
{
protected:
    explicit pool_rules(vidi::pool_options options = {.max_connections = 2, .max_waiting = 2})
        : pool{options, false}
    {
    }

    ~pool_rules() override
    {
        pool.close();
        EXPECT_EQ(alive, 0) << "a connection was lost";
    }

    // Somebody is granted the permission to connect, and connects.
    std::unique_ptr<fake_connection> connect()
    {
        auto granted = pool.acquire(here, now, false);
        EXPECT_TRUE(granted && !granted->failure && !granted->connection);
        pool.connected(here, true, false);
        return std::make_unique<fake_connection>(++created, now, &alive);
    }

    vidi::protocol::origin const here{true, "here", 443};
    vidi::protocol::origin const there{true, "there", 443};
    fake_connection::time_point now{1h};
    int alive = 0;
    int created = 0;
    pool_type pool;
};

TEST_F(pool_rules, the_most_recently_used_connection_is_reused)
{
    auto a = connect();
    auto b = connect();
    pool.give_back(here, std::move(a), now);
    pool.give_back(here, std::move(b), now);
    auto granted = pool.acquire(here, now, true);
    ASSERT_TRUE(granted && granted->connection);
    EXPECT_EQ(granted->connection->id, 2);
    pool.give_back(here, std::move(granted->connection), now);
}

TEST_F(pool_rules, origins_do_not_share)
{
    pool.give_back(here, connect(), now);
    auto const granted = pool.acquire(there, now, true);
    ASSERT_TRUE(granted);
    EXPECT_FALSE(granted->connection);
    pool.not_connected(there);
}

TEST_F(pool_rules, beyond_the_limit_operations_wait_in_order)
{
    auto a = connect();
    auto b = connect();
    fake_waiter first, second, third;
    EXPECT_FALSE(pool.acquire(here, now, true, &first));
    EXPECT_FALSE(pool.acquire(here, now, true, &second));
    auto const refused = pool.acquire(here, now, true, &third);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->failure, errc::pool_full);
    EXPECT_EQ(pool.statistics(now).waiting, 2U);

    pool.give_back(here, std::move(a), now);
    ASSERT_TRUE(first.granted);
    EXPECT_EQ(first.granted->connection->id, 1);
    EXPECT_FALSE(second.granted);
    EXPECT_EQ(pool.statistics(now).in_use, 2U);

    pool.give_back(here, std::move(b), now);
    ASSERT_TRUE(second.granted);
    EXPECT_EQ(second.granted->connection->id, 2);
}

TEST_F(pool_rules, a_place_that_becomes_free_is_passed_on)
{
    auto a = connect();
    auto b = connect();
    fake_waiter first, second;
    pool.acquire(here, now, true, &first);
    pool.acquire(here, now, true, &second);
    a.reset();
    pool.ended(here);
    ASSERT_TRUE(first.granted);
    EXPECT_FALSE(first.granted->connection) << "a permission, not a connection";
    pool.not_connected(here);
    ASSERT_TRUE(second.granted);
    EXPECT_FALSE(second.granted->connection);
    pool.not_connected(here);
    EXPECT_EQ(pool.statistics(now).connecting, 0U);
    EXPECT_EQ(pool.statistics(now).in_use, 1U);
}

class pool_rules_for_connecting : public pool_rules
{
protected:
    pool_rules_for_connecting()
        : pool_rules{{.max_connections = 4, .max_connecting = 1, .max_waiting = 4}}
    {
    }
};

TEST_F(pool_rules_for_connecting, one_at_a_time)
{
    ASSERT_TRUE(pool.acquire(here, now, true));
    fake_waiter second, third;
    EXPECT_FALSE(pool.acquire(here, now, true, &second));
    EXPECT_FALSE(pool.acquire(here, now, true, &third));
    EXPECT_TRUE(pool.acquire(there, now, true)) << "another host has a limit of its own";
    pool.not_connected(there);

    pool.connected(here, true, false);
    ASSERT_TRUE(second.granted);
    EXPECT_FALSE(second.granted->connection) << "it may connect";
    EXPECT_FALSE(third.granted);
    pool.not_connected(here);
    EXPECT_TRUE(third.granted);
    pool.not_connected(here);
    pool.ended(here);
}

TEST_F(pool_rules_for_connecting, a_connection_that_becomes_idle_serves_who_waits_to_connect)
{
    auto a = connect();
    ASSERT_TRUE(pool.acquire(here, now, true));
    fake_waiter waiting;
    EXPECT_FALSE(pool.acquire(here, now, true, &waiting));
    pool.give_back(here, std::move(a), now);
    ASSERT_TRUE(waiting.granted);
    ASSERT_TRUE(waiting.granted->connection);
    pool.not_connected(here);
    pool.give_back(here, std::move(waiting.granted->connection), now);
}

TEST_F(pool_rules, who_withdraws_is_not_granted)
{
    auto a = connect();
    auto b = connect();
    fake_waiter first, second;
    pool.acquire(here, now, true, &first);
    pool.acquire(here, now, true, &second);
    EXPECT_TRUE(pool.withdraw(here, first));
    EXPECT_FALSE(pool.withdraw(here, first));
    pool.give_back(here, std::move(a), now);
    EXPECT_FALSE(first.granted);
    EXPECT_TRUE(second.granted);
    EXPECT_FALSE(pool.withdraw(here, second));
}

TEST_F(pool_rules, a_connection_that_the_server_closed_is_not_granted)
{
    auto a = connect();
    auto b = connect();
    b->closed_by_server = true;
    pool.give_back(here, std::move(a), now);
    pool.give_back(here, std::move(b), now);
    auto granted = pool.acquire(here, now, true);
    ASSERT_TRUE(granted && granted->connection);
    EXPECT_EQ(granted->connection->id, 1);
    EXPECT_EQ(pool.statistics(now).stale, 1U);
    EXPECT_EQ(alive, 1);
}

TEST_F(pool_rules, a_connection_that_the_server_spoiled_is_not_passed_on)
{
    auto a = connect();
    auto b = connect();
    fake_waiter waiting;
    EXPECT_FALSE(pool.acquire(here, now, true, &waiting));
    a->closed_by_server = true;
    pool.give_back(here, std::move(a), now);
    ASSERT_TRUE(waiting.granted);
    EXPECT_FALSE(waiting.granted->connection) << "it is to make one";
    EXPECT_EQ(pool.statistics(now).stale, 1U);
    pool.not_connected(here);
    pool.give_back(here, std::move(b), now);
}

TEST_F(pool_rules, who_waits_for_a_new_connection_is_not_given_a_used_one)
{
    auto a = connect();
    auto b = connect();
    fake_waiter waiting;
    EXPECT_FALSE(pool.acquire(here, now, false, &waiting));
    pool.give_back(here, std::move(a), now);
    ASSERT_TRUE(waiting.granted);
    EXPECT_FALSE(waiting.granted->connection);
    pool.not_connected(here);
    pool.give_back(here, std::move(b), now);
}

TEST_F(pool_rules_for_connecting, what_was_made_in_advance_is_kept)
{
    auto made = connect();
    ASSERT_TRUE(pool.acquire(here, now, false));
    fake_waiter waiting;
    EXPECT_FALSE(pool.acquire(here, now, false, &waiting));
    pool.give_back(here, std::move(made), now);
    EXPECT_FALSE(waiting.granted) << "another is being made";
    EXPECT_EQ(pool.statistics(now).idle, 1U);
    pool.not_connected(here);
    ASSERT_TRUE(waiting.granted);
    EXPECT_FALSE(waiting.granted->connection);
    pool.not_connected(here);
}

TEST_F(pool_rules, who_wants_a_new_connection_gets_room)
{
    auto a = connect();
    auto b = connect();
    pool.give_back(here, std::move(a), now);
    auto const granted = pool.acquire(here, now, false);
    ASSERT_TRUE(granted && !granted->failure);
    EXPECT_FALSE(granted->connection);
    EXPECT_EQ(alive, 1) << "the idle one made room";
    pool.not_connected(here);
}

TEST_F(pool_rules, idle_connections_expire)
{
    pool.give_back(here, connect(), now);
    now += 60s;
    EXPECT_EQ(pool.statistics(now).idle, 1U);
    now += 1ms;
    auto const s = pool.statistics(now);
    EXPECT_EQ(s.idle, 0U);
    EXPECT_EQ(s.expired, 1U);
}

TEST_F(pool_rules, old_connections_are_not_kept)
{
    auto a = connect();
    now += 10min + 1ms;
    pool.give_back(here, std::move(a), now);
    EXPECT_EQ(pool.statistics(now).idle, 0U);
    EXPECT_EQ(pool.statistics(now).in_use, 0U);
    EXPECT_EQ(pool.statistics(now).expired, 1U);
}

TEST_F(pool_rules, the_end_of_an_old_connection_lets_a_waiter_connect)
{
    auto a = connect();
    auto b = connect();
    fake_waiter first;
    pool.acquire(here, now, true, &first);
    now += 11min;
    pool.give_back(here, std::move(a), now);
    ASSERT_TRUE(first.granted);
    EXPECT_FALSE(first.granted->connection);
    EXPECT_EQ(pool.statistics(now).connecting, 1U);
}

TEST_F(pool_rules, closing_fails_waiters_and_later_comers)
{
    auto a = connect();
    auto b = connect();
    fake_waiter first;
    pool.acquire(here, now, true, &first);
    pool.close();
    ASSERT_TRUE(first.granted);
    EXPECT_EQ(first.granted->failure, boost::asio::error::operation_aborted);
    auto const late = pool.acquire(here, now, true);
    ASSERT_TRUE(late);
    EXPECT_EQ(late->failure, boost::asio::error::operation_aborted);
    pool.give_back(here, std::move(a), now);
    EXPECT_EQ(alive, 1) << "a closed pool keeps nothing";
}

TEST_F(pool_rules, counts_since_the_start)
{
    pool.give_back(here, connect(), now);
    pool.acquire(there, now, false);
    pool.connected(there, true, true);
    pool.count_reuse();
    pool.count_failure(errc::connect_timeout);
    pool.count_failure(errc::connect_timeout);
    auto const s = pool.statistics(now);
    EXPECT_EQ(s.created, 2U);
    EXPECT_EQ(s.full_handshakes, 1U);
    EXPECT_EQ(s.resumed_handshakes, 1U);
    EXPECT_EQ(s.reused, 1U);
    EXPECT_EQ(s.failures.at(errc::connect_timeout), 2U);
    EXPECT_EQ(s.open, 2U);
    pool.close_idle();
    EXPECT_EQ(pool.statistics(now).open, 1U);
    pool.ended(there);
}

} // namespace
