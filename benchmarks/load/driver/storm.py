"""Thousands of new connections at once, and what those notice that were open before."""

import nginx
import table

SECTION = "storm"
BESIDE = "storm beside"
CONNECTIONS = 4096
PEERS = ["floor", "beast", "vidi"]
OPEN_BEFORE = 64


def connections(bench):
    return 500 if bench.options.quick else CONNECTIONS


def measure(bench):
    count = connections(bench)
    peers = [peer for peer in PEERS if peer in bench.peer_names]
    with bench.nginx(cores=bench.server_core, workers=1):
        for _ in bench.rounds(SECTION):
            for peer in peers:
                measure_storm(bench, peer, count)
                measure_beside(bench, peer, count)


def measure_storm(bench, peer, count):
    storm = ["--mode", "storm", "-n", count]
    first, second = bench.peers.run(peer, bench.client_core, *storm)
    bench.results.add(SECTION, "the first time", peer, first)
    bench.results.add(SECTION, "again", peer, second)
    # vidi leaves no choice.
    if peer != "vidi":
        _, second = bench.peers.run(peer, bench.client_core, *storm, "--no-resume")
        bench.results.add(SECTION, "again, without session tickets", peer, second)


def measure_beside(bench, peer, count):
    metrics, = bench.peers.run(
        peer, bench.client_core, "--mode", "beside", "-c", OPEN_BEFORE, "-n", count,
        "--host", nginx.HOSTS[0], "--host", nginx.HOSTS[1])
    bench.results.add(BESIDE, OPEN_BEFORE, peer, metrics)


def row(results, setting, peer):
    def median(metric):
        return results.median(SECTION, setting, peer, metric)

    return [peer, f"{median('requests'):.0f}", table.number(median("cpu_us"), 0),
            table.number(results.ratio(SECTION, setting, peer, "floor", "cpu_us"), 2),
            table.number(results.ratio(SECTION, setting, "vidi", peer, "cpu_us"), 2),
            table.number(median("full_handshakes"), 0),
            table.number(median("resumed_handshakes"), 0), table.number(median("per_second"), 0),
            table.number(median("p99_us") / 1000, 0)]


def beside_row(results, peer):
    def median(metric):
        return results.median(BESIDE, OPEN_BEFORE, peer, metric)

    cells = [peer]
    for phase in "calm", "stormy":
        cells += [table.number(median(f"{phase}_requests"), 0),
                  table.number(median(f"{phase}_p50_us") / 1000, 2),
                  table.number(median(f"{phase}_p99_us") / 1000, 2)]
    return cells + [table.number(median("new_p99_us") / 1000, 0)]


def tables(results):
    for setting in results.settings(SECTION):
        yield table.render(
            f"New connections, all at once, each for one request: {setting}",
            ["", "connections", "CPU µs", "/ floor", "vidi / it", "full", "resumed", "per s",
             "p99 ms"],
            [row(results, setting, peer) for peer in results.peers(SECTION, setting)],
            "CPU: of the client for connecting, handshake, one request, and closing.")
    for setting in results.settings(BESIDE):
        yield table.render(
            f"Requests on {setting} open connections while as many others are opened as above",
            ["", "before", "p50 ms", "p99 ms", "meanwhile", "p50 ms", "p99 ms", "new p99 ms"],
            [beside_row(results, peer) for peer in results.peers(BESIDE, setting)],
            "One nginx process serves both, so that its own handshakes are in the times.")
