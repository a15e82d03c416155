#include "usage.hpp"

#include <malloc.h>
#include <sys/resource.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace load {
namespace {

std::chrono::microseconds from(timeval time)
{
    return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
}

std::size_t resident_set()
{
    std::ifstream file{"/proc/self/smaps_rollup"};
    for (std::string word; file >> word;) {
        if (word != "Rss:")
            continue;
        std::size_t kilobytes = 0;
        file >> kilobytes;
        return kilobytes * 1024;
    }
    throw std::runtime_error{"/proc/self/smaps_rollup cannot be read"};
}

} // namespace

std::chrono::microseconds processor_time()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return from(used.ru_utime) + from(used.ru_stime);
}

memory memory::now()
{
    auto const heap = ::mallinfo2();
    return {.resident = resident_set(), .heap = heap.uordblks + heap.hblkhd};
}

} // namespace load
