"""`vidi emulate`, a server that keeps a rate limit."""

import base64
import json
import pathlib
import subprocess
import urllib.parse

DATA = pathlib.Path(__file__).parents[3] / "test/data"
# As the peers send it.
KEY = "sk-benchmark"


def write_question(path, original):
    """The same question, of a picture that the emulator can obtain."""
    question = json.loads(original.read_text())
    picture = base64.b64encode((DATA / "red.png").read_bytes()).decode()
    question["input"][0]["content"][1]["image_url"] = f"data:image/png;base64,{picture}"
    path.write_text(json.dumps(question, ensure_ascii=False))
    return path


class Emulator:
    """Runs while its `with` block does. After that, `counts` tells what became of the requests.
    `window` and `latency`: seconds."""

    def __init__(self, build, directory, cores, niceness, limit, window, latency):
        directory.mkdir(parents=True)
        self.ca_file, self.ledger = directory / "ca.pem", directory / "ledger.jsonl"
        key_file = directory / "key"
        key_file.write_text(KEY)
        # It ends with this process, however that ends.
        self.command = [
            "setpriv", "--pdeathsig", "TERM", "taskset", "-c", cores, "nice", "-n", str(niceness),
            str(build / "bin/vidi"), "emulate", "--ca-out", str(self.ca_file),
            "--api-key-file", str(key_file), "--ledger", str(self.ledger),
            "--requests-per-minute", str(limit), "--rate-window", str(round(1000 * window)),
            "--latency", str(round(1000 * latency))]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        # Its first line, when it listens.
        words = self.process.stdout.readline().split()
        if not words:
            self.__exit__()
            raise RuntimeError("the emulator did not start")
        self.port = urllib.parse.urlsplit(words[-1]).port
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate()

    def counts(self):
        """How many requests it has accepted, and how many refused."""
        if self.process.returncode != 0:
            raise RuntimeError("the emulator failed")
        accepted = refused = 0
        with self.ledger.open() as lines:
            for line in lines:
                record = json.loads(line)
                # Not by its status: what the client gave up waiting for was accepted as well.
                accepted += record["executed"]
                refused += record["status"] == 429
                if not record["executed"] and record["status"] not in (429, 0):
                    raise RuntimeError(f"not the answer that was expected: {line}")
        return accepted, refused
