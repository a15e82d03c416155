"""Processor time and latency of a request, by how many are in flight."""

import table

SECTION = "throughput"
CONCURRENCIES = [1, 64, 512, 4096]
# Node takes so much longer that it gets fewer.
NODE_SHARE = 8


def requests_of(options, peer, concurrency):
    requests = options.requests or (100_000 if concurrency > 1000 else 40_000)
    if concurrency == 1:
        requests //= 4
    if peer == "node":
        requests //= NODE_SHARE
    return max(requests, 4 * concurrency)


def measure(bench):
    concurrencies = [64] if bench.options.quick else CONCURRENCIES
    with bench.nginx(cores=bench.server_core, workers=1):
        for _ in bench.rounds(SECTION):
            for concurrency in concurrencies:
                for peer in bench.peer_names:
                    requests = requests_of(bench.options, peer, concurrency)
                    metrics, = bench.peers.run(
                        peer, bench.client_core, "-c", concurrency, "-n", requests)
                    bench.results.add(SECTION, concurrency, peer, metrics)


def row(results, concurrency, peer):
    def median(metric):
        return results.median(SECTION, concurrency, peer, metric)

    def ratio(to, metric):
        return results.ratio(SECTION, concurrency, *to, metric)

    cells = [peer, f"{median('requests'):.0f}"]
    for metric in "cpu_us", "steady_cpu_us":
        cells += [table.number(median(metric)), table.number(ratio((peer, "floor"), metric), 2),
                  table.number(ratio(("vidi", peer), metric), 2)]
    spread = results.spread(SECTION, concurrency, peer, "cpu_us")
    handshakes = [table.number(median(kind), 0)
                  for kind in ("full_handshakes", "resumed_handshakes")]
    return cells + [f"{100 * spread:.0f} %", table.number(median("per_second"), 0),
                    table.number(median("p50_us") / 1000, 2),
                    table.number(median("p99_us") / 1000, 2), " + ".join(handshakes)]


def tables(results):
    for concurrency in results.settings(SECTION):
        yield table.render(
            f"{concurrency} in flight",
            ["", "requests", "CPU µs", "/ floor", "vidi / it", "steady µs", "/ floor", "vidi / it",
             "spread", "per s", "p50 ms", "p99 ms", "handshakes"],
            [row(results, concurrency, peer) for peer in results.peers(SECTION, concurrency)],
            "CPU: user and system time of the client for a request, handshakes included; steady: "
            "without the first tenth,\nor as many as it takes to use every connection twice; so are "
            "the columns after the spread. Handshakes: full + resumed.")
