#include "summary.hpp"

#include "numbers.hpp"

#include <cmath>

namespace vidi_tool {
namespace {

// Rounded down: it must not look better than it is.
std::string percentage(std::uint64_t part, std::uint64_t all)
{
    auto const exact = 100 * static_cast<double>(part) / static_cast<double>(all);
    return decimal(std::floor(exact * 100) / 100, 2) + " %";
}

std::string counts_line(summary const& result)
{
    auto const& counts = result.counts;
    auto const seconds = result.time.count();
    auto line = with_separators(counts.done()) + (counts.done() == 1 ? " image: " : " images: ") +
                with_separators(counts.succeeded) + " succeeded, " +
                with_separators(counts.failed) + " failed, in " + decimal(seconds, 1) + " s";
    if (seconds > 0)
        line += ", " + decimal(static_cast<double>(counts.asked) / seconds, 1) + " requests/s";
    return line;
}

std::string connections_line(summary const& result)
{
    auto const& pool = result.connections;
    return "connections: " + with_separators(pool.created) + " opened; reused for " +
           with_separators(pool.reused) + " of " + with_separators(result.counts.attempts) +
           " requests (" + percentage(pool.reused, result.counts.attempts) + ")";
}

} // namespace

std::string format_summary(summary const& result)
{
    auto const& counts = result.counts;
    auto text = counts_line(result);
    if (counts.failed != 0)
        text += "\n  failed: " + list_kinds(counts.failures);
    if (counts.input_tokens != 0 || counts.output_tokens != 0)
        text += "\n  tokens: " + token_count(counts.input_tokens) + " in, " +
                token_count(counts.output_tokens) + " out";
    if (result.counts.attempts != 0)
        text += "\n  " + connections_line(result);
    return text;
}

} // namespace vidi_tool
