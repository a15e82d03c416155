"""Thousands of requests at once from a client that has no connection yet, and what those notice
that have one."""

import nginx
import table

SECTION = "storm"
BESIDE = "storm beside"
REQUESTS = 4096
PEERS = ["floor", "beast", "vidi"]
OPEN_BEFORE = 64
# Longer than it takes to open all connections: no request can have one that another is done with.
DELAY = 10


def measure(bench):
    count = 500 if bench.options.quick else REQUESTS
    with bench.nginx(cores=bench.server_core, workers=1, delay=DELAY):
        for _ in bench.rounds(SECTION, min(3, bench.options.rounds)):
            for peer in PEERS:
                if peer in bench.peer_names:
                    measure_peer(bench, peer, count)


def measure_peer(bench, peer, count):
    def run(mode, *arguments):
        return bench.peers.run(
            peer, bench.client_core, "--mode", mode, "-n", count, *arguments)

    for speed, host in ("at once", nginx.HOST), (f"after {DELAY} s", nginx.LATE_HOSTS[0]):
        first, second = run("storm", "--host", host)
        bench.results.add(SECTION, f"answered {speed}", peer, first)
        bench.results.add(SECTION, f"again, answered {speed}", peer, second)
    beside, = run("beside", "-c", OPEN_BEFORE, "--host", nginx.HOST,
                  "--host", nginx.LATE_HOSTS[0], "--server-delay", DELAY)
    bench.results.add(BESIDE, OPEN_BEFORE, peer, beside)


def row(results, setting, peer):
    def median(metric):
        return results.median(SECTION, setting, peer, metric)

    late = 1000 * DELAY if f"after {DELAY} s" in setting else 0
    return [peer, f"{median('requests'):.0f}", table.number(median("cpu_us"), 0),
            table.number(results.ratio(SECTION, setting, peer, "floor", "cpu_us"), 2),
            table.number(results.ratio(SECTION, setting, "vidi", peer, "cpu_us"), 2),
            table.number(median("full_handshakes"), 0),
            table.number(median("resumed_handshakes"), 0),
            table.number(median("p50_us") / 1000 - late, 0),
            table.number(median("p99_us") / 1000 - late, 0)]


def beside_row(results, peer):
    def median(metric):
        return results.median(BESIDE, OPEN_BEFORE, peer, metric)

    cells = [peer]
    for phase in "calm", "stormy":
        cells += [table.number(median(f"{phase}_p50_us") / 1000, 2),
                  table.number(median(f"{phase}_p99_us") / 1000, 2),
                  table.number(median(f"{phase}_max_us") / 1000, 2)]
    return cells + [table.number(median("stormy_requests"), 0), table.number(median("storm_s"))]


def tables(results):
    for setting in results.settings(SECTION):
        yield table.render(
            f"Requests all at once, without a connection: {setting}",
            ["", "requests", "CPU µs", "/ floor", "vidi / it", "full", "resumed", "p50 ms",
             "p99 ms"],
            [row(results, setting, peer) for peer in results.peers(SECTION, setting)],
            "CPU: of the client for a request, with connecting, handshakes, and closing. The "
            "times are counted without the server's wait.")
    for setting in results.settings(BESIDE):
        yield table.render(
            f"Requests on {setting} connections, while there is such a storm beside them",
            ["", "before p50", "p99", "max ms", "meanwhile p50", "p99", "max ms",
             "of", "in s"],
            [beside_row(results, peer) for peer in results.peers(BESIDE, setting)],
            f"One nginx process answers both, so that its own handshakes are in the times. The "
            f"storm's answers come after {DELAY} s.")
