#include "emulator/model_family.hpp"

#include "emulator/api_error.hpp"

#include <algorithm>
#include <array>

namespace vidi::emulation {
namespace {

struct known_family
{
    std::string_view prefix;
    model_family family;
};

constexpr model_family
patches(bool reasons, double tokens, std::uint32_t most = 1536, bool original = false)
{
    return {
        .reasons = reasons,
        .takes_original = original,
        .counts_patches = true,
        .tokens_per_patch = tokens,
        .most_patches = most};
}

constexpr model_family tiles(bool reasons, std::uint64_t base, std::uint64_t tile)
{
    return {.reasons = reasons, .base_tokens = base, .tokens_per_tile = tile};
}

// The first prefix that fits decides, so that longer ones come before shorter ones.
constexpr std::array families{
    known_family{"gpt-5.6", patches(true, 1, 0, true)},
    known_family{"gpt-5.5", patches(true, 1, 2500, true)},
    known_family{"gpt-5.4-mini", patches(true, 1.62)},
    known_family{"gpt-5.4-nano", patches(true, 2.46)},
    known_family{"gpt-5.4", patches(true, 1, 2500, true)},
    known_family{"gpt-5.2", patches(true, 1)},
    known_family{"gpt-5-mini", patches(true, 1.62)},
    known_family{"gpt-5-nano", patches(true, 2.46)},
    known_family{"gpt-5", tiles(true, 70, 140)},
    known_family{"gpt-4.1-mini", patches(false, 1.62)},
    known_family{"gpt-4.1-nano", patches(false, 2.46)},
    known_family{"gpt-4o-mini", tiles(false, 2833, 5667)},
    known_family{"gpt-4", tiles(false, 85, 170)},
    known_family{"o4-mini", patches(true, 1.72)},
    known_family{"o1", tiles(true, 75, 150)},
    known_family{"o3", tiles(true, 75, 150)},
    known_family{"o4", tiles(true, 75, 150)},
};

constexpr std::array<std::string_view, 5> accepted{"gpt-", "o1", "o3", "o4", "chatgpt"};

struct snapshot
{
    std::string_view alias;
    std::string_view date;
};

constexpr std::array snapshots{
    snapshot{"gpt-4.1", "2025-04-14"},      snapshot{"gpt-4.1-mini", "2025-04-14"},
    snapshot{"gpt-4.1-nano", "2025-04-14"}, snapshot{"gpt-4o", "2024-08-06"},
    snapshot{"gpt-4o-mini", "2024-07-18"},  snapshot{"o1", "2024-12-17"},
    snapshot{"o3", "2025-04-16"},           snapshot{"o4-mini", "2025-04-16"}};

constexpr std::string_view usual_date = "2025-08-07";

bool ends_with_date(std::string_view model)
{
    constexpr std::string_view pattern = "-0000-00-00";
    if (model.size() <= pattern.size())
        return false;
    return std::ranges::equal(
        model.substr(model.size() - pattern.size()), pattern,
        [](char c, char p) { return p == '-' ? c == '-' : c >= '0' && c <= '9'; });
}

} // namespace

model_family family_of(std::string_view model)
{
    auto const found = std::ranges::find_if(
        families, [&](known_family const& known) { return model.starts_with(known.prefix); });
    return found == families.end() ? tiles(false, 85, 170) : found->family;
}

void check_model(std::string_view model)
{
    if (std::ranges::any_of(accepted, [&](auto prefix) { return model.starts_with(prefix); }))
        return;
    throw api_error{
        .status = 404,
        .message = "The model '" + std::string(model) + "' does not exist or is not yours to use.",
        .param = "model",
        .code = "model_not_found"};
}

std::string snapshot_of(std::string_view model)
{
    if (ends_with_date(model))
        return std::string(model);
    auto const found = std::ranges::find(snapshots, model, &snapshot::alias);
    auto const date = found == snapshots.end() ? usual_date : found->date;
    return std::string(model) + '-' + std::string(date);
}

} // namespace vidi::emulation
