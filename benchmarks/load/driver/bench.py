"""What the sections share: the machine, the server, the peers, the results."""

import os
import pathlib
import resource
import sys

import nginx
from peers import Peers
from results import Results

ANSWER = pathlib.Path(__file__).parents[3] / "test/data/gateway-response.json"


class Bench:
    def __init__(self, options, peer_names, directory):
        self.options = options
        self.peer_names = peer_names
        self.directory = pathlib.Path(directory)
        self.results = Results()
        cores = sorted(os.sched_getaffinity(0))
        self.server_core, self.client_core = str(cores[0]), str(cores[-1])
        self.all_cores = f"{cores[0]},{cores[-1]}"
        _, self.descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (self.descriptors, self.descriptors))
        nginx.make_certificates(self.directory)
        self.peers = Peers(options.build, self.directory / "ca.pem")

    def nginx(self, **settings):
        return nginx.Nginx(self.directory, ANSWER.read_text(), descriptors=self.descriptors,
                           **settings)

    def rounds(self, section, count=None):
        """The peers take turns, so that a slow minute of the machine does not hit one of them."""
        count = count or self.options.rounds
        for number in range(1, count + 1):
            print(f"{section}: round {number} of {count}", file=sys.stderr)
            yield number
