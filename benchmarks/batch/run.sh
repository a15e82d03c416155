#!/bin/bash
# What the journal of a batch costs, and whether memory depends on the length of a list: as ratios
# of runs of `vidi batch` against `vidi emulate` on this machine. Installs what is missing and
# builds the program first. --help tells the options.
#
# The list of ten million lines takes some minutes and a few gigabytes of disk.
set -euo pipefail
root=$(realpath "$(dirname "$0")/../..")
build=$root/build/release

"$root"/test/install-packages.sh build
command -v python3 >/dev/null || "$root"/test/install-packages.sh benchmark
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_SLOPPINESS=pch_defines,time_macros
fi
(
    cd "$root"
    cmake --preset release >/dev/null
    cmake --build --preset release --parallel "$(nproc)" --target vidi_tool
)
exec python3 -B "$root/benchmarks/batch/main.py" --vidi "$build/bin/vidi" "$@"
