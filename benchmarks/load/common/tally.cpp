#include "tally.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace load {
namespace {

using microseconds = std::chrono::duration<double, std::micro>;

} // namespace

double tally::cost::processor_each() const
{
    return microseconds{processor}.count() / static_cast<double>(requests);
}

double tally::cost::per_second() const
{
    return static_cast<double>(requests) / std::chrono::duration<double>{elapsed}.count();
}

tally::tally(std::size_t requests, std::size_t warm_up) : requests_{requests}, warm_up_{warm_up}
{
    if (warm_up >= requests)
        throw std::invalid_argument{"no requests are left after the warm-up"};
    latencies_.reserve(requests - warm_up);
}

bool tally::take()
{
    std::lock_guard const lock{mutex_};
    if (taken_ == requests_)
        return false;
    ++taken_;
    return true;
}

std::size_t tally::due(std::size_t pace) const
{
    if (pace == 0)
        return std::numeric_limits<std::size_t>::max();
    std::chrono::duration<double> const elapsed = clock::now() - begin_.time;
    return static_cast<std::size_t>(elapsed.count() * static_cast<double>(pace));
}

void tally::done(clock::time_point sent, std::string_view text)
{
    if (text.empty())
        throw std::runtime_error{"an answer without text"};
    auto const took = std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - sent);
    std::lock_guard const lock{mutex_};
    ++done_;
    if (done_ > warm_up_)
        latencies_.push_back(static_cast<std::uint32_t>(took.count()));
    if (done_ == warm_up_)
        warm_ = instant{};
    if (done_ == requests_)
        end_ = instant{};
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

tally::cost tally::whole() const { return between(begin_, end_, requests_); }

tally::cost tally::steady() const { return between(warm_, end_, requests_ - warm_up_); }

std::uint32_t tally::latency(double share) const
{
    auto sorted = latencies_;
    auto const nth = std::min(
        sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())));
    auto const position = sorted.begin() + static_cast<std::ptrdiff_t>(nth);
    std::nth_element(sorted.begin(), position, sorted.end());
    return *position;
}

} // namespace load
