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

. "$here/../support/npm.sh"

command -v chromium >/dev/null || skip "there is no chromium: test/install-packages.sh report"
install_packages "$here" "$directory" page_test.mjs

# Names of pictures are looked up from where the program runs.
(cd "$pictures" && "$make_report" "$directory/report.html" 100000 &&
    "$make_report" "$directory/small.html" 300 --remote-pictures) || exit 1
timeout 280 node page_test.mjs "$directory"
