"""What a request takes that was sent and waits for its answer."""

import signal
import time

import nginx
import table

SECTION = "memory"
COUNTS = [2_000, 20_000]
# Node cannot open connections at the pace that more would need.
MOST_OF_NODE = 2_000
# Handshakes take about a millisecond of each side.
PACE = 500
PATIENCE = 60
# Descriptors that a client needs for other things than connections.
RESERVED = 100


def counts(bench):
    most = bench.descriptors - RESERVED
    wanted = [500] if bench.options.quick else COUNTS
    return sorted({min(count, most) for count in wanted})


def measure(bench):
    # Memory hardly varies, and a round takes minutes.
    for _ in bench.rounds(SECTION, 1):
        for count in counts(bench):
            for peer in bench.peer_names:
                if peer == "node" and count > MOST_OF_NODE:
                    continue
                bench.results.add(SECTION, count, peer, measure_one(bench, peer, count))


def measure_one(bench, peer, count):
    delay = count // PACE + PATIENCE
    hosts = [word for host in nginx.LATE_HOSTS for word in ("--host", host)]
    with bench.nginx(cores=bench.server_core, workers=2, delay=delay) as server, \
            bench.peers.start(peer, bench.client_core, "--mode", "hold", "--pace", PACE,
                              "-n", count, *hosts) as process:
        try:
            wait_until_all_are_sent(server, peer, process, count, delay)
            process.send_signal(signal.SIGUSR2)
            metrics, = bench.peers.finish(peer, process)
        finally:
            process.kill()
    return metrics


# The server tells: it has received them all, and answered none.
def wait_until_all_are_sent(server, peer, process, count, limit):
    for _ in range(4 * limit):
        if process.poll() is not None:
            raise RuntimeError(f"{peer} ended before the memory was measured")
        if (waiting := server.requests_in_work()) == count:
            return
        time.sleep(0.25)
    raise RuntimeError(f"{peer} sent only {waiting} of {count} requests in {limit} s")


def kilobytes(value):
    return table.number(None if value is None else value / 1024)


def row(results, count, peer):
    cells = [peer]
    for metric in "rss_bytes", "heap_bytes":
        cells += [kilobytes(results.median(SECTION, count, peer, metric)),
                  table.number(results.ratio(SECTION, count, peer, "floor", metric), 2),
                  table.number(results.ratio(SECTION, count, "vidi", peer, metric), 2)]
    return cells


def tables(results):
    for count in results.settings(SECTION):
        yield table.render(
            f"Memory of a request in flight, of {count}",
            ["", "RSS KB", "/ floor", "vidi / it", "heap KB", "/ floor", "vidi / it"],
            [row(results, count, peer) for peer in results.peers(SECTION, count)],
            "Growth of the client from before the first connection to when all requests are with "
            "the server, which has answered none.")
