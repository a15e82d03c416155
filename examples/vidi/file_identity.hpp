#pragma once

#include <sys/stat.h>

namespace vidi_tool {

/// Which file it is, whatever its name.
struct file_identity
{
    dev_t device{};
    ino_t number{};

    explicit file_identity(struct stat const& status) noexcept
        : device{status.st_dev}, number{status.st_ino}
    {
    }

    bool operator==(file_identity const&) const = default;
};

} // namespace vidi_tool
