#include "memory_watch.hpp"

#include "print_line.hpp"
#include "usage.hpp"

#include <pthread.h>
#include <signal.h>

#include <cstdlib>
#include <thread>

namespace load {
namespace {

double growth_each(std::size_t before, std::size_t after, std::size_t requests)
{
    return (static_cast<double>(after) - static_cast<double>(before)) /
           static_cast<double>(requests);
}

[[noreturn]] void watch(sigset_t const& told, std::size_t requests)
{
    auto const before = memory::now();
    int signal = 0;
    ::sigwait(&told, &signal);
    auto const after = memory::now();
    print_line(
        {{"requests", requests},
         {"rss_bytes", growth_each(before.resident, after.resident, requests)},
         {"heap_bytes", growth_each(before.heap, after.heap, requests)}});
    std::_Exit(0);
}

} // namespace

memory_watch::memory_watch(std::size_t requests)
{
    sigset_t told;
    ::sigemptyset(&told);
    ::sigaddset(&told, SIGUSR2);
    ::pthread_sigmask(SIG_BLOCK, &told, nullptr);
    std::thread{[told, requests] { watch(told, requests); }}.detach();
}

} // namespace load
