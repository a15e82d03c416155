#!/bin/bash
# Shows vidi at work, without a key and without a network: describes the pictures in
# examples/images, asking a stand-in for the API that runs on this machine for as long as the demo
# does. Installs the packages that are missing and builds the tool first.
set -euo pipefail
cd "$(dirname "$0")/.."

heading() { printf '\n== %s\n' "$1"; }

run() {
    printf '$ %s\n' "$*"
    "$@"
}

test/install-packages.sh build
vidi=build/release/bin/vidi
heading "Building $vidi"
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
# Without the tests, so that their packages are not needed. test/run.sh uses the same directory.
cmake --preset release -DVIDI_BUILD_TESTS=OFF -DVIDI_BUILD_EXAMPLES=ON >/dev/null
cmake --build --preset release --target vidi_tool --parallel "$(nproc)"

demo=build/demo
rm -rf "$demo"
mkdir -p "$demo"
emulator=
trap '[ -z "$emulator" ] || kill "$emulator" 2>/dev/null || true' EXIT

heading "Starting the stand-in for the API, with HTTPS"
mkfifo "$demo/listening"
emulate=("$vidi" emulate --ca-out "$demo/ca.pem" --images examples/images --latency 300)
echo "\$ ${emulate[*]}"
"${emulate[@]}" >"$demo/listening" &
emulator=$!
exec 3<"$demo/listening"
read -r line <&3
echo "$line"

# The environment says where the API is and which key to send, as for a real provider.
unset DMXAPI_API_KEY
export OPENAI_BASE_URL=${line#listening on } OPENAI_API_KEY=sk-emulator

# Each picture with each question, one JSON object a line.
questions=(
    "描述这张图片中的内容"
    "图片里有哪些文字？"
    "主要的颜色是什么？"
    "用一句话概括这张图片"
    "What is shown here?"
    "Which numbers can be read?"
    "Is this a photograph or a drawing?"
    "What would you ask about this picture?"
)
list=$demo/list.jsonl
for picture in examples/images/*.{jpg,png,gif,webp}; do
    name=${picture##*/}
    for number in "${!questions[@]}"; do
        printf '{"id": "%s-%d", "image": "%s", "prompt": "%s"}\n' \
            "${name%.*}" $((number + 1)) "$picture" "${questions[number]}"
    done
done >"$list"

heading "Many pictures: $(wc -l <"$list") lines, 8 requests at a time"
run "$vidi" batch "$list" -o "$demo/results.jsonl" --ca-file "$demo/ca.pem" --concurrency 8

heading "One line of $demo/results.jsonl"
head -n 1 "$demo/results.jsonl"

heading "Some of the results"
# One line of results to a row of the table, for want of a JSON tool on every machine.
row='s/^\{"id":"([^"]*)".*"status":"([^"]*)","text":"prompt: (.*)\\npicture 1: format=([a-z]*) '
row+='width=([0-9]*) height=([0-9]*) .*mean_colour=(#[0-9a-f]*)".*"total_tokens":([0-9]*).*'
row+='"milliseconds":([0-9]*).*$/\1|\2|\4|\5x\6|\7|\8|\9|\3/p'
format='%-15s %-10s %-5s %-8s %-8s %7s %5s  %s\n'
# shellcheck disable=SC2059
printf "$format" id status type size colour tokens ms prompt
sed -nE "$row" "$demo/results.jsonl" | sort | awk 'NR % 5 == 1' |
    while IFS='|' read -r -a cells; do
        # shellcheck disable=SC2059
        printf "$format" "${cells[@]}"
    done

heading "One picture, by its URL"
run "$vidi" describe --ca-file "$demo/ca.pem" "${OPENAI_BASE_URL%/v1}/images/street-sign.png"

heading "Ending the stand-in"
kill "$emulator"
wait "$emulator"
emulator=
echo "It ended with exit status 0."

cat <<END

The same list with a real provider, from this directory ($PWD):
  export DMXAPI_API_KEY=sk-… && $vidi batch $list -o results.jsonl
END
