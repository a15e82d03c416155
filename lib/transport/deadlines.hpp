#pragma once

#include <vidi/error.hpp>

#include "transport/optional_mutex.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/set.hpp>

#include <chrono>
#include <memory>

namespace vidi::transport {

// Points in time at which somebody wants to be called, any number of them on one timer. While there
// are none, nothing waits, so that io_context::run() returns when the work is done.
//
// Callable from any thread. Whoever is called is called on the executor, with no lock held.
class deadlines : public std::enable_shared_from_this<deadlines>
{
public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;
    static constexpr auto never = time_point::max();

    class entry
    {
    public:
        virtual void on_deadline() = 0;

        // Something that keeps this alive; empty if it is being destroyed.
        virtual std::shared_ptr<entry> owner() = 0;

    protected:
        ~entry() = default;

    private:
        friend class deadlines;

        boost::intrusive::set_member_hook<> hook_;
        time_point at_ = never;
    };

    deadlines(asio::any_io_executor const&, bool single_threaded);

    // Calls `e` once, at `at` or soon after, and no longer at the time that was set before. It must
    // be withdrawn before it is destroyed.
    void set(entry& e, time_point at);
    void withdraw(entry& e) { set(e, never); }

private:
    struct earlier
    {
        bool operator()(entry const& a, entry const& b) const noexcept { return a.at_ < b.at_; }
    };
    using queue = boost::intrusive::multiset<
        entry,
        boost::intrusive::member_hook<entry, boost::intrusive::set_member_hook<>, &entry::hook_>,
        boost::intrusive::compare<earlier>, boost::intrusive::constant_time_size<false>>;

    void insert(entry&);
    void arm();
    void on_timer();

    optional_mutex mutex_;
    asio::steady_timer timer_;
    time_point armed_for_ = never;
    queue queue_;
};

} // namespace vidi::transport
