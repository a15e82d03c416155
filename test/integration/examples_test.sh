#!/bin/sh
# Runs one of the examples against the emulator.
# Arguments: the example's name, the vidi program, the example's program, a directory with red.png
# and halves.png. Ends with 77, "skipped", if curl is needed and not there.
set -u
example=$1
vidi=$2
program=$3
data=$4

# What is started ends after a while in any case, so that nothing is waited for in vain, and nothing
# outlives a test that is killed: by timeout --foreground, which passes a signal on once, not twice.
directory=$(mktemp -d) || exit 1
# All that was started and has not been waited for.
emulator=
server=
visitor=
# shellcheck disable=SC2086
trap 'kill $emulator $server $visitor 2>/dev/null; rm -rf "$directory"' EXIT
cd "$directory" || exit 1
failures=0

fail() {
    echo "$1"
    failures=$((failures + 1))
}

expect() {
    [ "$2" = "$3" ] || fail "$1: expected '$3', got '$2'"
}

contains() {
    case $2 in
    *"$3"*) ;;
    *) fail "$1: '$3' is not in: $2" ;;
    esac
}

lacks() {
    case $2 in
    *"$3"*) fail "$1: '$3' is in: $2" ;;
    esac
}

# Starts the emulator, waits until it listens, and points the environment at it.
start_emulator() {
    mkfifo emulator.out
    timeout --foreground 100 "$vidi" emulate --ca-out ca.pem --images "$data" "$@" >emulator.out 2>emulator.err &
    emulator=$!
    exec 3<emulator.out
    read -r line <&3 || { cat emulator.err; exit 1; }
    rm emulator.out
    base_url=${line#listening on }
    images=${base_url%/v1}/images
    unset DMXAPI_API_KEY OPENAI_ORG_ID OPENAI_PROJECT_ID
    export OPENAI_API_KEY=sk-emulator OPENAI_BASE_URL="$base_url"
}

stop_emulator() {
    kill "$emulator"
    wait "$emulator"
    emulator=
    exec 3<&-
}

# Runs the example to its end, with the variables that $with sets: its output and errors are then in
# $out and $err.
with=
run() {
    # shellcheck disable=SC2086
    env $with "$program" "$@" >out 2>err </dev/null
    status=$?
    out=$(cat out)
    err=$(cat err)
}

facts() {
    echo "format=png width=$2 height=$3 sha256=$(sha256sum "$data/$1" | cut -d ' ' -f 1)"
}
red=$(facts red.png 3 2)
halves=$(facts halves.png 64 48)
prompt='prompt: 描述这张图片中的内容'

describe_image_test() {
    start_emulator
    run "$images/red.png" ca.pem
    expect "exit status" $status 0
    contains "answer" "$out" "$prompt"
    contains "answer" "$out" "picture 1: $red"
    expect "errors" "$err" ""
    with='SSL_CERT_FILE=ca.pem' run "$images/halves.png"
    contains "answer with another trust store" "$out" "picture 1: $halves"

    run "$images/absent.png" ca.pem
    expect "exit status, no picture" $status 1
    expect "output, no picture" "$out" ""
    contains "failure, no picture" "$err" "$example: "
    contains "failure, no picture" "$err" "absent.png"
    run "$images/red.png"
    expect "exit status, unknown authority" $status 1
    contains "failure, unknown authority" "$err" "certificate"
    with='OPENAI_API_KEY=sk-wrong' run "$images/red.png" ca.pem
    expect "exit status, wrong key" $status 1
    contains "failure, wrong key" "$err" "API key"
    lacks "failure, wrong key" "$err" "sk-wrong"
    with='OPENAI_API_KEY= OPENAI_BASE_URL=' run
    expect "exit status, no key" $status 1
    contains "failure, no key" "$err" "OPENAI_API_KEY"
    stop_emulator
    run "$images/red.png" ca.pem
    expect "exit status, nobody listens" $status 1
    contains "failure, nobody listens" "$err" "refused"
}

prometheus_metrics_test() {
    start_emulator
    export SSL_CERT_FILE=ca.pem
    run "$images/red.png" "$images/halves.png" "$images/absent.png"
    expect "exit status" $status 0
    contains "answers" "$err" "picture 1: $red"
    contains "answers" "$err" "picture 1: $halves"
    contains "metrics" "$out" '# TYPE vidi_attempts_total counter'
    contains "metrics" "$out" 'vidi_attempts_total{result="answered"} 2'
    contains "metrics" "$out" 'vidi_requests_in_flight 0'
    contains "metrics" "$out" 'vidi_seconds_count{stage="total"} 3'
    contains "metrics" "$out" 'vidi_tokens_total{direction="input"} '
    lacks "metrics" "$out$err" "$OPENAI_API_KEY"
    stop_emulator
}

resumable_batch_test() {
    start_emulator
    export SSL_CERT_FILE=ca.pem
    printf '%s\n' "$images/red.png" "$images/halves.png" "$images/red.png" >list
    "$program" journal <list >out 2>err
    expect "exit status" $? 0
    expect "answers" "$(grep -c '^https:' out)" 3
    contains "a double is asked once" "$(cat err)" "3 succeeded, 0 failed, 2 requests"

    echo "$images/halves.png?2" >>list
    "$program" journal <list >out 2>err
    expect "exit status, gone on with" $? 0
    contains "only what is new is asked" "$(cat err)" "4 succeeded, 0 failed, 1 requests"
    stop_emulator
}

many_images_test() {
    start_emulator
    export SSL_CERT_FILE=ca.pem
    # Every picture of the list has a name of its own, so that none can stand in for another.
    : >list
    i=0
    while [ $i -lt 50 ]; do
        echo "$images/red.png?$i" >>list
        echo "$images/halves.png?$i" >>list
        i=$((i + 1))
    done
    "$program" 8 <list >out 2>err
    expect "exit status" $? 0
    expect "prompts" "$(grep -c "^$prompt\$" out)" 100
    expect "red pictures" "$(grep -c "^picture 1: $red" out)" 50
    expect "halves" "$(grep -c "^picture 1: $halves" out)" 50
    grep '^https:' out | sed 's/:$//' | sort >answered
    sort list | cmp - answered || fail "answers: not one for each picture"
    contains "summary" "$(cat err)" "100 described, 0 failed, "
    contains "summary" "$(cat err)" " tokens, 8 connections"

    run 4 "$images/red.png" "$images/absent.png" "$images/halves.png"
    expect "exit status, one absent" $status 1
    contains "answers, one absent" "$out" "$red"
    contains "answers, one absent" "$out" "$halves"
    contains "errors, one absent" "$err" "$images/absent.png: "
    contains "summary, one absent" "$err" "2 described, 1 failed, "
    run 4
    expect "exit status, nothing to do" $status 0
    contains "summary, nothing to do" "$err" "0 described, 0 failed, 0 tokens, 0 connections"
    run 0
    expect "exit status, wrong usage" $status 1
    contains "usage" "$err" "usage: "
}

# Starts the server with these arguments and waits until it listens. What it logs is read from
# descriptor 5.
start_server() {
    mkfifo server.out server.err
    SSL_CERT_FILE=ca.pem timeout --foreground 100 "$program" "$@" >server.out 2>server.err 3<&- &
    server=$!
    exec 4<server.out 5<server.err
    rm server.out server.err
    read -r line <&4 || { cat <&5; exit 1; }
    origin=${line#listening on }
    expect "first line" "$line" "listening on http://127.0.0.1:${origin##*:}"
}

stop_server() {
    kill -s "$1" "$server"
    wait "$server"
    expect "exit status after $1" $? 0
    expect "output after $1" "$(cat <&4)" ""
    expect "log after $1" "$(cat <&5)" ""
    exec 4<&- 5<&-
    server=
}

# Waits for a line on a descriptor.
wait_for() {
    while read -r line; do
        case $line in
        *"$1"*) return ;;
        esac
    done
    fail "'$1' was not said"
}

# Begins to ask, and returns when the question was sent.
visit() {
    mkfifo visitor.err
    curl -v -sS "$1" >visitor.out 2>visitor.err 3<&- 4<&- 5<&- &
    visitor=$!
    exec 6<visitor.err
    rm visitor.err
    wait_for "> GET /describe" <&6
}

leave() {
    kill "$visitor"
    wait "$visitor" 2>/dev/null
    exec 6<&-
    visitor=
}

ask() { curl -sS "$@"; }
status() { curl -sS -o /dev/null -w '%{http_code}' "$@"; }

wait_until_complete() {
    until ask "$origin/jobs/$1" | grep -q '"state":"complete"'; do
        kill -0 "$server" || { fail "the server is gone"; return; }
    done
}

job_server_test() {
    command -v curl >/dev/null || { echo "skipped: there is no curl"; exit 77; }
    start_emulator --latency 50
    start_server jobs
    created=$(printf '%s\n' "$images/red.png" "$images/halves.png" "$images/absent.png" |
        ask --data-binary @- "$origin/jobs")
    expect "a job" "$created" '{"job":1}'
    wait_until_complete 1
    contains "progress" "$(ask "$origin/jobs/1")" '"succeeded":2,"failed":1'
    results=$(ask "$origin/jobs/1/results")
    contains "results" "$results" "picture 1: $red"
    contains "results" "$results" "picture 1: $halves"
    expect "results" "$(printf '%s\n' "$results" | wc -l)" 3
    for path in jobs/2 jobs/0 jobs/x jobs/1x jobs/ jobs other; do
        expect "GET /$path" "$(status "$origin/$path")" 404
    done

    i=0
    while [ $i -lt 1000 ]; do
        echo "$images/red.png?$i"
        i=$((i + 1))
    done >list
    expect "another job" "$(ask --data-binary @list "$origin/jobs")" '{"job":2}'
    until ask "$origin/jobs/2/results" | grep -q red; do :; done
    # The server, and not timeout, which started it.
    kill -9 "$(cat "/proc/$server/task/$server/children")"
    wait "$server"
    expect "exit status, killed" $? 137
    exec 4<&- 5<&-
    start_server jobs
    wait_until_complete 2
    wait_until_complete 1
    expect "results, gone on with" "$(ask "$origin/jobs/2/results" | sort -u | wc -l)" 1000
    expect "results, each once" "$(ask "$origin/jobs/2/results" | wc -l)" 1000
    # What was ended stays so.
    expect "a third job" "$(ask --data-binary @list "$origin/jobs")" '{"job":3}'
    ask -X DELETE "$origin/jobs/3" >/dev/null
    stop_server TERM
    start_server jobs
    contains "an ended job" "$(ask "$origin/jobs/3")" '"state":"ended early"'
    stop_server TERM
    stop_emulator
}

embed_in_server_test() {
    command -v curl >/dev/null || { echo "skipped: there is no curl"; exit 77; }
    start_emulator --latency 500
    start_server
    answer=$(ask "$origin/describe?image=$images/red.png")
    contains "answer" "$answer" "$prompt"
    contains "answer" "$answer" "picture 1: $red"
    contains "answer" "$(ask -G --data-urlencode "image=$images/halves.png" "$origin/describe")" \
        "picture 1: $halves"
    contains "head" "$(ask -D - -o /dev/null "$origin/describe?image=$images/red.png")" \
        "text/plain; charset=utf-8"
    connects=$(curl -sS -w '%{num_connects}' -o /dev/null -o /dev/null "$origin/a" "$origin/b")
    expect "connections for two requests" "$connects" 10

    expect "absent picture" "$(status "$origin/describe?image=$images/absent.png")" 502
    contains "absent picture" "$(ask "$origin/describe?image=$images/absent.png")" "absent.png"
    expect "no picture" "$(status "$origin/describe")" 400
    expect "another path" "$(status "$origin/")" 404
    expect "empty URL" "$(status "$origin/describe?image=")" 400
    contains "HEAD" "$(ask -I "$origin/describe?image=$images/red.png")" "Allow: GET"
    expect "POST" "$(status -d x "$origin/describe?image=$images/red.png")" 405

    # One after the other, these would take 30 seconds.
    set --
    i=0
    while [ $i -lt 60 ]; do
        set -- "$@" -o "answer$i" "$origin/describe?image=$images/red.png?$i"
        i=$((i + 1))
    done
    begin=$(date +%s)
    curl -sS --parallel --parallel-immediate --parallel-max 60 "$@" 2>curl.err ||
        fail "curl: $(cat curl.err)"
    seconds=$(($(date +%s) - begin))
    [ $seconds -lt 25 ] || fail "60 concurrent requests took $seconds seconds"
    expect "concurrent answers" "$(cat answer* | grep -c "^picture 1: $red")" 60
    stop_server INT
    stop_emulator

    # From here on no answer comes in time.
    start_emulator --latency 3600000
    start_server
    visit "$origin/describe?image=$images/red.png"
    leave
    # Said when the request has ended, so that it was cancelled.
    wait_for "cancelled: $images/red.png" <&5

    visit "$origin/describe?image=$images/red.png"
    stop_server TERM
    wait "$visitor" && fail "a client of an ended server succeeded"
    visitor=
}

case $example in
describe_image | describe_image_callback) describe_image_test ;;
*) "${example}_test" ;;
esac
[ "$failures" -eq 0 ] || exit 1
echo passed
