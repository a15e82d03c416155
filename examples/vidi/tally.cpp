#include "tally.hpp"

namespace vidi_tool {

void add(vidi::batch::progress& counts, outcome const& result)
{
    auto const& failure = result.verdict.result.failure;
    if (failure) {
        ++counts.failed;
        ++counts.failures[failure->kind];
    }
    else {
        ++counts.succeeded;
    }
    if (!result.response)
        return;
    ++counts.asked;
    if (failure && result.verdict.concerns != vidi::batch::reach::one_item)
        ++counts.refused;
}

exit_status status_of(vidi::batch::progress const& counts)
{
    if (counts.failed == 0)
        return exit_success;
    if (counts.succeeded != 0)
        return exit_failures;
    if (counts.asked == 0)
        return counts.found_before == 0 ? exit_usage : exit_failures;
    return counts.refused == counts.asked ? exit_refused : exit_failures;
}

} // namespace vidi_tool
