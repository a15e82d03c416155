#!/bin/sh
# Talks to "vidi emulate" with curl, and starts and ends it in every way.
# Arguments: the vidi program, a PNG file. Ends with 77, "skipped", without curl.
set -u
vidi=$1
picture=$2
command -v curl >/dev/null || { echo "skipped: there is no curl"; exit 77; }

directory=$(mktemp -d) || exit 1
emulator=
trap 'test -n "$emulator" && kill "$emulator" 2>/dev/null; rm -rf "$directory"' EXIT
cd "$directory" || exit 1
mkdir pictures
cp "$picture" pictures/picture.png || exit 1
sum=$(sha256sum pictures/picture.png | cut -d ' ' -f 1)
failures=0

expect() {
    if [ "$2" != "$3" ]; then
        echo "$1: expected '$3', got '$2'"
        failures=$((failures + 1))
    fi
}

contains() {
    case $2 in
    *"$3"*) ;;
    *)
        echo "$1: '$3' is not in: $2"
        failures=$((failures + 1))
        ;;
    esac
}

# Starts the emulator and waits until it listens.
start() {
    rm -f output ca.pem
    mkfifo output
    "$vidi" emulate "$@" >output 2>errors &
    emulator=$!
    exec 3<output
    read -r line <&3 || { cat errors; exit 1; }
    base_url=${line#listening on }
    origin=${base_url%/v1}
}

# Ends it and checks that it ends well and has said nothing more.
stop() {
    kill -s "$1" "$emulator"
    wait "$emulator"
    expect "exit status after $1" $? 0
    expect "output after $1" "$(cat <&3)$(cat errors)" ""
    exec 3<&-
    emulator=
}

key='Bearer sk-emulator'
type='application/json'

ask() {
    curl -sS --cacert ca.pem -H "Authorization: $key" -H "Content-Type: $type" "$@" \
        "$base_url/responses"
}

status() { ask -o /dev/null -w '%{http_code}' "$@"; }

question="{\"model\": \"gpt-5-mini\", \"input\": [{\"role\": \"user\", \"content\": [
    {\"type\": \"input_text\", \"text\": \"描述这张图片中的内容\"},
    {\"type\": \"input_image\", \"image_url\": \"URL\"}]}]}"

start --ca-out ca.pem --images pictures
contains "first line" "$line" "listening on https://127.0.0.1:"
expect "first line" "$line" "listening on https://127.0.0.1:${origin##*:}/v1"

# Answers
printf '%s' "$question" | sed "s|URL|$origin/images/picture.png|" >request.json
answer=$(ask --data-binary @request.json)
contains "answer" "$answer" "prompt: 描述这张图片中的内容\\npicture 1: format=png width=64 height=48 sha256=$sum mean_colour=#805068\""
printf '%s' "$question" | sed "s|URL|data:image/png;base64,$(base64 -w 0 pictures/picture.png)|" >inline.json
contains "answer to a data URL" "$(ask --data-binary @inline.json)" "$sum"
expect "picture" "$(curl -sS --cacert ca.pem "$origin/images/picture.png" | sha256sum | cut -d ' ' -f 1)" "$sum"
contains "head" "$(curl -sS --cacert ca.pem -I "$origin/images/picture.png")" "Content-Type: image/png"
head=$(ask -D - -o /dev/null --data-binary @request.json)
for field in x-request-id openai-processing-ms x-ratelimit-remaining-tokens; do
    contains "header" "$head" "$field: "
done
expect "TLS 1.2" "$(status --tls-max 1.2 --data-binary @request.json)" 200
expect "chunked" "$(status -H 'Transfer-Encoding: chunked' --data-binary @request.json)" 200
expect "HTTP/1.0" "$(status -0 --data-binary @request.json)" 200
connections=$(curl -sS --cacert ca.pem -w '%{num_connects}' -o /dev/null -o /dev/null \
    "$origin/images/picture.png" "$origin/images/picture.png")
expect "connections for two requests" "$connections" 10

# More than a megabyte makes curl ask before it sends the body.
{ printf '{"model": "gpt-5", "input": "'; head -c 2000000 /dev/zero | tr '\0' x; printf '"}'; } >large.json
contains "continue" "$(ask -v -o /dev/null --data-binary @large.json 2>&1)" "100 Continue"

# Errors
expect "no key" "$(key='' status --data-binary @request.json)" 401
contains "wrong key" "$(key='Bearer x' ask --data-binary @request.json)" '"invalid_api_key"'
expect "GET" "$(status)" 405
contains "GET" "$(ask -D - -o /dev/null)" "Allow: POST"
expect "text" "$(type=text/plain status --data-binary @request.json)" 415
expect "not JSON" "$(status -d '{')" 400
contains "unknown member" "$(ask -d '{"model": "gpt-5", "input": "x", "colour": 1}')" '"unknown_parameter"'
expect "unknown model" "$(status -d '{"model": "x", "input": "x"}')" 404
expect "unknown path" "$(curl -sS --cacert ca.pem -o /dev/null -w '%{http_code}' "$origin/v2")" 404
head -c 70000000 /dev/zero >too_large.json
expect "too large" "$(status --data-binary @too_large.json)" 413
curl -sS "$origin/" >/dev/null 2>&1
expect "curl without the authority" $? 60

# A port that is in use
"$vidi" emulate --port "${origin##*:}" >taken 2>&1
expect "exit status, port in use" $? 2
contains "port in use" "$(cat taken)" "vidi emulate: "
contains "port in use" "$(cat taken)" "in use"
stop TERM

# Options
echo sk-mine >key
start --http --latency 50 --api-key-file key
contains "plain HTTP" "$base_url" "http://127.0.0.1:"
expect "wrong key" "$(status -d '{"model": "gpt-5", "input": "x"}')" 401
head=$(key='Bearer sk-mine' ask -D - -o /dev/null -d '{"model": "gpt-5", "input": "x"}')
contains "latency" "$head" "openai-processing-ms: 51"
stop INT

start --http --requests-per-minute 1 --rate-window 3600000 --ledger ledger
expect "first request" "$(status -H 'X-Client-Request-Id: one' -d '{"model": "gpt-5", "input": "x"}')" 200
head=$(ask -D - -o /dev/null -d '{"model": "gpt-5", "input": "x"}')
contains "second request" "$head" "HTTP/1.1 429"
contains "second request" "$head" "retry-after-ms: "
contains "second request" "$head" "x-ratelimit-limit-requests: 1"
stop TERM
expect "ledger" "$(wc -l <ledger)" 2
contains "ledger" "$(head -n 1 ledger)" '"client_request_id":"one","status":200,"executed":true,"complete":true'
contains "ledger" "$(tail -n 1 ledger)" '"status":429,"executed":false,"complete":true'

start --http --tokens-per-minute 1
contains "tokens" "$(ask -d '{"model": "gpt-5", "input": "many words"}')" '"type":"tokens"'
stop TERM

start --http --fault-rate 100 --fault status_503 --fault redirect_307 --seed 3
for i in 1 2 3 4 5 6 7 8 9 10; do
    status -d '{"model": "gpt-5", "input": "x"}'
    echo
done | sort -u >statuses
expect "faults" "$(tr '\n' ' ' <statuses)" "307 503 "
stop TERM

# It ends while it has something to do.
start --http --latency 3600000
mkfifo trace
ask -v -H 'Expect: 100-continue' -d '{"model": "gpt-5", "input": "x"}' >/dev/null 2>trace 3<&- &
client=$!
exec 4<trace
while read -r line <&4; do
    case $line in
    *"100 Continue"*) break ;;
    esac
done
stop TERM
exec 4<&-
wait $client
[ $? -ne 0 ] || expect "client of an ended emulator" succeeded failed

# Wrong usage
for arguments in "emulate --port x" "emulate --port 70000" "emulate --colour" "emulate extra" \
    "emulate --images nowhere" "emulate --api-key-file nowhere" "emulate --latency -1" \
    "emulate --ca-out nowhere/ca.pem" "emulate --ledger nowhere/ledger" "emulate --fault-rate 101" \
    "emulate --fault-rate 1 --fault none" "emulate --fault status_500" "" "unknown"; do
    # shellcheck disable=SC2086
    timeout 20 "$vidi" $arguments >usage 2>&1
    expect "exit status of vidi $arguments" $? 2
    [ -s usage ] || expect "message of vidi $arguments" none "a message"
done
expect "lines of the help" "$("$vidi" emulate --help | awk 'END { print (NR <= 40) }')" 1
contains "help" "$("$vidi" emulate --help)" "sk-emulator"

[ "$failures" -eq 0 ] || exit 1
echo passed
