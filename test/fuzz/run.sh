#!/bin/bash
# Builds the fuzz targets and runs them, beginning with what test/fuzz/corpus holds.
# Arguments: seconds for each (30), and the names of the targets (all).
# What a run learns stays in build/fuzz/corpus for the next; findings are written to build/fuzz.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-30}
[ $# -eq 0 ] || shift
targets=("$@")
[ $# -ne 0 ] || targets=(tls_stream exchange response headers address list csv)

if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_SLOPPINESS=pch_defines,time_macros
fi
cmake --preset fuzz
cmake --build --preset fuzz --parallel "$(nproc)" --target "${targets[@]/#/fuzz_}"
fuzz() {
    local target=$1 log=build/fuzz/$1.log
    mkdir -p "build/fuzz/corpus/$target"
    "build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" -timeout=20 -len_control=0 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/$target-" "build/fuzz/corpus/$target" \
        "test/fuzz/corpus/$target" >"$log" 2>&1 || {
        tail -n 60 "$log"
        return 255
    }
    printf 'fuzz_%s: %s s\n%s\n' "$target" "$seconds" "$(
        grep -E 'cov: ' "$log" | tail -n 1
        grep -E 'number_of_executed_units|average_exec_per_sec' "$log"
    )"
}
export -f fuzz
export seconds
# As many at a time as there are processors.
printf '%s\n' "${targets[@]}" | xargs -n 1 -P "$(nproc)" bash -c 'set -euo pipefail; fuzz "$0"'
