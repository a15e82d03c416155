#!/bin/bash
# Checks README.md and README.zh-CN.md: that the programs in it work, that both have the same code,
# and that both explain every error.
# Arguments: the vidi program, the programs that were made of README.md.
set -euo pipefail
vidi=$1
shift
project=$(cd "$(dirname "$0")/../.." && pwd)
directory=$(mktemp -d)
emulator=
trap '[ -z "$emulator" ] || kill "$emulator" 2>/dev/null || true; rm -rf "$directory"' EXIT
failures=0

fail() {
    echo "$*"
    failures=$((failures + 1))
}

# The blocks of code, which are those that name a language, in their order.
code() { awk '/^```[a-z]/ { inside = 1 } inside; /^```$/ { inside = 0 }' "$project/$1"; }

code README.md >"$directory/code"
code README.zh-CN.md >"$directory/code.zh-CN"
if ! diff "$directory/code" "$directory/code.zh-CN"; then
    fail "The code in README.md and in README.zh-CN.md is not the same."
fi

names=$(sed -n '/^enum class errc$/,/^};$/s/^ *\([a-z_]*\)\( = 1\)\{0,1\},.*/\1/p' \
    "$project/include/vidi/error.hpp")
[ "$(wc -l <<<"$names")" -ge 38 ] || fail "not all errors were found in error.hpp"
names+=$'\n'$(sed -n '/^enum class condition$/,/^};$/s/^ *\([a-z_]*\)\( = 1\)\{0,1\},.*/\1/p' \
    "$project/include/vidi/error.hpp")
for readme in README.md README.zh-CN.md; do
    for name in $names; do
        grep -q "^| \`$name\` |" "$project/$readme" || fail "$readme does not explain $name"
    done
done

# Every path that is mentioned exists.
pattern='\b(examples|test|lib|include|\.ci)/[A-Za-z0-9_./-]*[A-Za-z0-9_/]'
grep -ohE "$pattern" "$project"/README{,.zh-CN}.md | sort -u >"$directory/paths"
while read -r path; do
    [ -e "$project/$path" ] || fail "The README mentions $path, which does not exist."
done <"$directory/paths"

mkfifo "$directory/listening"
"$vidi" emulate --http --images "$project/examples/images" >"$directory/listening" &
emulator=$!
exec 3<"$directory/listening"
read -r line <&3
unset DMXAPI_API_KEY
export OPENAI_BASE_URL=${line#listening on } OPENAI_API_KEY=sk-emulator
[ $# -ge 3 ] || fail "README.md has no programs"
for program; do
    if ! "$program" "${OPENAI_BASE_URL%/v1}/images/street-sign.png" >"$directory/output" \
        2>"$directory/errors" || [ -s "$directory/errors" ] ||
        ! grep -q '^prompt: ' "$directory/output"; then
        fail "$program: $(cat "$directory/output" "$directory/errors")"
    fi
done

[ "$failures" -eq 0 ] || exit 1
echo "passed: $# programs, $(wc -w <<<"$names") errors and conditions"
