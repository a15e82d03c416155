#!/bin/bash
# Builds the tests and what they run, optimised, in build/release. On a machine that has nothing but
# Debian 12 and this directory, it installs what is missing first.
# Arguments: targets (all).
set -euo pipefail
cd "$(dirname "$0")/.."

test/install-packages.sh build test
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_SLOPPINESS=pch_defines,time_macros
fi
cmake --preset release -DVIDI_BUILD_TESTS=ON -DVIDI_BUILD_EXAMPLES=ON
cmake --build --preset release --parallel "$(nproc)" --target "${@:-all}"
