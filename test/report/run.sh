#!/bin/sh
# Makes a report of 100,000 results and looks at it in Chromium.
# Arguments: the program make_report, a directory with pictures, a directory to work in, where the
# screenshots are left too.
# Ends with 77, which means "skipped", when there is no browser, no Node or no registry.
set -u
make_report=$1
pictures=$2
directory=$3
here=$(cd "$(dirname "$0")" && pwd) || exit 1

skip() {
    echo "skipped: $1"
    exit 77
}

command -v chromium >/dev/null || skip "there is no chromium: test/install-packages.sh report"
command -v node >/dev/null || skip "there is no node"
command -v npm >/dev/null || skip "there is no npm"

mkdir -p "$directory" || exit 1
cp "$here/package.json" "$here/package-lock.json" "$here/page_test.mjs" "$directory" || exit 1
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

# Names of pictures are looked up from where the program runs.
(cd "$pictures" && "$make_report" "$directory/report.html" 100000 &&
    "$make_report" "$directory/small.html" 300 --remote-pictures) || exit 1
timeout 280 node page_test.mjs "$directory"
