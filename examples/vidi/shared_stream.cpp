#include "shared_stream.hpp"

#include <boost/system/system_error.hpp>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace vidi_tool {
namespace {

int open_again(int file, int access)
{
    auto const path = "/proc/self/fd/" + std::to_string(file);
    int const again = ::open(path.c_str(), access | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    return again >= 0 ? again : ::fcntl(file, F_DUPFD_CLOEXEC, 0);
}

} // namespace

shared_stream::shared_stream(boost::asio::any_io_executor executor, int file, int access)
    : descriptor_{std::move(executor)}, flags_{}
{
    int const own = open_again(file, access);
    if (own < 0)
        throw boost::system::system_error{errno, boost::system::system_category()};
    flags_ = ::fcntl(own, F_GETFL);
    descriptor_.assign(own);
}

shared_stream::~shared_stream() { ::fcntl(descriptor_.native_handle(), F_SETFL, flags_); }

bool shared_stream::may_block(int file) noexcept
{
    struct stat status
    {
    };
    if (::fstat(file, &status) != 0)
        return false;
    bool const terminal = S_ISCHR(status.st_mode) && ::isatty(file) == 1;
    return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || terminal;
}

} // namespace vidi_tool
