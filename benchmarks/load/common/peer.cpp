#include "peer.hpp"

#include "memory_watch.hpp"
#include "print_line.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <thread>

namespace load {
namespace {

void run(peer& one, workload::group group, std::size_t warm_up, std::size_t requests)
{
    auto const before = one.made();
    tally account{requests, warm_up};
    group.account = &account;
    one.run(workload{{group}});
    auto const after = one.made();
    print_line(
        {{"requests", account.whole().requests},
         {"cpu_us", account.whole().processor_each()},
         {"steady_requests", account.steady().requests},
         {"steady_cpu_us", account.steady().processor_each()},
         {"per_second", account.steady().per_second()},
         {"p50_us", account.latencies().at_most(0.5)},
         {"p99_us", account.latencies().at_most(0.99)},
         {"full_handshakes", after.full - before.full},
         {"resumed_handshakes", after.resumed - before.resumed}});
}

void load(options const& chosen, peer& one)
{
    // Enough that every connection is open and has been used.
    auto const warm_up = std::max(2 * chosen.concurrency, chosen.requests / 10);
    run(one, {nullptr, chosen.hosts, chosen.concurrency}, warm_up, chosen.requests);
}

void storm(options const& chosen, peer& one)
{
    for (int i = 0; i < 2; ++i)
        run(one, {nullptr, chosen.hosts, chosen.requests}, 0, chosen.requests);
}

void hold(options const& chosen, peer& one)
{
    memory_watch const watch{chosen.requests};
    tally account{chosen.requests};
    one.run(workload{{{&account, chosen.hosts, chosen.requests, chosen.pace}}});
    throw std::runtime_error{"all requests were answered before the memory was measured"};
}

// The storm has an address of its own, so that it does not share a pool with what goes on beside.
// There the server waits, so that each request of the storm needs a connection; when the last one
// was sent, the storm is over.
void beside(options const& chosen, peer& one)
{
    auto const begin = clock::now() + std::chrono::seconds{2};
    tally storm{chosen.requests};
    tally account{storm, 10 * chosen.concurrency};
    one.run(workload{
        {{&account, {chosen.hosts.front()}, chosen.concurrency},
         {&storm, {chosen.hosts.back()}, chosen.requests, 0, begin}}});
    auto const end = storm.ended() - std::chrono::seconds{chosen.server_delay};
    auto const calm = account.latencies().between({}, begin);
    auto const stormy = account.latencies().between(begin, end);
    print_line(
        {{"requests", chosen.requests},
         {"storm_s", std::chrono::duration<double>{end - begin}.count()},
         {"calm_requests", calm.count()},
         {"calm_p50_us", calm.at_most(0.5)},
         {"calm_p99_us", calm.at_most(0.99)},
         {"calm_max_us", calm.at_most(1)},
         {"stormy_requests", stormy.count()},
         {"stormy_p50_us", stormy.at_most(0.5)},
         {"stormy_p99_us", stormy.at_most(0.99)},
         {"stormy_max_us", stormy.at_most(1)}});
}

[[noreturn]] void end_after(double seconds, tally const& account)
{
    std::this_thread::sleep_for(std::chrono::duration<double>{seconds});
    auto const [answered, refused] = account.so_far();
    boost::json::array times;
    for (auto const time : answered)
        times.push_back(time.count());
    print_line({{"answered_ms", times}, {"failed", refused}});
    std::_Exit(0);
}

// What is under way then is given up, for what waits for its turn would get it after the time that
// is measured.
void saturate(options const& chosen, peer& one)
{
    auto account = tally::endless();
    std::thread{[&] { end_after(chosen.seconds, account); }}.detach();
    one.run(workload{{{&account, chosen.hosts, chosen.concurrency}}});
}

void do_as_told(options const& chosen, peer& one)
{
    switch (chosen.mode) {
    case mode::load:
        return load(chosen, one);
    case mode::storm:
        return storm(chosen, one);
    case mode::hold:
        return hold(chosen, one);
    case mode::beside:
        return beside(chosen, one);
    case mode::saturate:
        return saturate(chosen, one);
    }
}

} // namespace

int drive(options const& chosen, std::function<std::unique_ptr<peer>()> const& make)
try {
    // OpenSSL writes to sockets that the server may have closed.
    std::signal(SIGPIPE, SIG_IGN);
    do_as_told(chosen, *make());
    return 0;
}
catch (std::exception const& error) {
    std::cerr << error.what() << '\n';
    return 1;
}

} // namespace load
