#!/bin/bash
# Compares vidi with other ways to send the same requests, against one nginx on this machine: how
# much processor time a request takes, how long, how much memory; and against `vidi emulate`: how
# much of a rate limit they make use of. On a machine that has nothing but Debian 12 and this
# directory, it installs what is missing and builds the programs first.
#
# Usage: benchmarks/load/run.sh [-o DIRECTORY] [--quick] [--rounds N] [--requests N]
#            [--only PEER,...] [--sections throughput,memory,storm,threads,ratelimit]
#
# Prints tables. Leaves the same in DIRECTORY (build/release/results) as results.txt, each
# round's figures as results.csv, and a picture as results.svg. --help tells the rest.
#
# The processor has to be quiet: what else runs shows in the figures, except in those of ratelimit.
set -euo pipefail
root=$(realpath "$(dirname "$0")/../..")
build=$root/build/release
# Debian's Python has Debian's matplotlib, which another one need not have.
python=/usr/bin/python3
driver=$root/benchmarks/load/driver/main.py

case " $* " in *" --help "* | *" -h "*) exec "$python" -B "$driver" --help ;; esac

"$root"/test/install-packages.sh build benchmark
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_SLOPPINESS=pch_defines,time_macros
fi
(
    cd "$root"
    cmake --preset release -DVIDI_BUILD_BENCHMARKS=ON -DVIDI_BUILD_EXAMPLES=ON >/dev/null
    cmake --build --preset release --parallel "$(nproc)" --target vidi_load_peers vidi_tool
)

# The official SDK, if there is a Node to run it.
if command -v node >/dev/null && command -v npm >/dev/null; then
    mkdir -p "$build/node"
    cp "$root"/benchmarks/load/peers/node_sdk.mjs "$build/node"
    [ -d "$build/node/node_modules/openai" ] ||
        npm install --prefix "$build/node" --no-audit --no-fund --loglevel=error openai@6 ||
        echo "The official SDK could not be installed: without it"
else
    echo "There is no Node: without the official SDK"
fi

# Two at the same time would measure each other.
exec {lock}>"${TMPDIR:-/tmp}/vidi-load-benchmark.lock"
flock --nonblock "$lock" || { echo "Waiting for another run to end" && flock "$lock"; }

export PATH=$PATH:/usr/sbin
exec "$python" -B "$driver" --build "$build" "$@"
