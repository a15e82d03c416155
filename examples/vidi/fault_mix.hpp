#pragma once

#include <vidi/testing/emulator.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace vidi_tool {

/// Lets some requests meet with a fault of the catalogue, at random but always with the same ones
/// for the same seed and order of requests.
class fault_mix
{
public:
    /// `names` are those of the faults to choose from; if empty, all but one: an answer to another
    /// request that comes late can meet the next request, which no client can tell.
    /// Throws std::invalid_argument if there is no such fault.
    fault_mix(double percent, std::uint64_t seed, std::vector<std::string> const& names);

    vidi::testing::behaviour operator()(vidi::testing::request_view const& request);

private:
    std::vector<vidi::testing::fault> faults_;
    std::mt19937_64 random_;
    std::bernoulli_distribution is_faulty_;
};

} // namespace vidi_tool
