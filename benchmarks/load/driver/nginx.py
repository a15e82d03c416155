"""The server that all peers ask: one nginx, in a directory of its own."""

import json
import os
import pathlib
import socket
import subprocess
import time
import urllib.request

HOST = "127.0.0.1"
# Here the answers come late. More than one, so that the client's ports suffice.
LATE_HOSTS = [f"127.0.0.{i}" for i in range(2, 10)]


def free_port():
    with socket.socket() as one:
        one.bind((HOST, 0))
        return one.getsockname()[1]


PORT, STATUS_PORT = free_port(), free_port()

CONFIGURATION = """
{user}
load_module /usr/lib/nginx/modules/ngx_http_echo_module.so;
daemon off;
worker_processes {workers};
worker_rlimit_nofile {descriptors};
pid nginx.pid;
error_log stderr error;
events {{ worker_connections {descriptors}; multi_accept on; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    keepalive_timeout 1h;
    keepalive_requests 1000000000;
    ssl_protocols TLSv1.3;
    ssl_certificate server.pem;
    ssl_certificate_key server.key;
    ssl_session_tickets on;
    default_type application/json;
    server {{
        listen {host} ssl backlog=16384;
        location /v1/responses {{ {answer} }}
    }}
    server {{
        {late_hosts}
        location /v1/responses {{ echo_sleep {delay}; echo_exec @answer; }}
        location @answer {{ {answer} }}
    }}
    server {{
        listen {status};
        location / {{ stub_status; }}
    }}
}}
"""


def make_certificates(directory):
    key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2".split()
    names = ",".join(f"IP:{host}" for host in [HOST, *LATE_HOSTS])
    authority = ["-subj", "/CN=Benchmark authority", "-keyout", "ca.key", "-out", "ca.pem"]
    server = ["-subj", "/CN=benchmark", "-addext", f"subjectAltName={names}", "-CA", "ca.pem",
              "-CAkey", "ca.key", "-keyout", "server.key", "-out", "server.pem"]
    for arguments in (authority, server):
        subprocess.run(["openssl", "req", "-x509", *key, *arguments], cwd=directory, check=True,
                       stderr=subprocess.DEVNULL)


class Nginx:
    """Runs while its `with` block does. `delay`: seconds that a late answer takes."""

    def __init__(self, directory, answer, cores, workers, descriptors, delay=0):
        self.directory = pathlib.Path(directory)
        self.cores = cores
        text = json.dumps(json.loads(answer), ensure_ascii=False)
        quoted = text.replace("\\", "\\\\").replace("'", "\\'")
        self.configuration = CONFIGURATION.format(
            # As root, nginx would serve as somebody who may not read the files.
            user="user root root;" if os.geteuid() == 0 else "",
            workers=workers, descriptors=descriptors, delay=delay,
            answer=f"return 200 '{quoted}';", host=f"{HOST}:{PORT}",
            late_hosts="\n".join(
                # Else one process may get nearly all connections, and run out of descriptors.
                f"listen {host}:{PORT} ssl backlog=16384 reuseport;" for host in LATE_HOSTS),
            status=f"{HOST}:{STATUS_PORT}")

    def __enter__(self):
        (self.directory / "nginx.conf").write_text(self.configuration)
        # It ends with this process, however that ends.
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "taskset", "-c", self.cores, "nginx", "-p",
             f"{self.directory}/", "-c", "nginx.conf", "-e", "stderr"])
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def _wait_until_ready(self):
        for _ in range(200):
            if self.process.poll() is not None:
                raise RuntimeError("nginx did not start")
            try:
                return self.requests_in_work()
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("nginx does not answer")

    def requests_in_work(self):
        """How many requests it has received and not answered yet."""
        with urllib.request.urlopen(f"http://{HOST}:{STATUS_PORT}/", timeout=10) as answer:
            words = answer.read().decode().split()
        return int(words[words.index("Writing:") + 1]) - 1
