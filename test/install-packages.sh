#!/bin/bash
# Installs the Debian packages that a script of this project needs and that are missing.
# Arguments: one or more of the groups below. Says what it does; silent if nothing is missing.
set -euo pipefail

declare -A groups=(
    # The libraries and the tool
    [build]="g++ cmake ninja-build pkg-config libboost1.81-dev libboost-json1.81-dev
        libboost-url1.81-dev libssl-dev libjpeg-dev libpng-dev libgif-dev libwebp-dev zlib1g-dev
        libcli11-dev libcsv-dev libsqlite3-dev"
    # The tests; bsdutils has script(1), which gives a program a terminal; tinyproxy-bin starts no
    # service
    [test]="libgtest-dev libgmock-dev bsdutils curl libnginx-mod-stream nginx-light openssl
        tinyproxy-bin prometheus-cpp-dev"
    # Thumbnails of any picture in the page of `vidi report`, and the test that opens it
    [report]="chromium fonts-wqy-microhei libvips-dev"
    # The benchmarks
    [benchmark]="libbenchmark-dev libcurl4-openssl-dev nginx-light libnginx-mod-http-echo openssl
        python3 python3-matplotlib util-linux valgrind"
    # The checks of .ci/run
    [check]="ccache clang clang-format clang-tidy gcovr libclang-rt-14-dev llvm"
)

missing=()
for group; do
    [ -n "${groups[$group]:-}" ] || { echo "$0: there is no group '$group'" >&2; exit 2; }
    for package in ${groups[$group]}; do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || missing+=("$package")
    done
done
[ ${#missing[@]} -ne 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "These packages are missing: ${missing[*]}" >&2
        echo "Install them as root: apt-get install ${missing[*]}" >&2
        exit 1
    }
    as_root=(sudo)
fi
echo "Installing packages that are missing: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" >/dev/null
