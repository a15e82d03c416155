#pragma once

#include <vidi/detail/config.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace vidi::batch {

/// Counts durations in classes that become wider with them: each doubling has as many. Its size
/// does not depend on how many there are, and what it says is wrong by 5 % at most.
class VIDI_DECL latency_histogram
{
public:
    /// A few classes together, for a chart.
    struct bar
    {
        std::chrono::milliseconds from{};
        std::chrono::milliseconds to{}; ///< Not included.
        std::uint64_t count = 0;

        bool operator==(bar const&) const = default;
    };

    /// What is below 0 counts as 0, and what is above the last class belongs to it.
    void add(std::chrono::milliseconds duration);

    std::uint64_t count() const noexcept { return count_; }

    /// The duration that this part of all does not exceed: 0.5 gives the median. None if there are
    /// no durations.
    std::optional<std::chrono::milliseconds> quantile(double part) const;

    /// From the first bar that is not empty to the last.
    std::vector<bar> bars() const;

private:
    static constexpr std::size_t classes_of_doubling = 16;
    static constexpr std::size_t classes_of_bar = 4;
    static constexpr std::size_t narrowest = 4;
    // Up to 2^30 ms, which are twelve days.
    static constexpr std::size_t classes = narrowest + 28 * classes_of_doubling;

    static std::array<std::chrono::milliseconds::rep, classes + 1> make_begins();
    static std::chrono::milliseconds begin_of(std::size_t index);
    static std::size_t class_of(std::chrono::milliseconds duration);

    std::array<std::uint64_t, classes> counts_{};
    std::uint64_t count_ = 0;
};

} // namespace vidi::batch
