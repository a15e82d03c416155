#include "batch/lock_file.hpp"

#include <vidi/batch/journal_reader.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <mutex>
#include <string>
#include <system_error>

namespace vidi::batch {
namespace {

// The lock files that this process holds. Locks of one process do not exclude each other, and to
// open and close one of these files again would release it. A child that was forked has a copy,
// which says whose they are.
struct held_files
{
    std::mutex mutex;
    std::map<std::filesystem::path, pid_t> owners;
};

held_files& held()
{
    static held_files files;
    return files;
}

[[noreturn]] void throw_held(std::filesystem::path const& journal, pid_t owner)
{
    std::string const who = owner > 0 ? "process " + std::to_string(owner)
                                      : std::string{"a process of another machine"};
    throw journal_error{
        journal.string() + ": the journal is in use by " + who +
        ". Wait until that has ended, or end it, then resume the job."};
}

[[noreturn]] void throw_unusable(std::filesystem::path const& lock, int reason)
{
    throw journal_error{
        lock.string() + ": cannot lock the journal (" +
        std::error_code{reason, std::generic_category()}.message() +
        "). Check the permissions of the directory, and that its file system supports locks."};
}

struct flock whole_file(short type)
{
    struct flock lock
    {
    };
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

// The process that holds the lock; 0 if it has let go of it.
pid_t find_owner(int descriptor)
{
    struct flock lock = whole_file(F_WRLCK);
    if (fcntl(descriptor, F_GETLK, &lock) != 0)
        return -1;
    return lock.l_type == F_UNLCK ? 0 : lock.l_pid;
}

} // namespace

lock_file::lock_file(std::filesystem::path const& journal) : path_{journal}
{
    path_ += "-lock";
    std::scoped_lock const guard{held().mutex};
    if (auto const found = held().owners.find(path_);
        found != held().owners.end() && found->second == owner_)
        throw_held(journal, owner_);
    auto const place = held().owners.insert_or_assign(path_, owner_).first;
    try {
        while (!lock_open_file(journal))
            ;
    }
    catch (...) {
        held().owners.erase(place);
        if (descriptor_ >= 0)
            close(descriptor_);
        throw;
    }
}

bool lock_file::lock_open_file(std::filesystem::path const& journal)
{
    if (descriptor_ >= 0)
        close(descriptor_);
    descriptor_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (descriptor_ < 0)
        throw_unusable(path_, errno);
    struct flock lock = whole_file(F_WRLCK);
    if (fcntl(descriptor_, F_SETLK, &lock) != 0) {
        if (errno != EACCES && errno != EAGAIN)
            throw_unusable(path_, errno);
        if (pid_t const owner = find_owner(descriptor_); owner != 0)
            throw_held(journal, owner);
        return false;
    }
    // Its last owner may have deleted it after it was opened here.
    struct stat locked
    {
    };
    struct stat named
    {
    };
    return fstat(descriptor_, &locked) == 0 && stat(path_.c_str(), &named) == 0 &&
           locked.st_ino == named.st_ino && locked.st_dev == named.st_dev;
}

lock_file::~lock_file()
{
    std::scoped_lock const guard{held().mutex};
    if (owner_ == getpid()) {
        unlink(path_.c_str());
        held().owners.erase(path_);
    }
    close(descriptor_);
}

} // namespace vidi::batch
