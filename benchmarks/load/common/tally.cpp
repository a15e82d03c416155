#include "tally.hpp"

#include <limits>
#include <stdexcept>

namespace load {
namespace {

using microseconds = std::chrono::duration<double, std::micro>;

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
constexpr std::size_t expected_of_unlimited = 400'000;

} // namespace

double tally::cost::processor_each() const
{
    return microseconds{processor}.count() / static_cast<double>(requests);
}

double tally::cost::per_second() const
{
    return static_cast<double>(requests) / std::chrono::duration<double>{elapsed}.count();
}

tally::tally(std::size_t requests, std::size_t warm_up)
    : requests_{requests}, warm_up_{warm_up}, latencies_{requests}
{
    if (warm_up >= requests)
        throw std::invalid_argument{"no requests are left after the warm-up"};
}

tally::tally(tally const& other, std::size_t warm_up)
    : other_{&other}, requests_{unlimited}, warm_up_{warm_up}, latencies_{expected_of_unlimited}
{
}

tally::tally() : requests_{unlimited}, warm_up_{0}, latencies_{expected_of_unlimited} {}

bool tally::take()
{
    std::lock_guard const lock{mutex_};
    if (requests_ == unlimited && other_ && other_->finished())
        requests_ = taken_;
    if (taken_ == requests_)
        return false;
    ++taken_;
    return true;
}

void tally::done(clock::time_point sent, std::string_view text)
{
    if (text.empty())
        throw std::runtime_error{"an answer without text"};
    auto const now = clock::now();
    std::lock_guard const lock{mutex_};
    ++done_;
    if (done_ > warm_up_)
        latencies_.add(sent, now);
    if (done_ == warm_up_)
        warm_ = instant{};
    if (done_ == requests_)
        end_ = instant{};
}

void tally::refused()
{
    if (requests_ != unlimited || other_)
        throw std::runtime_error{"a request was refused"};
    std::lock_guard const lock{mutex_};
    ++refused_;
}

bool tally::finished() const
{
    std::lock_guard const lock{mutex_};
    return done_ == requests_;
}

tally::cost tally::between(instant const& from, instant const& to, std::size_t requests)
{
    return {
        .requests = requests,
        .processor = to.processor - from.processor,
        .elapsed = to.time - from.time};
}

tally::cost tally::whole() const { return between(begin_, end_, done_); }

tally::cost tally::steady() const { return between(warm_, end_, done_ - warm_up_); }

tally::progress tally::so_far() const
{
    std::lock_guard const lock{mutex_};
    return {latencies_.answered_since(begin_.time), refused_};
}

} // namespace load
