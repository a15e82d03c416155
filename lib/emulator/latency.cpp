#include "emulator/latency.hpp"

#include <cmath>
#include <stdexcept>

namespace vidi::emulation {
namespace {

using std::chrono::microseconds;
using testing::fixed_latency;
using testing::log_normal_latency;
using testing::uniform_latency;

// An hour: what is longer is a mistake, and a sum of such times cannot overflow.
constexpr microseconds longest = std::chrono::hours{1};

template <typename... F>
struct overloaded : F...
{
    using F::operator()...;
};
template <typename... F>
overloaded(F...) -> overloaded<F...>;

bool plausible(microseconds time) { return time >= microseconds::zero() && time <= longest; }

void check(testing::latency_model const& model)
{
    bool const good = std::visit(
        overloaded{
            [](fixed_latency const& m) { return plausible(m.value); },
            [](uniform_latency const& m) {
                return plausible(m.min) && plausible(m.max) && m.min <= m.max;
            },
            [](log_normal_latency const& m) {
                return plausible(m.median) && m.sigma >= 0 && m.sigma <= 10;
            }},
        model);
    if (!good)
        throw std::invalid_argument("a latency must be from 0 to one hour");
}

std::uint64_t seed_of(testing::latency_model const& model)
{
    return std::visit(
        overloaded{
            [](fixed_latency const&) { return std::uint64_t{}; },
            [](auto const& m) { return m.seed; }},
        model);
}

} // namespace

latency_sampler::latency_sampler(testing::latency_model const& model)
    : model_{model}, random_{seed_of(model)}
{
    check(model);
}

microseconds latency_sampler::operator()()
{
    return std::visit(
        overloaded{
            [](fixed_latency const& m) { return m.value; },
            [this](uniform_latency const& m) {
                std::uniform_int_distribution<microseconds::rep> draw{m.min.count(), m.max.count()};
                return microseconds{draw(random_)};
            },
            [this](log_normal_latency const& m) {
                std::normal_distribution<double> draw{0, 1};
                auto const time =
                    static_cast<double>(m.median.count()) * std::exp(m.sigma * draw(random_));
                auto const limit = static_cast<double>(longest.count());
                return microseconds{static_cast<microseconds::rep>(std::min(time, limit))};
            }},
        model_);
}

} // namespace vidi::emulation
