#include "tally.hpp"

namespace vidi_tool {
namespace {

// One refused connection proves little: it may be the one too many. So many in a row, and no
// success beside them, do.
constexpr std::uint64_t refusals_that_convince = 8;

} // namespace

void add(tally& counts, outcome const& result)
{
    if (result.failure) {
        ++counts.failed;
        ++counts.failures[result.failure->kind];
    }
    else {
        ++counts.succeeded;
    }
    if (!result.response)
        return;
    ++counts.asked;
    if (result.failure && result.failure->concerns != reach::one_image)
        ++counts.refused;
    if (auto const& usage = result.response->usage) {
        counts.input_tokens += usage->input_tokens;
        counts.output_tokens += usage->output_tokens;
    }
}

bool is_hopeless(tally const& counts, outcome const& last)
{
    if (!last.failure || last.failure->concerns == reach::one_image)
        return false;
    if (last.failure->concerns == reach::all_images)
        return true;
    return counts.refused == counts.asked && counts.refused >= refusals_that_convince;
}

exit_status status_of(tally const& counts)
{
    if (counts.failed == 0)
        return exit_success;
    if (counts.succeeded != 0)
        return exit_failures;
    if (counts.asked == 0)
        return exit_usage;
    return counts.refused == counts.asked ? exit_refused : exit_failures;
}

} // namespace vidi_tool
