"""The programs that send requests."""

import json
import os
import pathlib
import subprocess

import nginx

# As the tables name them, and how they are started.
COMMANDS = {
    "floor": ["bin/floor"],
    "beast": ["bin/beast_loop"],
    "curl": ["bin/curl_multi"],
    "node": ["node", "node/node_sdk.mjs"],
    "vidi": ["bin/vidi_load"],
    "vidi coroutine": ["bin/vidi_load", "--api", "coroutine"],
}
QUESTION = pathlib.Path(__file__).parents[1] / "question.json"
PATIENCE = 600


def available(build):
    sdk = (build / "node/node_modules/openai").is_dir()
    return [name for name in COMMANDS if name != "node" or sdk]


class Peers:
    def __init__(self, build, ca_file, port=nginx.PORT, question=QUESTION, niceness=0):
        self.build = build
        self.ca_file = ca_file
        self.port = port
        self.question = question
        self.niceness = niceness

    def start(self, name, cores, *arguments):
        command = [str(self.build / word) if "/" in word else word for word in COMMANDS[name]]
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "taskset", "-c", cores,
             "nice", "-n", str(self.niceness), *command,
             "--port", str(self.port), "--question", str(self.question),
             "--ca", str(self.ca_file), *map(str, arguments)],
            env={**os.environ, "NODE_EXTRA_CA_CERTS": str(self.ca_file)},
            stdout=subprocess.PIPE, text=True)

    def run(self, name, cores, *arguments):
        """What it prints: a dictionary for each line."""
        with self.start(name, cores, *arguments) as process:
            return self.finish(name, process)

    @staticmethod
    def finish(name, process):
        try:
            output, _ = process.communicate(timeout=PATIENCE)
        except BaseException:
            process.kill()
            raise
        if process.returncode != 0:
            raise RuntimeError(f"{name} failed")
        return [json.loads(line) for line in output.splitlines()]
