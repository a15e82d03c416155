#include "descriptor_limit.hpp"

#include "command.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <string>

namespace vidi_tool {
namespace {

// A picture that is being read, the connection that takes the place of another one, and the
// program's own files.
constexpr std::size_t beside_connections = 64;

} // namespace

void raise_descriptor_limit(std::size_t connections)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    rlim_t const needed = connections + beside_connections;
    if (limit.rlim_cur >= needed)
        return;
    limit.rlim_cur = std::min(needed, limit.rlim_max);
    if (limit.rlim_cur < needed || ::setrlimit(RLIMIT_NOFILE, &limit) != 0)
        throw usage_error(
            "the system allows this program only " + std::to_string(limit.rlim_max) +
            " open files; choose a lower --concurrency, or raise the limit (ulimit -n)");
}

} // namespace vidi_tool
