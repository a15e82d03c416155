#!/bin/sh
# Starts the emulator and runs the SDK's test against it.
# Arguments: the vidi program, a PNG file, a directory to install the SDK into.
# Ends with 77, which means "skipped", when there is no Node or no registry.
set -u
vidi=$1
picture=$2
directory=$3
here=$(cd "$(dirname "$0")" && pwd) || exit 1

. "$here/../support/npm.sh"

install_packages "$here" "$directory" sdk_test.mjs

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
