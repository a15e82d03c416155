#!/bin/bash
# Builds and runs the test that kills a batch again and again.
# Arguments: --kills N (200), --items N (5000), --fault-percent P (5), --seed S (1).
# Exit status: 0 passed, 1 failed. What was written down stays in build/release/crash.
set -euo pipefail
cd "$(dirname "$0")/../.."

test/build.sh vidi_crash vidi_tool
exec build/release/bin/vidi_crash --vidi build/release/bin/vidi --directory build/release/crash "$@"
