#!/usr/bin/python3
"""What a journal costs, and whether memory depends on the length of a list.

Runs `vidi batch` against `vidi emulate` on this machine: with a journal and without one, in turn,
and then with a short list and a long one. Prints ratios. Usage: run.sh [--help]
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080000000"
    "03a7e9b550000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--vidi", required=True, help="the program")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=20_000, help="of a list that is asked about")
    parser.add_argument("--concurrency", type=int, default=256)
    parser.add_argument("--short", type=int, default=100_000, help="lines of the short list")
    parser.add_argument("--long", type=int, default=10_000_000, help="lines of the long list")
    parser.add_argument(
        "--sections", default="journal,memory", help="journal, memory, or both (the default)"
    )
    parser.add_argument("--directory", help="for the lists and results (the system's)")
    return parser.parse_args()


class Emulator:
    def __init__(self, vidi, directory):
        self.authority = os.path.join(directory, "ca.pem")
        pictures = os.path.join(directory, "pictures")
        os.makedirs(pictures)
        with open(os.path.join(pictures, "a.png"), "wb") as file:
            file.write(PICTURE)
        self.process = subprocess.Popen(
            [vidi, "emulate", "--ca-out", self.authority, "--images", pictures],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.base_url = self.process.stdout.readline().split()[-1]
        self.picture = self.base_url.removesuffix("/v1") + "/images/a.png"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class Run:
    """One run of the program: its processor time in seconds, its peak memory in KiB."""

    def __init__(self, options, emulator, words, output):
        environment = dict(os.environ, OPENAI_API_KEY="sk-emulator")
        with open(output, "wb") as file, tempfile.TemporaryFile("w+") as errors:
            process = subprocess.Popen(
                [options.vidi, "batch", "--base-url", emulator.base_url]
                + ["--ca-file", emulator.authority, "--fixed-concurrency"]
                + ["--concurrency", str(options.concurrency)]
                + words,
                env=environment,
                stdout=file,
                stderr=errors,
            )
            _, status, usage = os.wait4(process.pid, 0)
            if status != 0:
                errors.seek(0)
                sys.exit(f"vidi batch failed:\n{errors.read()}")
        self.seconds = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss


def measure_journal(options, emulator, directory):
    path = os.path.join(directory, "list")
    with open(path, "w") as file:
        for number in range(options.images):
            file.write(f'{{"image": "{emulator.picture}", "prompt": "question {number}"}}\n')
    plain, kept = os.path.join(directory, "plain"), os.path.join(directory, "kept")
    ratios = []
    for _ in range(options.rounds):
        without = Run(options, emulator, [path], plain)
        with_journal = Run(options, emulator, [path, "-o", kept, "--force"], os.devnull)
        ratios.append(with_journal.seconds / without.seconds)
    print(
        f"journal: {statistics.median(ratios):.2f} times the processor time for an image without one"
        f" (median of {options.rounds} rounds, {min(ratios):.2f} to {max(ratios):.2f};"
        f" {options.images:,} images, {options.concurrency} in flight)",
        flush=True,
    )


def measure_memory(options, emulator, directory):
    """Of a list whose lines are all alike: one is asked, and all pass through journal and output."""
    peaks = []
    for lines in (options.short, options.long):
        path, kept = os.path.join(directory, "list"), os.path.join(directory, "kept")
        with open(path, "w") as file:
            block = (emulator.picture + "\n") * 10_000
            for _ in range(lines // 10_000):
                file.write(block)
        run = Run(options, emulator, [path, "-o", kept, "--force"], os.devnull)
        peaks.append(run.peak)
        print(f"memory: {lines:,} lines, {run.seconds / lines * 1e6:.0f} us each", flush=True)
        for ending in ("", ".journal"):
            os.remove(kept + ending)
    print(f"memory: the peak is {peaks[1] / peaks[0]:.2f} times that of the short list")


def main():
    options = parse_arguments()
    with tempfile.TemporaryDirectory(dir=options.directory) as directory:
        with Emulator(options.vidi, directory) as emulator:
            if "journal" in options.sections:
                measure_journal(options, emulator, directory)
            if "memory" in options.sections:
                measure_memory(options, emulator, directory)


main()
