#pragma once

#include <vidi/detail/config.hpp>

#include <filesystem>

namespace vidi::batch {

/// Removes a journal with the files that belong to it, if there is one.
/// @throws journal_error It is in use, and by whom; or it cannot be removed.
VIDI_DECL void remove_journal(std::filesystem::path const& file);

} // namespace vidi::batch
