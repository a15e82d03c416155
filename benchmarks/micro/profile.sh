#!/bin/bash
# Says what the instructions of one request are spent on, on the client's side of an open
# connection. Arguments are passed on to vidi_one_request; see its --help.
set -euo pipefail
cd "$(dirname "$0")/../.."

test/install-packages.sh build benchmark
build=build/profile
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
# Line numbers, to tell what was inlined from where.
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS=-g1 \
    -DVIDI_BUILD_BENCHMARKS=ON -DVIDI_BUILD_TESTS=OFF -DVIDI_BUILD_EXAMPLES=OFF >/dev/null
cmake --build "$build" --target vidi_one_request >/dev/null

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file="$work/profile" --quiet \
    --separate-callers8='operator new*' --separate-callers8=aligned_alloc \
    "$build/bin/vidi_one_request" "$@" | tee "$work/output"
requests=$(sed -n 's/^\([0-9]*\) requests.*/\1/p' "$work/output")
python3 benchmarks/micro/profile.py "$work/profile" "$requests"
