#!/bin/bash
# Builds the fuzz targets and runs them, one after the other, beginning with what test/fuzz/corpus
# holds. Arguments: seconds for each (30), and the names of the targets (all).
# What a run learns stays in build/fuzz/corpus for the next; findings are written to build/fuzz.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-30}
[ $# -eq 0 ] || shift
targets=("$@")
[ $# -ne 0 ] || targets=(tls_stream exchange response headers address list)

if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
cmake --preset fuzz
cmake --build --preset fuzz --parallel "$(nproc)" --target "${targets[@]/#/fuzz_}"
for target in "${targets[@]}"; do
    echo "fuzz_$target: $seconds s"
    log=build/fuzz/$target.log
    mkdir -p "build/fuzz/corpus/$target"
    "build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" -timeout=20 -len_control=0 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/$target-" "build/fuzz/corpus/$target" \
        "test/fuzz/corpus/$target" >"$log" 2>&1 || {
        tail -n 60 "$log"
        exit 1
    }
    grep -E 'cov: ' "$log" | tail -n 1
    grep -E 'number_of_executed_units|average_exec_per_sec' "$log"
done
