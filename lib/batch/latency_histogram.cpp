#include <vidi/batch/latency_histogram.hpp>

#include <algorithm>
#include <cmath>

namespace vidi::batch {

using std::chrono::milliseconds;

void latency_histogram::add(milliseconds duration)
{
    ++counts_[class_of(duration)];
    ++count_;
}

std::optional<milliseconds> latency_histogram::quantile(double part) const
{
    if (count_ == 0)
        return std::nullopt;
    auto const wanted = std::max(1.0, std::ceil(part * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    std::size_t index = 0;
    for (; index + 1 < classes; ++index) {
        seen += counts_[index];
        if (static_cast<double>(seen) >= wanted)
            break;
    }
    // The middle of the class; the narrowest hold one duration alone.
    return begin_of(index) + (begin_of(index + 1) - begin_of(index) - milliseconds{1}) / 2;
}

std::vector<latency_histogram::bar> latency_histogram::bars() const
{
    std::vector<bar> result;
    if (count_ == 0)
        return result;
    auto const occupied = [](std::uint64_t count) { return count != 0; };
    auto const begin = counts_.begin();
    auto const first = std::find_if(begin, counts_.end(), occupied) - begin;
    auto const last = counts_.rend() - std::find_if(counts_.rbegin(), counts_.rend(), occupied) - 1;
    for (auto bar_index = static_cast<std::size_t>(first) / classes_of_bar;
         bar_index <= static_cast<std::size_t>(last) / classes_of_bar; ++bar_index)
    {
        auto const index = bar_index * classes_of_bar;
        bar next{.from = begin_of(index), .to = begin_of(index + classes_of_bar)};
        for (std::size_t i = 0; i != classes_of_bar; ++i)
            next.count += counts_[index + i];
        result.push_back(next);
    }
    return result;
}

// The first four have a millisecond each.
std::array<milliseconds::rep, latency_histogram::classes + 1> latency_histogram::make_begins()
{
    std::array<milliseconds::rep, classes + 1> result{0, 1, 2, 3};
    for (std::size_t i = narrowest; i != result.size(); ++i) {
        auto const doublings = static_cast<double>(i - narrowest) / classes_of_doubling;
        result[i] = static_cast<milliseconds::rep>(std::ceil(std::exp2(2 + doublings)));
    }
    return result;
}

milliseconds latency_histogram::begin_of(std::size_t index)
{
    static auto const begins = make_begins();
    return milliseconds{begins[index]};
}

std::size_t latency_histogram::class_of(milliseconds duration)
{
    std::size_t low = 0;
    std::size_t high = classes;
    while (high - low > 1) {
        auto const middle = (low + high) / 2;
        (begin_of(middle) <= duration ? low : high) = middle;
    }
    return low;
}

} // namespace vidi::batch
