#!/bin/bash
# Builds and runs a program that uses the libraries as others do: installed, static and shared, and
# as a subdirectory. Everything but what the tests are run with goes to a temporary directory.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_SLOPPINESS=pch_defines,time_macros
fi

# configure SOURCE BUILD OPTIONS...
configure() {
    local source=$1 build=$2
    shift 2
    # Unoptimised, as what is tested is that it builds. Without what would keep a compiler cache from
    # having the same object for two builds: precompiled headers, and debug information, in which the
    # directory is.
    cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
        -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON "$@" >"$directory/log" || {
        cat "$directory/log"
        return 1
    }
}

build() {
    cmake --build "$1" --parallel "$(nproc)" >"$directory/log" || {
        cat "$directory/log"
        return 1
    }
}

# consume NAME OPTIONS...
consume() {
    local name=$1
    shift
    configure "$here" "$directory/consumer-$name" "$@"
    build "$directory/consumer-$name"
    "$directory/consumer-$name/consumer"
    echo "$name: passed"
}

# What the tests are run with.
(
    cd "$project"
    cmake --preset release >"$directory/log"
    build build/release
)
cmake --install "$project/build/release" --prefix "$directory/static-prefix" >/dev/null
consume static -DCMAKE_PREFIX_PATH="$directory/static-prefix"

configure "$project" "$directory/shared" -DBUILD_SHARED_LIBS=ON \
    -DVIDI_BUILD_TESTS=OFF -DVIDI_BUILD_EXAMPLES=OFF -DVIDI_WARNINGS_AS_ERRORS=ON
build "$directory/shared"
cmake --install "$directory/shared" --prefix "$directory/shared-prefix" >/dev/null
# What was not installed must not be needed.
rm -rf "$directory/shared"
consume shared -DCMAKE_PREFIX_PATH="$directory/shared-prefix"

# The same flags as above, so that a compiler cache has the objects.
consume subdirectory -DVIDI_SOURCE="$project" -DVIDI_WARNINGS_AS_ERRORS=ON
