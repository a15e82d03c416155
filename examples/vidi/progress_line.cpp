#include "progress_line.hpp"

#include "numbers.hpp"

#include <array>
#include <cmath>

namespace vidi_tool {
namespace {

constexpr double longest_time = 99 * 24 * 3600;

// Three or four digits are enough to see that it grows.
std::string rounded(std::int64_t number)
{
    auto const value = static_cast<double>(number);
    if (value < 10'000)
        return with_separators(static_cast<std::uint64_t>(number < 0 ? 0 : number));
    if (value < 1e6)
        return decimal(value / 1e3, 0) + "k";
    if (value < 1e9)
        return decimal(value / 1e6, 1) + "M";
    return decimal(value / 1e9, 2) + "G";
}

std::string two_digits(std::int64_t number)
{
    auto text = std::to_string(number);
    if (text.size() == 1)
        text.insert(0, 1, '0');
    return text;
}

std::string clock(std::chrono::seconds time)
{
    auto const all = time.count();
    auto const seconds = two_digits(all % 60);
    if (all < 3600)
        return std::to_string(all / 60) + ':' + seconds;
    return std::to_string(all / 3600) + ':' + two_digits(all / 60 % 60) + ':' + seconds;
}

struct part
{
    std::string text;
    int importance;
};

std::string join(std::array<part, 6> const& parts, int least_important)
{
    std::string line;
    for (auto const& [text, importance] : parts) {
        if (text.empty() || importance < least_important)
            continue;
        if (!line.empty())
            line += ", ";
        line += text;
    }
    return line;
}

} // namespace

std::string format_progress(progress const& state, std::size_t width)
{
    std::array<part, 6> const parts{
        part{with_separators(state.done) + " done", 6},
        part{with_separators(state.failed) + " failed", 5},
        part{std::to_string(state.in_flight) + " in flight", 2},
        part{decimal(state.per_second, 1) + "/s", 3},
        part{rounded(state.tokens) + " tokens", 1},
        part{state.left ? clock(*state.left) + " left" : std::string{}, 4}};
    for (int least_important = 1; least_important <= 6; ++least_important)
        if (auto line = join(parts, least_important); line.size() <= width)
            return line;
    return {};
}

std::optional<std::chrono::seconds> time_left(list_position const& position, double per_second)
{
    if (position.images == 0 || position.bytes == 0 || !(per_second > 0))
        return std::nullopt;
    auto const unread =
        position.all_bytes > position.bytes ? position.all_bytes - position.bytes : 0;
    auto const images_a_byte =
        static_cast<double>(position.images) / static_cast<double>(position.bytes);
    auto const images_left =
        static_cast<double>(position.in_flight) + static_cast<double>(unread) * images_a_byte;
    auto const seconds = std::ceil(images_left / per_second);
    if (seconds > longest_time)
        return std::nullopt;
    return std::chrono::seconds{static_cast<std::int64_t>(seconds)};
}

} // namespace vidi_tool
