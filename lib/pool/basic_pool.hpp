#pragma once

#include <vidi/client_config.hpp>
#include <vidi/error.hpp>
#include <vidi/pool_statistics.hpp>

#include "protocol/origin.hpp"
#include "transport/optional_mutex.hpp"

#include <boost/asio/error.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace vidi::pool {

// The rules of the pool: who gets which connection, and when. It makes no connection, waits for
// nothing and reads no clock; `Connection` is whatever has the members used here. The counts of an
// origin never exceed its limit, since a connection is counted from the moment somebody is allowed
// to make it.
//
// Callable from any thread. Waiters are woken with no lock held.
template <class Connection>
class basic_pool
{
public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;
    using connection_ptr = std::unique_ptr<Connection>;

    // What a waiting operation gets: a connection, or the permission to make one if `connection` is
    // empty, or a failure.
    struct grant
    {
        error_code failure;
        connection_ptr connection;
    };

    class waiter : public boost::intrusive::list_base_hook<>
    {
    public:
        virtual void on_grant(grant) = 0;

    protected:
        ~waiter() = default;

    private:
        friend class basic_pool;
        bool reuse_ = true;
    };

    basic_pool(pool_options const& options, bool single_threaded)
        : options_{options}, mutex_{single_threaded}
    {
    }

    // Grants at once what can be granted or refused at once. Else queues `w`, if there is one,
    // which stays alive until it is granted or withdrawn. `reuse` allows a connection that served
    // an exchange before.
    std::optional<grant>
    acquire(protocol::origin const& to, time_point now, bool reuse, waiter* w = nullptr)
    {
        graveyard dead;
        std::lock_guard const lock{mutex_};
        if (closed_)
            return grant{boost::asio::error::operation_aborted, {}};
        auto& host = hosts_[to];
        expire(host, now, dead);
        if (auto idle = reuse ? take_idle(host, dead) : nullptr) {
            ++host.in_use;
            return grant{{}, std::move(idle)};
        }
        make_room(host, dead);
        if (may_connect(host)) {
            ++host.connecting;
            return grant{};
        }
        if (host.queue.size() >= options_.max_waiting)
            return grant{errc::pool_full, {}};
        if (w) {
            w->reuse_ = reuse;
            host.queue.push_back(*w);
        }
        return {};
    }

    // Takes a waiter out of the queue. False if a grant is already on its way.
    bool withdraw(protocol::origin const& to, waiter& w)
    {
        std::lock_guard const lock{mutex_};
        if (!w.is_linked())
            return false;
        auto& queue = hosts_[to].queue;
        queue.erase(queue.iterator_to(w));
        return true;
    }

    // A permitted connection was made, and is in use by whoever made it.
    void connected(protocol::origin const& to, bool tls, bool resumed)
    {
        wake_up next;
        {
            std::lock_guard const lock{mutex_};
            auto& host = hosts_[to];
            --host.connecting;
            ++host.in_use;
            ++totals_.created;
            if (tls)
                ++(resumed ? totals_.resumed_handshakes : totals_.full_handshakes);
            next = permit_next(host);
        }
        next.call();
    }

    // A permission was not used, or the connection could not be made.
    void not_connected(protocol::origin const& to) { end(to, &host_state::connecting); }

    // A connection ended instead of being given back.
    void ended(protocol::origin const& to) { end(to, &host_state::in_use); }

    // A connection whose exchange is complete: the first who waits gets it, or it becomes idle.
    void give_back(protocol::origin const& to, connection_ptr c, time_point now)
    {
        graveyard dead;
        wake_up next;
        {
            std::lock_guard const lock{mutex_};
            auto& host = hosts_[to];
            c->idle_since = now;
            if (must_end(host, *c, now)) {
                dead.push_back(std::move(c));
                --host.in_use;
                next = permit_next(host);
            }
            else if (is_wanted(host)) {
                next.who = pop(host);
                next.what.connection = std::move(c);
            }
            else {
                --host.in_use;
                host.idle.push_back(std::move(c));
                expire(host, now, dead);
            }
        }
        next.call();
    }

    // Every waiter, now and later, fails with operation_aborted; idle connections are closed.
    void close()
    {
        graveyard dead;
        std::vector<waiter*> waiting;
        {
            std::lock_guard const lock{mutex_};
            closed_ = true;
            for (auto& [to, host] : hosts_) {
                while (!host.queue.empty())
                    waiting.push_back(pop(host));
                bury_idle(host, dead);
            }
        }
        for (auto* w : waiting)
            w->on_grant({boost::asio::error::operation_aborted, {}});
    }

    void close_idle()
    {
        graveyard dead;
        std::lock_guard const lock{mutex_};
        for (auto& [to, host] : hosts_)
            bury_idle(host, dead);
    }

    void count_reuse()
    {
        std::lock_guard const lock{mutex_};
        ++totals_.reused;
    }

    void count_failure(errc kind)
    {
        std::lock_guard const lock{mutex_};
        ++totals_.failures[kind];
    }

    pool_statistics statistics(time_point now)
    {
        graveyard dead;
        std::lock_guard const lock{mutex_};
        for (auto& [to, host] : hosts_)
            expire(host, now, dead);
        auto result = totals_;
        for (auto const& [to, host] : hosts_) {
            result.connecting += host.connecting;
            result.idle += host.idle.size();
            result.in_use += host.in_use;
            result.waiting += host.queue.size();
        }
        result.open = result.idle + result.in_use;
        return result;
    }

private:
    // Connections on their way out: closed after the lock is released, as it is declared before.
    using graveyard = std::vector<connection_ptr>;

    struct host_state
    {
        std::deque<connection_ptr> idle; // the most recently used last
        boost::intrusive::list<waiter> queue;
        std::size_t connecting = 0;
        std::size_t in_use = 0;
    };

    struct wake_up
    {
        waiter* who = nullptr;
        grant what;

        void call()
        {
            if (who)
                who->on_grant(std::move(what));
        }
    };

    static std::size_t count(host_state const& host)
    {
        return host.idle.size() + host.connecting + host.in_use;
    }

    bool may_connect(host_state const& host) const
    {
        return count(host) < options_.max_connections && host.connecting < options_.max_connecting;
    }

    static bool is_over(std::chrono::milliseconds limit, time_point since, time_point now)
    {
        return limit.count() > 0 && now - since > limit;
    }

    static bool is_wanted(host_state const& host)
    {
        return !host.queue.empty() && host.queue.front().reuse_;
    }

    // Whether a connection that is given back is of no use, or in the way of who waits for a new
    // one.
    bool must_end(host_state const& host, Connection& c, time_point now)
    {
        bool const too_old = is_over(options_.max_age, c.opened_at, now);
        bool const stale = is_wanted(host) && !too_old && !c.usable();
        bool const in_the_way =
            !host.queue.empty() && !is_wanted(host) && count(host) >= options_.max_connections;
        totals_.expired += too_old;
        totals_.stale += stale;
        return closed_ || too_old || stale || in_the_way;
    }

    void expire(host_state& host, time_point now, graveyard& dead)
    {
        while (!host.idle.empty() &&
               (is_over(options_.idle_lifetime, host.idle.front()->idle_since, now) ||
                is_over(options_.max_age, host.idle.front()->opened_at, now)))
        {
            dead.push_back(std::move(host.idle.front()));
            host.idle.pop_front();
            ++totals_.expired;
        }
    }

    connection_ptr take_idle(host_state& host, graveyard& dead)
    {
        while (!host.idle.empty()) {
            auto candidate = std::move(host.idle.back());
            host.idle.pop_back();
            if (candidate->usable())
                return candidate;
            dead.push_back(std::move(candidate));
            ++totals_.stale;
        }
        return {};
    }

    // Whoever may not reuse a connection must not starve because idle ones take all the room.
    void make_room(host_state& host, graveyard& dead)
    {
        if (count(host) >= options_.max_connections && !host.idle.empty()) {
            dead.push_back(std::move(host.idle.front()));
            host.idle.pop_front();
        }
    }

    static void bury_idle(host_state& host, graveyard& dead)
    {
        for (auto& c : host.idle)
            dead.push_back(std::move(c));
        host.idle.clear();
    }

    static waiter* pop(host_state& host)
    {
        auto& first = host.queue.front();
        host.queue.pop_front();
        return &first;
    }

    wake_up permit_next(host_state& host)
    {
        if (host.queue.empty() || !may_connect(host))
            return {};
        ++host.connecting;
        return {pop(host), {}};
    }

    void end(protocol::origin const& to, std::size_t host_state::*counter)
    {
        wake_up next;
        {
            std::lock_guard const lock{mutex_};
            auto& host = hosts_[to];
            --(host.*counter);
            next = permit_next(host);
        }
        next.call();
    }

    pool_options const options_;
    transport::optional_mutex mutex_;
    std::map<protocol::origin, host_state> hosts_;
    pool_statistics totals_; // the counts since the start
    bool closed_ = false;
};

} // namespace vidi::pool
