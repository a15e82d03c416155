#!/bin/bash
# Builds and runs a program that uses the libraries as others do: installed, static and shared, and
# as a subdirectory. Everything goes to a temporary directory.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi

# configure SOURCE BUILD OPTIONS...
configure() {
    local source=$1 build=$2
    shift 2
    # Unoptimised, which takes less time. Precompiled headers would hide that a source does not include what it uses.
    cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
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

for kind in static shared; do
    shared=OFF
    [ $kind = static ] || shared=ON
    configure "$project" "$directory/$kind" -DBUILD_SHARED_LIBS=$shared \
        -DVIDI_BUILD_TESTS=OFF -DVIDI_BUILD_EXAMPLES=OFF -DVIDI_WARNINGS_AS_ERRORS=ON
    build "$directory/$kind"
    cmake --install "$directory/$kind" --prefix "$directory/$kind-prefix" >/dev/null
    # What was not installed must not be needed.
    rm -rf "${directory:?}/$kind"
    consume $kind -DCMAKE_PREFIX_PATH="$directory/$kind-prefix"
done
# The same flags as above, so that a compiler cache has the objects.
consume subdirectory -DVIDI_SOURCE="$project" -DVIDI_WARNINGS_AS_ERRORS=ON
