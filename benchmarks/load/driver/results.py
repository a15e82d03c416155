"""What was measured, round by round."""

import csv
import statistics
from collections import defaultdict


class Results:
    def __init__(self):
        # (section, setting) -> peer -> metric -> the values of all rounds
        self.values = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))

    def add(self, section, setting, peer, metrics):
        for metric, value in metrics.items():
            self.values[section, setting][peer][metric].append(value)

    def settings(self, section):
        return [setting for name, setting in self.values if name == section]

    def peers(self, section, setting):
        return list(self.values[section, setting])

    def rounds(self, section, setting, peer, metric):
        peers = self.values.get((section, setting), {})
        return peers.get(peer, {}).get(metric, [])

    def median(self, *where):
        values = [value for value in self.rounds(*where) if value is not None]
        return statistics.median(values) if values else None

    def spread(self, *where):
        """Between the extremes, as a share of the median."""
        values = self.rounds(*where)
        return (max(values) - min(values)) / statistics.median(values) if values else None

    def ratio(self, section, setting, peer, other, metric):
        """The median of the rounds' ratios: both were measured at nearly the same time."""
        pairs = zip(self.rounds(section, setting, peer, metric),
                    self.rounds(section, setting, other, metric))
        ratios = [a / b for a, b in pairs if a is not None and b]
        return statistics.median(ratios) if ratios else None

    def write_csv(self, path):
        with open(path, "w", newline="") as file:
            out = csv.writer(file)
            out.writerow(["section", "setting", "peer", "metric", "round", "value"])
            for (section, setting), peers in self.values.items():
                for peer, metrics in peers.items():
                    for metric, values in metrics.items():
                        for number, value in enumerate(values, 1):
                            out.writerow([section, setting, peer, metric, number, value])
