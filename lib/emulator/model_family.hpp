#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vidi::emulation {

/// What a model's name says of it.
struct model_family
{
    /// It thinks before it answers, and has no temperature.
    bool reasons = false;
    /// It takes `detail: original`.
    bool takes_original = false;

    /// It counts patches of 32 pixels; otherwise tiles of 512.
    bool counts_patches = false;
    double tokens_per_patch = 1;
    /// 0 if there is no limit.
    std::uint32_t most_patches = 0;
    std::uint64_t base_tokens = 0;
    std::uint64_t tokens_per_tile = 0;
};

model_family family_of(std::string_view model);

/// Throws `api_error` if there is no such model.
void check_model(std::string_view model);

/// The dated name that an answer gives for a model.
std::string snapshot_of(std::string_view model);

} // namespace vidi::emulation
