#!/bin/bash
# Builds everything and runs all tests. On a machine that has nothing but Debian 12 and this
# directory, it installs what is missing first. Arguments are passed on to ctest.
# Exit status: that of ctest.
set -euo pipefail
cd "$(dirname "$0")/.."

test/build.sh
exec ctest --preset release -j2 "$@"
