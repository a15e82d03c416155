"""How much of a rate limit each peer makes use of, and how often the server has to refuse.

All peers run at the same time, each with a server of its own, because they mostly wait. Those that
do not wait, but send again at once what was refused, have the lowest priority, so that they do not
take the others' processor time."""

import contextlib
import statistics

import emulator
import peers
import table

SECTION = "ratelimit"
# More in flight than it takes to use the limit up, and less than the limit: what vidi sends before
# the first answer tells the limit cannot exceed it.
CONCURRENCY = 64
LATENCY = 0.2
WINDOWS = 4
# Requests, seconds
LIMIT, WINDOW = 600, 60
QUICK_LIMIT, QUICK_WINDOW = 200, 2
LOWEST_PRIORITY = 19
# Name in the table: the peer, and whether it is told the limit.
WAYS = {
    "floor": ("floor", False),
    "beast": ("beast", False),
    "curl": ("curl", False),
    "node": ("node", False),
    "vidi": ("vidi", False),
    "vidi, told": ("vidi", True),
}
HAMMERING = ["floor", "beast", "curl"]


def limit_and_window(bench):
    return (QUICK_LIMIT, QUICK_WINDOW) if bench.options.quick else (LIMIT, WINDOW)


def measure(bench):
    # What depends on chance is small, and a round takes minutes.
    for _ in bench.rounds(SECTION, 1):
        measure_all(bench, *limit_and_window(bench))


def measure_all(bench, limit, window):
    ways = {way: how for way, how in WAYS.items() if how[0] in bench.peer_names}
    question = emulator.write_question(bench.directory / "question.json", peers.QUESTION)
    runs = {}
    with contextlib.ExitStack() as stack:
        for way, (peer, told) in ways.items():
            niceness = LOWEST_PRIORITY if peer in HAMMERING else 0
            server = stack.enter_context(emulator.Emulator(
                bench.options.build, bench.directory / SECTION / way, bench.all_cores, niceness,
                limit, window, LATENCY))
            one = peers.Peers(bench.options.build, server.ca_file, server.port, question, niceness)
            process = stack.enter_context(
                one.start(peer, bench.all_cores, *arguments_of(peer, told, limit, window)))
            stack.callback(process.kill)
            runs[way] = server, process
        seen = {way: peers.Peers.finish(way, process)[0] for way, (_, process) in runs.items()}
    for way, (server, _) in runs.items():
        bench.results.add(SECTION, f"{limit} in {window} s", way,
                          metrics_of(limit, window, *server.counts(), **seen[way]))


def arguments_of(peer, told, limit, window):
    yield from ("--mode", "saturate", "-c", CONCURRENCY, "--seconds", WINDOWS * window)
    if peer == "vidi":
        yield from ("--rate-window", round(1000 * window))
    if told:
        yield from ("--rate-limit", limit)


def metrics_of(limit, window, accepted, refused, answered_ms, failed):
    apart = [(later - earlier) / 1000
             for earlier, later in zip(answered_ms, answered_ms[limit:])]
    return {
        "accepted": accepted,
        "refused": refused,
        "succeeded": len(answered_ms),
        "failed": failed,
        "accepted_of_limit": accepted / (WINDOWS * limit),
        "refused_of_answers": refused / (accepted + refused),
        "lasting_of_limit": window / statistics.median(apart) if apart else None,
    }


def percent(share):
    return "–" if share is None else f"{100 * share:.1f} %"


def row(results, setting, way):
    def median(metric):
        return results.median(SECTION, setting, way, metric)

    return [way, table.number(median("accepted"), 0), percent(median("accepted_of_limit")),
            percent(median("lasting_of_limit")), table.number(median("refused"), 0),
            percent(median("refused_of_answers")), table.number(median("failed"), 0)]


def tables(results):
    for setting in results.settings(SECTION):
        yield table.render(
            f"A server that accepts {setting}: {CONCURRENCY} requests in flight all the time, for "
            f"{WINDOWS} windows",
            ["", "accepted", "of the limit", "if it goes on", "429", "of all answers", "failed"],
            [row(results, setting, way) for way in results.peers(SECTION, setting)],
            f"Accepted, 429: on the server's side, in the whole run, the burst at the begin "
            f"included. The limit is that of {WINDOWS} windows,\nthe first of which begins with "
            f"the first request. If it goes on: how fast the limit comes round again; the window "
            f"as a share of\nthe median time from an answer to the one that is a limit's worth "
            f"later, as the peer sees it. The run itself may end right after\na burst. Failed: a "
            f"429 for the caller, after the retries. An accepted request takes {LATENCY} s, a "
            f"refused one no time. Node and vidi do\nas by default; vidi knows the window, and "
            f"learns the limit from the answers' headers; vidi, told: the limit is set. The "
            f"others\nsend the next request at once, at the lowest priority: how many 429 they "
            f"get depends on the processor time that is left.")
