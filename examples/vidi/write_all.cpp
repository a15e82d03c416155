#include "write_all.hpp"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

namespace vidi_tool {
namespace {

void wait_until_writable(int file) noexcept
{
    pollfd waiting{file, POLLOUT, 0};
    ::poll(&waiting, 1, -1);
}

} // namespace

boost::system::error_code write_all(int file, std::string_view bytes) noexcept
{
    while (!bytes.empty()) {
        auto const count = ::write(file, bytes.data(), bytes.size());
        if (count >= 0)
            bytes.remove_prefix(static_cast<std::size_t>(count));
        else if (errno == EAGAIN) // another program made the shared descriptor non-blocking
            wait_until_writable(file);
        else if (errno != EINTR)
            return {errno, boost::system::system_category()};
    }
    return {};
}

} // namespace vidi_tool
