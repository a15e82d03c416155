#!/bin/sh
# Starts the emulator and runs the SDK's test against it.
# Arguments: the vidi program, a PNG file, a directory to install the SDK into.
# Ends with 77, which means "skipped", when there is no Node or no registry.
set -u
vidi=$1
picture=$2
directory=$3
here=${0%/*}

skip() {
    echo "skipped: $1"
    exit 77
}

command -v node >/dev/null || skip "there is no node"
command -v npm >/dev/null || skip "there is no npm"

mkdir -p "$directory" || exit 1
cp "$here/package.json" "$here/package-lock.json" "$here/sdk_test.mjs" "$directory" || exit 1
cd "$directory" || exit 1
if ! cmp -s package-lock.json node_modules/.installed; then
    npm ci --no-audit --no-fund --prefer-offline --fetch-retries=1 --fetch-timeout=20000 \
        --loglevel=error >npm.log 2>&1 || {
        grep -qE 'code (ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|E403|E404|E5)' \
            npm.log && skip "npm reaches no registry: $(head -n 1 npm.log)"
        cat npm.log
        exit 1
    }
    cp package-lock.json node_modules/.installed
fi

mkdir -p pictures
cp "$picture" pictures/picture.png || exit 1
rm -f ca.pem listening
mkfifo listening || exit 1
"$vidi" emulate --ca-out ca.pem --images pictures >listening &
emulator=$!
trap 'kill "$emulator" 2>/dev/null' EXIT
read -r line <listening || exit 1
base_url=${line#listening on }
sum=$(sha256sum pictures/picture.png | cut -d ' ' -f 1)

NODE_EXTRA_CA_CERTS=ca.pem timeout 100 node sdk_test.mjs \
    "$base_url" "${base_url%/v1}/images/picture.png" "$sum"
