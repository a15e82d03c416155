#!/bin/bash
# Builds everything and runs all tests. On a machine that has nothing but Debian 12 and this
# directory, it installs what is missing first. Arguments are passed on to ctest.
# Exit status: that of ctest.
set -euo pipefail
cd "$(dirname "$0")/.."

test/install-packages.sh build test
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_SLOPPINESS=pch_defines,time_macros
fi
cmake --preset release -DVIDI_BUILD_TESTS=ON -DVIDI_BUILD_EXAMPLES=ON
cmake --build --preset release --parallel "$(nproc)"
exec ctest --preset release -j2 "$@"
