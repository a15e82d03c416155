#pragma once

#include <chrono>
#include <cstddef>

namespace vidi::protocol {

// How many requests are kept in flight, so that the server is used to the full and not overrun.
//
// It works as TCP's congestion window (RFC 5681): it doubles each round until the server first
// says that it is too much, later it grows by a little each round and shrinks by a factor when the
// server refuses. Latency is a sign as well: when the mean of a round is well above that of many
// rounds, the limit shrinks in proportion, as in Gradient2 of Netflix's concurrency-limits. A round
// is as many answers as the limit was when it began, so it takes about as long as one request.
class concurrency_limit
{
public:
    using duration = std::chrono::duration<double>;

    concurrency_limit(std::size_t initial, std::size_t min, std::size_t max) noexcept;

    std::size_t value() const noexcept { return static_cast<std::size_t>(limit_); }

    // A request was answered, with so many in flight when it was sent, itself included.
    void on_answer(duration latency, std::size_t in_flight) noexcept;

    // The server refused a request because it is overloaded, or did not take it in time.
    void on_refusal() noexcept;

private:
    void end_round() noexcept;
    double latency_gradient(double mean) noexcept;
    void set(double limit) noexcept;

    double const min_;
    double const max_;
    double limit_;
    bool slow_start_ = true;

    // The round so far
    std::size_t round_length_;
    std::size_t answers_ = 0; // refusals included
    std::size_t timed_ = 0;   // without them
    double latencies_ = 0;    // the sum of theirs, in seconds
    std::size_t most_in_flight_ = 0;
    bool refused_ = false;

    double usual_latency_ = 0; // a moving average over rounds
};

} // namespace vidi::protocol
