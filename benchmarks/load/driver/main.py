"""Measures, prints tables, leaves results."""

import argparse
import os
import pathlib
import platform
import signal
import sys
import tempfile

import memory
import peers
import plot
import ratelimit
import storm
import threads
import throughput
from bench import Bench

SECTIONS = {"throughput": throughput, "memory": memory, "storm": storm, "threads": threads,
            "ratelimit": ratelimit}


def several_of(choices):
    def parse(text):
        chosen = text.split(",")
        for one in chosen:
            if one not in choices:
                raise argparse.ArgumentTypeError(f"{one}: not one of {', '.join(choices)}")
        return chosen
    return parse


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="benchmarks/load/run.sh",
        description="Compares vidi with other ways to send the same requests.")
    parser.add_argument("--build", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("-o", "--output", type=pathlib.Path, metavar="DIRECTORY",
                        help="for results.txt, .csv and .svg (build/release/results)")
    parser.add_argument("--quick", action="store_true",
                        help="a smoke test: one round, few requests; the figures mean little")
    parser.add_argument("--rounds", type=int, help="medians are taken over them (5)")
    parser.add_argument("--requests", type=int, help="in each run of the section throughput")
    parser.add_argument("--only", type=several_of(peers.COMMANDS), metavar="PEER,...",
                        help="of " + ", ".join(peers.COMMANDS))
    parser.add_argument("--sections", type=several_of(SECTIONS), default=list(SECTIONS),
                        metavar="SECTION,...", help="of " + ", ".join(SECTIONS))
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 5)
    options.requests = options.requests or (2000 if options.quick else None)
    options.output = options.output or options.build / "results"
    return options


def describe_machine(options):
    return (f"{platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}; "
            f"at most {options.rounds} rounds, medians; load average at first: {load_average()}")


# The measurements themselves make about two of it. What is more disturbed them.
def load_average():
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def measure(bench, sections, report):
    for name in sections:
        SECTIONS[name].measure(bench)
        for text in SECTIONS[name].tables(bench.results):
            report.append(text)
            print(f"\n{text}", flush=True)
        print(f"\nLoad average after {name}: {load_average()}", flush=True)


def leave(results, report, directory):
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "results.txt").write_text("\n\n".join(report) + "\n")
    results.write_csv(directory / "results.csv")
    plot.draw(results, directory / "results.svg")
    print(f"\nThe same, and each round's figures: {directory}/results.*")


def main():
    options = parse_arguments()
    # What is under way is ended by the `with` blocks it was started in.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    names = [name for name in peers.available(options.build)
             if not options.only or name in options.only]
    report = [describe_machine(options)]
    print(report[0], flush=True)
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(options, names, directory)
        try:
            measure(bench, options.sections, report)
        finally:
            leave(bench.results, report, options.output)


if __name__ == "__main__":
    main()
