#include <vidi/batch/journal_reader.hpp>
#include <vidi/batch/remove_journal.hpp>

#include "batch/journal_file.hpp"
#include "batch/lock_file.hpp"

#include <system_error>

namespace vidi::batch {

void remove_journal(std::filesystem::path const& file)
{
    if (!std::filesystem::exists(file))
        return;
    auto const path = canonical_path(file);
    lock_file const held{path};
    // The journal last: without it, nothing would say whose the others are.
    for (char const* suffix : {"-wal", "-shm", ""}) {
        std::error_code failure;
        std::filesystem::remove(path.string() + suffix, failure);
        if (failure)
            throw journal_error{
                path.string() + suffix + ": it cannot be removed (" + failure.message() +
                "). Check the permissions of the directory."};
    }
}

} // namespace vidi::batch
