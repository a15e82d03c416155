#include "admission/admission.hpp"

#include "transport/waiter.hpp"

#include <boost/asio/error.hpp>

#include <mutex>
#include <utility>

namespace vidi::admission {

using transport::operation;

// The place in the queue of an operation that waits.
class admittance::place final : public rules::waiter, public transport::waiter
{
public:
    place(admittance& a, operation& o)
        : rules::waiter{*a.lane_, a.tokens_, *a.number_}, transport::waiter{o}, gatekeeper_{
                                                                                    a.gatekeeper_}
    {
    }

    // A ticket that nobody took, as the operation was destroyed meanwhile, is given back.
    ~place()
    {
        withdraw();
        if (auto const unused = take_ticket())
            gatekeeper_.end(*unused);
    }

    // Set if it was not admitted, and was not interrupted either.
    error_code refused;

    std::optional<ticket> take_ticket()
    {
        if (!given().of || std::exchange(taken_, true))
            return {};
        return given();
    }

private:
    bool begin() override
    {
        {
            std::lock_guard const lock{gatekeeper_.mutex_};
            if (!gatekeeper_.rules_.enqueue(*this)) {
                refused = errc::admission_full;
                return false;
            }
        }
        // Its time may have come already.
        gatekeeper_.call_next();
        return true;
    }

    bool give_up() override { return withdraw(); }
    void on_admitted() override { wake(); }

    // Those behind it may go at another time than it could have.
    bool withdraw()
    {
        {
            std::lock_guard const lock{gatekeeper_.mutex_};
            if (!gatekeeper_.rules_.withdraw(*this))
                return false;
        }
        gatekeeper_.call_next();
        return true;
    }

    gatekeeper& gatekeeper_;
    bool taken_ = false;
};

bool admittance::try_enter()
{
    if (!ticket_)
        ticket_ = gatekeeper_.admit(*lane_, tokens_, number_);
    return ticket_.has_value();
}

transport::task<error_code> admittance::enter(operation& o, operation::duration limit)
{
    place queue{*this, o};
    o.pause_limit();
    o.begin_stage(limit, errc::admission_timeout);
    co_await queue.wait();
    auto const interruption = o.interruption();
    o.end_stage();
    o.resume_limit();
    // An admission that came at the same moment as the interruption is given back.
    ticket_ = queue.take_ticket();
    if (interruption)
        co_return *interruption;
    co_return queue.refused;
}

void admittance::end(outcome const& o)
{
    if (ticket_ && ticket_->of)
        gatekeeper_.learn(*lane_, *ticket_, o);
    end();
}

void admittance::end() noexcept
{
    if (ticket_ && ticket_->of)
        gatekeeper_.end(*ticket_);
    ticket_.reset();
}

gatekeeper::gatekeeper(
    admission_options const& options, std::size_t most_in_flight,
    std::shared_ptr<transport::deadlines> timer, bool single_threaded)
    : mutex_{single_threaded}, rules_{options, most_in_flight},
      active_{
          options.learn || options.adaptive_concurrency || options.requests != 0 ||
          options.tokens != 0},
      timer_{std::move(timer)}
{
}

gatekeeper::~gatekeeper() { timer_->withdraw(*this); }

std::shared_ptr<transport::deadlines::entry> gatekeeper::owner()
{
    auto const self = weak_from_this().lock();
    if (!self)
        return {};
    return {self, this};
}

lane& gatekeeper::lane_of(std::string_view model)
{
    std::lock_guard const lock{mutex_};
    return rules_.lane_of(model);
}

admission_statistics gatekeeper::statistics() const
{
    std::lock_guard const lock{mutex_};
    return rules_.statistics();
}

std::optional<ticket>
gatekeeper::admit(lane& to, std::uint64_t tokens, std::optional<std::uint64_t>& number)
{
    if (!active_)
        return ticket{};
    auto const now = rules::clock::now();
    std::lock_guard const lock{mutex_};
    if (!number)
        number = ++arrivals_;
    return rules_.admit(to, tokens, *number, now);
}

void gatekeeper::learn(lane& from, ticket const& t, outcome const& o)
{
    auto const now = rules::clock::now();
    std::lock_guard const lock{mutex_};
    rules_.learn(from, t, o, now);
}

void gatekeeper::end(ticket const& t) noexcept
{
    {
        std::lock_guard const lock{mutex_};
        rules_.on_end(t);
    }
    call_next();
}

void gatekeeper::call_next()
{
    for (;;) {
        rules::waiter* next = nullptr;
        {
            auto const now = rules::clock::now();
            std::lock_guard const lock{mutex_};
            next = rules_.next(now);
            if (!next) {
                timer_->set(*this, rules_.wake_at(now));
                return;
            }
        }
        next->on_admitted();
    }
}

} // namespace vidi::admission
