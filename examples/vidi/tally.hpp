#pragma once

#include "exit_status.hpp"
#include "outcome.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace vidi_tool {

/// What became of all images so far.
struct tally
{
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    /// Of the failed ones, by `problem::kind`.
    std::map<std::string, std::uint64_t> failures{};
    /// Images that a request was made for.
    std::uint64_t asked = 0;
    /// Of those, the ones whose failure concerns, or perhaps concerns, all images.
    std::uint64_t refused = 0;
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;

    std::uint64_t done() const noexcept { return succeeded + failed; }
};

/// Counts an outcome.
void add(tally& counts, outcome const& result);

/// Whether going on is of no use after that outcome, which has been counted: all images fail for a
/// reason that has nothing to do with them.
bool is_hopeless(tally const& counts, outcome const& last);

/// The exit status after all images are done.
exit_status status_of(tally const& counts);

} // namespace vidi_tool
