#include "progress_line.hpp"

#include "json_text.hpp"
#include "numbers.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace vidi_tool {
namespace {

namespace json = boost::json;

constexpr double longest_time = 99 * 24 * 3600;
constexpr std::size_t bar_width = 10;

std::int64_t tokens(vidi::batch::progress const& counts)
{
    return counts.input_tokens + counts.output_tokens;
}

// Three or four digits are enough to see that it grows.
std::string rounded(std::int64_t number)
{
    auto const value = static_cast<double>(number);
    if (value < 10'000)
        return token_count(number);
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

// Rounded down: it is full only when all is done.
std::string bar(progress const& state)
{
    auto const part = part_done(state);
    if (!part)
        return {};
    auto const full = static_cast<std::size_t>(*part * bar_width);
    return '[' + std::string(full, '#') + std::string(bar_width - full, '-') + "] " +
           decimal(std::floor(*part * 100), 0) + " %";
}

std::string kinds(vidi::batch::progress const& counts)
{
    return counts.failures.empty() ? "" : '(' + list_kinds(counts.failures) + ')';
}

std::string in_flight(progress const& state)
{
    auto const limit =
        state.concurrency_limit == 0 ? "" : '/' + std::to_string(state.concurrency_limit);
    return std::to_string(state.counts.in_flight) + limit + " in flight";
}

std::string latency(vidi::batch::progress const& counts)
{
    using seconds = std::chrono::duration<double>;
    if (counts.p50.count() == 0)
        return {};
    return "p50 " + decimal(seconds{counts.p50}.count(), 1) + " s, p95 " +
           decimal(seconds{counts.p95}.count(), 1) + " s";
}

std::string left(progress const& state)
{
    auto const time = time_left(state);
    return time ? clock(*time) + " left" : std::string{};
}

struct part
{
    std::string text;
    int importance;
    std::string_view before = ", ";
};

constexpr int most_important = 9;
using parts = std::array<part, most_important>;

parts parts_of(progress const& state)
{
    auto const& counts = state.counts;
    return {
        part{bar(state), 5},
        part{with_separators(counts.done()) + " done", 9, " "},
        part{with_separators(counts.failed) + " failed", 8},
        part{kinds(counts), 1, " "},
        part{in_flight(state), 4},
        part{decimal(state.per_second, 1) + "/s", 6},
        part{latency(counts), 3},
        part{rounded(tokens(counts)) + " tokens", 2},
        part{left(state), 7}};
}

std::string join(parts const& all, int least_important)
{
    std::string line;
    for (auto const& each : all) {
        if (each.text.empty() || each.importance < least_important)
            continue;
        if (!line.empty())
            line += each.before;
        line += each.text;
    }
    return line;
}

} // namespace

std::optional<double> part_done(progress const& state)
{
    if (!state.expected_rest)
        return std::nullopt;
    auto const done = static_cast<double>(state.counts.done());
    auto const all = done + static_cast<double>(state.counts.waiting) + *state.expected_rest;
    return all > 0 ? std::optional{done / all} : std::nullopt;
}

std::optional<std::chrono::seconds> time_left(progress const& state)
{
    if (!state.expected_rest || !(state.per_second > 0))
        return std::nullopt;
    auto const images = static_cast<double>(state.counts.waiting) + *state.expected_rest;
    auto const seconds = std::ceil(images / state.per_second);
    if (seconds > longest_time)
        return std::nullopt;
    return std::chrono::seconds{static_cast<std::int64_t>(seconds)};
}

std::string format_progress(progress const& state, std::size_t width)
{
    auto const all = parts_of(state);
    for (int least_important = 1; least_important <= most_important; ++least_important)
        if (auto line = join(all, least_important); line.size() <= width)
            return line;
    return {};
}

std::string progress_json(progress const& state, std::chrono::milliseconds elapsed, bool ended)
{
    auto const& counts = state.counts;
    json::object failures;
    for (auto const& [kind, count] : counts.failures)
        failures[kind] = count;
    json::object line{
        {"ended", ended},
        {"milliseconds", elapsed.count()},
        {"done", counts.done()},
        {"succeeded", counts.succeeded},
        {"failed", counts.failed},
        {"failures", std::move(failures)},
        {"found_before", counts.found_before},
        {"doubles", counts.doubles},
        {"waiting", counts.waiting},
        {"in_flight", counts.in_flight},
        {"concurrency_limit", nullptr},
        {"requests", counts.attempts},
        {"possibly_billed", counts.possibly_billed},
        {"input_tokens", counts.input_tokens},
        {"output_tokens", counts.output_tokens},
        {"per_second", state.per_second},
        {"p50_milliseconds", counts.p50.count()},
        {"p95_milliseconds", counts.p95.count()},
        {"part_done", nullptr},
        {"seconds_left", nullptr}};
    if (state.concurrency_limit != 0)
        line["concurrency_limit"] = state.concurrency_limit;
    if (auto const part = part_done(state))
        line["part_done"] = *part;
    if (auto const time = time_left(state))
        line["seconds_left"] = time->count();
    return compact_json(line);
}

} // namespace vidi_tool
