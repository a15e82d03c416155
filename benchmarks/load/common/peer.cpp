#include "peer.hpp"

#include "memory_watch.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>

namespace load {
namespace {

// Enough that every connection is open and has been used.
std::size_t warm_up_of(options const& chosen)
{
    return std::max(2 * chosen.concurrency, chosen.requests / 10);
}

void report(tally const& done, handshakes const& before, handshakes const& after)
{
    boost::json::object const line{
        {"requests", done.whole().requests},
        {"cpu_us", done.whole().processor_each()},
        {"steady_requests", done.steady().requests},
        {"steady_cpu_us", done.steady().processor_each()},
        {"per_second", done.steady().per_second()},
        {"p50_us", done.latency(0.5)},
        {"p99_us", done.latency(0.99)},
        {"full_handshakes", after.full - before.full},
        {"resumed_handshakes", after.resumed - before.resumed}};
    std::cout << boost::json::serialize(line) << std::endl;
}

void run(peer& one, std::size_t requests, std::size_t warm_up)
{
    auto const before = one.made();
    tally account{requests, warm_up};
    one.run(account);
    report(account, before, one.made());
}

void do_as_told(options const& chosen, peer& one)
{
    switch (chosen.mode) {
    case mode::load:
        return run(one, chosen.requests, warm_up_of(chosen));
    case mode::storm:
        run(one, chosen.requests, 0);
        return run(one, chosen.requests, 0);
    case mode::hold:
        memory_watch const watch{chosen.requests};
        tally never_finished{chosen.requests};
        return one.run(never_finished);
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
