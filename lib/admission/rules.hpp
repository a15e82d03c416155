#pragma once

#include <vidi/admission.hpp>
#include <vidi/error.hpp>
#include <vidi/exchange_info.hpp>

#include "protocol/concurrency_limit.hpp"
#include "protocol/hold.hpp"
#include "protocol/rate_limiter.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace vidi::admission {

// The requests for one model: their limits, and those that wait.
struct lane;

// The right to send one request, given back when it is answered.
struct ticket
{
    lane* of = nullptr; // null if nobody counts it
    protocol::rate_limiter::admitted admitted{};
    std::size_t in_flight = 0; // this one included
};

// What became of a request.
struct outcome
{
    error_code failure;
    exchange_info const& exchange;
    std::optional<std::uint64_t> tokens; // as the response counts them
};

// The rules of admission: who may send, and when. It waits for nothing and reads no clock. Not
// thread-safe.
class rules
{
public:
    using clock = protocol::rate_limiter::clock;
    using time_point = clock::time_point;

    static constexpr auto never = time_point::max();

    // An operation that waits to be admitted. Those with a smaller number go first.
    class waiter : public boost::intrusive::list_base_hook<>
    {
    public:
        waiter(lane& to, std::uint64_t tokens, std::uint64_t number) noexcept
            : lane_{to}, tokens_{tokens}, number_{number}
        {
        }

        ticket const& given() const noexcept { return ticket_; }
        virtual void on_admitted() = 0;

    protected:
        ~waiter() = default;

    private:
        friend class rules;
        lane& lane_;
        std::uint64_t tokens_; // estimated
        std::uint64_t number_;
        ticket ticket_;
    };

    // `most_in_flight` is what else bounds the number of requests in flight.
    rules(admission_options const&, std::size_t most_in_flight);

    lane& lane_of(std::string_view model);

    // Admits a request at once, if that is possible.
    std::optional<ticket> admit(lane&, std::uint64_t tokens, std::uint64_t number, time_point now);

    // Queues a waiter, which stays alive until it is admitted or withdrawn. False: there are too
    // many.
    bool enqueue(waiter&);

    // False if it was admitted already.
    bool withdraw(waiter&);

    // Admits the next waiter whose time has come, takes it out of the queue and gives it its
    // ticket; it is for the caller to tell it.
    waiter* next(time_point now);

    // When next() has to be called again, if not for a request that ends.
    time_point wake_at(time_point now);

    // A request that was admitted has ended, or was not sent after all.
    void on_end(ticket const&) noexcept;

    // What an attempt's end says about the next ones.
    void learn(lane&, ticket const&, outcome const&, time_point now);

    admission_statistics statistics() const;

private:
    bool has_room() const noexcept;
    ticket give(lane&, std::uint64_t tokens, time_point now);

    admission_options const options_;
    std::optional<protocol::concurrency_limit> concurrency_;
    std::map<std::string, lane, std::less<>> lanes_;
    std::size_t waiting_ = 0;
    std::size_t in_flight_ = 0;
    protocol::hold hold_; // of all lanes
    std::uint64_t delayed_ = 0;
    std::uint64_t rate_limited_ = 0;
    std::uint64_t overloaded_ = 0;
};

struct lane
{
    explicit lane(admission_options const& options) : limiter{options} {}

    protocol::rate_limiter limiter;
    boost::intrusive::list<rules::waiter> queue;
};

} // namespace vidi::admission
