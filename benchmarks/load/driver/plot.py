"""A picture of the results."""

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot  # noqa: E402: the backend has to be chosen first

COLOURS = {"floor": "#9e9e9e", "beast": "#4c78a8", "curl": "#f58518", "node": "#54a24b",
           "vidi": "#b5179e", "vidi coroutine": "#e39ad5"}
PANELS = [
    ("throughput", "cpu_us", 1, "CPU of the client, µs a request", "requests in flight"),
    ("memory", "rss_bytes", 1024, "Memory of the client, KB a request", "requests in flight"),
    ("storm", "cpu_us", 1, "CPU of the client, µs a request, without a connection at first", ""),
]


def text_of(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def heights_of(results, section, metric, scale, peer):
    medians = (results.median(section, setting, peer, metric)
               for setting in results.settings(section))
    return [value and value / scale for value in medians]


# Node would make all others look the same: its bars are cut off.
def limit_of(heights):
    others = [value for peer, values in heights.items() if peer != "node" or len(heights) == 1
              for value in values if value]
    return 1.15 * max(others)


def draw_bars(axes, heights):
    limit = limit_of(heights)
    width = 0.85 / len(heights)
    for i, (peer, values) in enumerate(heights.items()):
        places = [place + (i - (len(heights) - 1) / 2) * width for place in range(len(values))]
        axes.bar(places, [value or 0 for value in values], 0.9 * width, label=peer,
                 color=COLOURS[peer])
        for place, value in zip(places, values):
            if value:
                axes.text(place, min(value, limit), text_of(value), ha="center", va="bottom",
                          fontsize=6)
    axes.set_ylim(0, limit)
    axes.spines[["top", "right"]].set_visible(False)


def draw_panel(axes, results, section, metric, scale, title, label):
    settings = results.settings(section)
    heights = {peer: heights_of(results, section, metric, scale, peer)
               for peer in results.peers(section, settings[0])}
    draw_bars(axes, heights)
    axes.set_xticks(range(len(settings)), [str(setting) for setting in settings], fontsize=8)
    cut_off = "; node's bars are cut off" if "node" in heights else ""
    axes.set_title(title + cut_off, fontsize=10, loc="left", pad=14)
    axes.set_xlabel(label, fontsize=8)
    axes.legend(fontsize=7, frameon=False, loc="upper left", bbox_to_anchor=(1, 1))


def draw(results, path):
    panels = [panel for panel in PANELS if results.settings(panel[0])]
    if not panels:
        return
    figure, rows = pyplot.subplots(
        len(panels), figsize=(10, 3 * len(panels)), squeeze=False, layout="constrained")
    for panel, axes in zip(panels, rows[:, 0]):
        draw_panel(axes, results, *panel)
    figure.savefig(path)
