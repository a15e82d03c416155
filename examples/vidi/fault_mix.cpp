#include "fault_mix.hpp"

#include <algorithm>
#include <stdexcept>

namespace vidi_tool {
namespace {

using vidi::testing::all_faults;
using vidi::testing::fault;
using vidi::testing::fault_description;

fault find(std::string const& name)
{
    auto const found = std::ranges::find(all_faults(), name, &fault_description::name);
    if (found == all_faults().end())
        throw std::invalid_argument("there is no fault '" + name + "'");
    return found->id;
}

} // namespace

fault_mix::fault_mix(double percent, std::uint64_t seed, std::vector<std::string> const& names)
    : random_{seed}, is_faulty_{percent / 100}
{
    for (auto const& name : names)
        faults_.push_back(find(name));
    if (!names.empty())
        return;
    for (auto const& entry : all_faults())
        if (entry.id != fault::second_response_late)
            faults_.push_back(entry.id);
}

vidi::testing::behaviour fault_mix::operator()(vidi::testing::request_view const& request)
{
    // Pictures are always served: what is tested is a client of the API.
    if (request.method != "POST" || !is_faulty_(random_))
        return {};
    std::uniform_int_distribution<std::size_t> choose{0, faults_.size() - 1};
    return make_behaviour(faults_[choose(random_)]);
}

} // namespace vidi_tool
