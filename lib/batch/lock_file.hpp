#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <filesystem>

namespace vidi::batch {

/// Keeps other processes, and the rest of this one, from writing a journal. The system lets go of
/// it when the process ends, however it ends.
///
/// It is a lock on a file of its own, beside the journal, which is deleted when it is released. On
/// the journal itself it would not be safe: when a process closes any descriptor of a file, it
/// loses all its locks on it. SQLite closes descriptors of the journal when a reader in the same
/// process is done, and this one's would take SQLite's own locks away.
class lock_file
{
public:
    /// @param journal Its canonical path.
    /// @throws journal_error Someone holds it, and is named; or it cannot be made.
    explicit lock_file(std::filesystem::path const& journal);
    ~lock_file();

    lock_file(lock_file const&) = delete;
    lock_file& operator=(lock_file const&) = delete;

private:
    // Whether the file that is open is the one that has its name, and is locked.
    bool lock_open_file(std::filesystem::path const& journal);

    std::filesystem::path path_;
    int descriptor_ = -1;
    // A child that was forked has a copy of this, and no lock.
    pid_t owner_ = getpid();
};

} // namespace vidi::batch
