#!/bin/bash
# Builds the soak test and runs it: requests in flight all the time against an emulator that lets
# some of them meet with a fault of the catalogue, and then the accounts of both sides compared.
# Arguments: --minutes N (2), --concurrency N (512), --fault-percent P (5), --seed S (1),
# --latency MS (100), --memory-growth MIB (16).
# Exit status: 0 passed, 1 failed, 2 it could not run. What was written down stays in
# build/release/soak.
set -euo pipefail
cd "$(dirname "$0")/../.."

test/build.sh vidi_soak vidi_tool
exec build/release/bin/vidi_soak --vidi build/release/bin/vidi --directory build/release/soak "$@"
