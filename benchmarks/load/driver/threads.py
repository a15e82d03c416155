"""vidi on one thread and on two."""

import table

SECTION = "threads"
CONCURRENCY = 128
WAYS = {
    "one thread": [],
    "two threads, one client": ["--threads", 2, "--clients", 1],
    "two threads, a client each": ["--threads", 2, "--clients", 2],
}


def measure(bench):
    requests = bench.options.requests or 80_000
    with bench.nginx(cores=bench.all_cores, workers=2):
        for _ in bench.rounds(SECTION):
            for way, arguments in WAYS.items():
                metrics, = bench.peers.run(
                    "vidi", bench.all_cores, "-c", CONCURRENCY, "-n", requests, *arguments)
                bench.results.add(SECTION, CONCURRENCY, way, metrics)


def row(results, setting, way):
    cells = [way]
    for metric, digits in ("per_second", 0), ("steady_cpu_us", 1):
        cells += [table.number(results.median(SECTION, setting, way, metric), digits),
                  table.number(results.ratio(SECTION, setting, way, "one thread", metric), 2)]
    return cells


def tables(results):
    for setting in results.settings(SECTION):
        yield table.render(
            f"vidi on more threads, {setting} in flight",
            ["", "per s", "/ one thread", "steady CPU µs", "/ one thread"],
            [row(results, setting, way) for way in results.peers(SECTION, setting)],
            "nginx, with two processes, has the same two cores as the client: what it takes of "
            "them the client cannot have.")
