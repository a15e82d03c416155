"""A picture of the results."""

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot  # noqa: E402: the backend has to be chosen first

COLOURS = {"floor": "#9e9e9e", "beast": "#4c78a8", "curl": "#f58518", "node": "#54a24b",
           "vidi": "#b5179e", "vidi coroutine": "#e39ad5"}


def bars(axes, results, section, metric, scale):
    settings = results.settings(section)
    peers = results.peers(section, settings[0])
    width = 0.8 / len(peers)
    for i, peer in enumerate(peers):
        heights = [(results.median(section, setting, peer, metric) or 0) / scale
                   for setting in settings]
        places = [place + (i - (len(peers) - 1) / 2) * width for place in range(len(settings))]
        drawn = axes.bar(places, heights, width, label=peer, color=COLOURS[peer])
        axes.bar_label(drawn, [f"{height:.3g}" if height else "" for height in heights],
                       fontsize=6, padding=1)
    axes.set_xticks(range(len(settings)), [str(setting) for setting in settings])
    axes.spines[["top", "right"]].set_visible(False)


def draw(results, path):
    panels = [
        ("throughput", "cpu_us", 1, "Client's CPU, µs a request", "requests in flight"),
        ("throughput", "p99_us", 1000, "99th percentile of the latency, ms", "requests in flight"),
        ("memory", "rss_bytes", 1024, "Growth of the resident set, KB a request",
         "requests in flight"),
        ("storm", "cpu_us", 1, "Client's CPU, µs a new connection with a request", ""),
    ]
    panels = [panel for panel in panels if results.settings(panel[0])]
    if not panels:
        return
    figure, rows = pyplot.subplots(
        len(panels), figsize=(9, 3.2 * len(panels)), squeeze=False, layout="constrained")
    for (section, metric, scale, title, label), axes in zip(panels, rows[:, 0]):
        bars(axes, results, section, metric, scale)
        axes.set_title(title, fontsize=10, loc="left")
        axes.set_xlabel(label)
        if "node" in results.peers(section, results.settings(section)[0]):
            axes.set_yscale("log")
        axes.legend(fontsize=7, frameon=False, ncols=6)
    figure.savefig(path)
