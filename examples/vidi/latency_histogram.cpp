#include "latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace vidi_tool {

using std::chrono::milliseconds;

void latency_histogram::add(milliseconds duration) noexcept
{
    auto const value = std::max<milliseconds::rep>(duration.count(), 0);
    ++counts_[class_of(static_cast<std::uint64_t>(value))];
    ++count_;
}

std::optional<milliseconds> latency_histogram::quantile(double part) const noexcept
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

// The first doubling is not one: 0 to 15 ms, each of them a class. Then come 16 to 31 ms, again
// a class each; 32 to 63 ms, two in each class; and so on.
std::size_t latency_histogram::class_of(std::uint64_t value) noexcept
{
    if (value < classes_of_doubling)
        return static_cast<std::size_t>(value);
    auto const bits = static_cast<std::size_t>(std::bit_width(value));
    auto const doubling = bits - std::bit_width(classes_of_doubling);
    auto const within = static_cast<std::size_t>(value >> doubling) - classes_of_doubling;
    return std::min((doubling + 1) * classes_of_doubling + within, classes - 1);
}

milliseconds latency_histogram::begin_of(std::size_t index) noexcept
{
    if (index < classes_of_doubling)
        return milliseconds{index};
    auto const doubling = index / classes_of_doubling - 1;
    auto const within = index % classes_of_doubling;
    return milliseconds{(classes_of_doubling + within) << doubling};
}

} // namespace vidi_tool
