#include "admission/rules.hpp"

#include <algorithm>

namespace vidi::admission {
namespace {

// Models beyond these share the limits of one. A client asks for a few.
constexpr std::size_t most_lanes = 1'000;

// After a 503 that does not say how long to wait.
constexpr std::chrono::milliseconds first_hold{250};

bool is_overload(exchange_info const& exchange) noexcept
{
    return exchange.http_status == 503 || exchange.http_status == 529;
}

// Beside the statuses that say so: the server did not take or answer a request in time.
bool is_refusal(outcome const& o) noexcept
{
    return o.failure == errc::rate_limited || is_overload(o.exchange) ||
           o.failure == errc::connection_refused || o.failure == errc::connect_timeout ||
           o.failure == errc::tls_handshake_timeout || o.failure == errc::response_head_timeout;
}

} // namespace

rules::rules(admission_options const& options, std::size_t most_in_flight)
    : options_{options}, hold_{first_hold}
{
    if (options.adaptive_concurrency)
        concurrency_.emplace(
            options.initial_concurrency, options.min_concurrency,
            options.max_concurrency == 0 ? most_in_flight : options.max_concurrency);
}

lane& rules::lane_of(std::string_view model)
{
    auto found = lanes_.find(model);
    if (found == lanes_.end()) {
        auto const name = lanes_.size() < most_lanes ? model : std::string_view{};
        found = lanes_.try_emplace(std::string{name}, options_).first;
    }
    return found->second;
}

bool rules::has_room() const noexcept
{
    return !concurrency_ || in_flight_ < concurrency_->value();
}

ticket rules::give(lane& to, std::uint64_t tokens, time_point now)
{
    return {&to, to.limiter.admit(tokens, now), ++in_flight_};
}

std::optional<ticket>
rules::admit(lane& to, std::uint64_t tokens, std::uint64_t number, time_point now)
{
    bool const first = to.queue.empty() || number < to.queue.front().number_;
    if (!first || !has_room() || hold_.holds(now) || to.limiter.admits_at(tokens, now) > now)
        return {};
    return give(to, tokens, now);
}

bool rules::enqueue(waiter& w)
{
    if (waiting_ >= options_.max_waiting)
        return false;
    auto& queue = w.lane_.queue;
    // From the back, where most belong.
    auto place = queue.end();
    while (place != queue.begin() && std::prev(place)->number_ > w.number_)
        --place;
    queue.insert(place, w);
    ++waiting_;
    ++delayed_;
    return true;
}

bool rules::withdraw(waiter& w)
{
    if (!w.is_linked())
        return false;
    w.lane_.queue.erase(w.lane_.queue.iterator_to(w));
    --waiting_;
    return true;
}

rules::waiter* rules::next(time_point now)
{
    if (waiting_ == 0 || !has_room() || hold_.holds(now))
        return nullptr;
    waiter* first = nullptr;
    for (auto& [model, candidate] : lanes_) {
        if (candidate.queue.empty())
            continue;
        auto& head = candidate.queue.front();
        bool const earlier = !first || head.number_ < first->number_;
        if (earlier && candidate.limiter.admits_at(head.tokens_, now) <= now)
            first = &head;
    }
    if (first) {
        withdraw(*first);
        first->ticket_ = give(first->lane_, first->tokens_, now);
    }
    return first;
}

rules::time_point rules::wake_at(time_point now)
{
    if (waiting_ == 0 || !has_room())
        return never;
    auto earliest = never;
    for (auto& [model, candidate] : lanes_) {
        if (!candidate.queue.empty())
            earliest = std::min(
                earliest, candidate.limiter.admits_at(candidate.queue.front().tokens_, now));
    }
    return std::max(earliest, hold_.until());
}

void rules::on_end(ticket const& t) noexcept
{
    if (t.of)
        --in_flight_;
}

void rules::learn(lane& from, ticket const& t, outcome const& o, time_point now)
{
    if (concurrency_ && t.of) {
        if (is_refusal(o))
            concurrency_->on_refusal();
        else if (!o.failure)
            concurrency_->on_answer(now - t.admitted.at, t.in_flight);
    }
    rate_limited_ += o.failure == errc::rate_limited;
    overloaded_ += is_overload(o.exchange);
    if (!o.failure) {
        hold_.on_success();
        from.limiter.on_success(o.tokens, t.admitted);
    }
    if (!options_.learn)
        return;
    if (o.exchange.rate_limit != rate_limit_state{})
        from.limiter.learn(o.exchange.rate_limit, t.admitted, now);
    if (o.failure == errc::rate_limited)
        from.limiter.on_refusal(o.exchange.rate_limit, o.exchange.retry_after, now);
    if (is_overload(o.exchange))
        hold_.on_refusal(o.exchange.retry_after, now);
}

admission_statistics rules::statistics() const
{
    return {
        .waiting = waiting_,
        .in_flight = in_flight_,
        .concurrency_limit = concurrency_ ? concurrency_->value() : 0,
        .delayed = delayed_,
        .rate_limited = rate_limited_,
        .overloaded = overloaded_};
}

} // namespace vidi::admission
