#include "report_totals.hpp"

#include <algorithm>

namespace vidi_tool {
namespace {

// A source may make up as many words as it has items; those after these are one kind together.
constexpr std::size_t most_endings = 200;
constexpr char remaining_kinds[] = "other";

constexpr std::size_t most_intervals = 400;

} // namespace

report_totals::report_totals() : endings_(2), over_time_{most_intervals} {}

std::size_t report_totals::add(vidi::batch::result const* result)
{
    ++items_;
    auto const ended = !result           ? unfinished
                       : result->failure ? ending_of(*result->failure)
                                         : succeeded;
    ++endings_[ended].count;
    if (!result)
        return ended;
    attempts_ += result->attempts;
    possibly_billed_ += result->possibly_billed;
    interrupted_ += result->interrupted;
    if (!result->failure)
        latency_.add(result->duration);
    add_moment(*result);
    return ended;
}

std::uint64_t report_totals::failed() const noexcept
{
    return items_ - endings_[unfinished].count - endings_[succeeded].count;
}

std::size_t report_totals::ending_of(vidi::batch::failure const& failure)
{
    auto const find = [&](std::string const& kind) {
        return std::find_if(endings_.begin() + 2, endings_.end(), [&](ending const& known) {
            return known.kind == kind;
        });
    };
    auto kind = failure.kind;
    auto found = find(kind);
    if (found == endings_.end() && endings_.size() >= most_endings) {
        kind = remaining_kinds;
        found = find(kind);
    }
    if (found == endings_.end())
        found = endings_.insert(endings_.end(), {.kind = kind, .example = failure.message});
    return static_cast<std::size_t>(found - endings_.begin());
}

void report_totals::add_moment(vidi::batch::result const& result)
{
    interval_totals moment;
    (result.failure ? moment.failed : moment.succeeded) = 1;
    if (result.usage) {
        moment.input_tokens = result.usage->input_tokens;
        moment.output_tokens = result.usage->output_tokens;
    }
    over_time_.add(result.completed, moment);
}

} // namespace vidi_tool
