#pragma once

#include "admission/rules.hpp"
#include "transport/deadlines.hpp"
#include "transport/operation.hpp"
#include "transport/optional_mutex.hpp"

#include <memory>

namespace vidi::admission {

class gatekeeper;

// The admission of one operation's request: asked for anew for each attempt.
class admittance
{
public:
    // `tokens` is an estimate of what the request costs. `to` may be null if it is never to enter.
    admittance(gatekeeper& g, lane* to, std::uint64_t tokens) noexcept
        : gatekeeper_{g}, lane_{to}, tokens_{tokens}
    {
    }
    admittance(admittance const&) = delete;
    admittance& operator=(admittance const&) = delete;
    ~admittance() { end(); }

    // Takes the right to send a request without waiting for it, if it does not have it already.
    // False: others are to go first, or a limit was reached.
    bool try_enter();

    // Waits for the right to send a request, at most for `limit` (zero: for as long as it takes).
    // The time counts against no other limit of the operation.
    transport::task<error_code> enter(transport::operation&, transport::operation::duration limit);

    // The attempt has ended. What came of it is learned from.
    void end(outcome const&);
    // Calls who is next, and ends the program if there is no memory for it: else those who wait
    // would do so for ever.
    void end() noexcept;

private:
    class place;

    gatekeeper& gatekeeper_;
    lane* lane_;
    std::uint64_t const tokens_;
    std::optional<std::uint64_t> number_; // in the order of those who came
    std::optional<ticket> ticket_;
};

// The rules, and the operations that wait by them. On one timer, and on none while nobody waits.
class gatekeeper final : public std::enable_shared_from_this<gatekeeper>,
                         private transport::deadlines::entry
{
public:
    gatekeeper(
        admission_options const&, std::size_t most_in_flight,
        std::shared_ptr<transport::deadlines> timer, bool single_threaded);
    ~gatekeeper();

    lane& lane_of(std::string_view model);
    admission_statistics statistics() const;

private:
    friend class admittance;

    std::optional<ticket> admit(lane&, std::uint64_t tokens, std::optional<std::uint64_t>& number);
    void learn(lane&, ticket const&, outcome const&);
    void end(ticket const&) noexcept;

    // Calls all whose time has come, and sees to it that the next will be.
    void call_next();
    void on_deadline() override { call_next(); }
    std::shared_ptr<entry> owner() override;

    mutable transport::optional_mutex mutex_;
    rules rules_;
    std::uint64_t arrivals_ = 0;
    bool const active_; // whether there is anything to keep to, or to learn
    std::shared_ptr<transport::deadlines> const timer_;
};

} // namespace vidi::admission
