#include "workload.hpp"

#include <algorithm>

namespace load {
namespace {

std::size_t due_of(workload::group const& one, clock::time_point now)
{
    if (now < one.begin)
        return 0;
    if (one.pace == 0)
        return one.connections;
    std::chrono::duration<double> const elapsed = now - one.begin;
    return std::min(
        one.connections, static_cast<std::size_t>(elapsed.count() * static_cast<double>(one.pace)));
}

} // namespace

std::size_t workload::connections() const
{
    std::size_t sum = 0;
    for (auto const& one : groups_)
        sum += one.connections;
    return sum;
}

std::size_t workload::due() const
{
    auto const now = clock::now();
    std::size_t sum = 0;
    for (auto const& one : groups_)
        sum += due_of(one, now);
    return sum;
}

workload::group const& workload::group_of(std::size_t& connection) const
{
    auto one = groups_.begin();
    for (; connection >= one->connections; ++one)
        connection -= one->connections;
    return *one;
}

tally& workload::account_of(std::size_t connection) const { return *group_of(connection).account; }

std::string const& workload::host_of(std::size_t connection) const
{
    auto const& hosts = group_of(connection).hosts;
    return hosts[connection % hosts.size()];
}

bool workload::finished() const
{
    return std::all_of(
        groups_.begin(), groups_.end(), [](group const& one) { return one.account->finished(); });
}

} // namespace load
