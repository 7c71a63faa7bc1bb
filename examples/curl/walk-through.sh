#!/usr/bin/env bash
# One call over REST alone, with curl: Alice rings Bob, whose app is closed; his phone is woken by a push and answers.
#
#   examples/curl/walk-through.sh [URL of a local stack]
#
# Needs bash, curl and node (which picks fields out of JSON). Stops at the first answer that is not as it should be.
set -euo pipefail

URL=${1:-http://127.0.0.1:8181}
RUN=$(date +%s)-$$ # a call id is good for one call
ALICE=alice-$RUN
BOB=bob-$RUN
PHONE=fcm-token-of-$BOB

step() { printf '\n== %s\n' "$1"; }

fail() {
  printf 'walk-through: %s\n' "$1" >&2
  exit 1
}

# request <expected status> <method> <path> <token> [<body>]: shows both ways, and leaves the answer in $ANSWER.
request() {
  local expected=$1 method=$2 path=$3 token=$4 body=${5:-} status
  printf '%s %s %s\n' "$method" "$path" "$body"
  ANSWER=$(curl --silent --show-error --max-time 10 --write-out '\n%{http_code}' --request "$method" "$URL$path" \
    ${token:+--header "authorization: Bearer $token"} ${body:+--header 'content-type: application/json' --data "$body"}) ||
    fail "no stack answers at $URL: start one with npm start"
  status=${ANSWER##*$'\n'}
  ANSWER=${ANSWER%$'\n'*}
  printf '%s %s\n' "$status" "$ANSWER"
  [[ $status == "$expected" ]] || fail "expected $expected of $method $path, got $status"
}

# field <path into $ANSWER, as JavaScript>
field() {
  printf '%s' "$ANSWER" | node -p "JSON.parse(require('fs').readFileSync(0))$1"
}

# expect <path into $ANSWER> <what must stand there>
expect() {
  local actual
  actual=$(field "$1")
  [[ $actual == "$2" ]] || fail "expected $1 to be $2, got $actual"
}

step 'The stack is there'
request 200 GET /health ''

step 'Login tokens: your backend asks for them with its server token, the local stack gives them to everybody'
request 200 POST /v1/api/callStreams '' "{\"userId\":\"$ALICE\",\"name\":\"Alice\"}"
ALICE_TOKEN=$(field .token)
request 200 POST /v1/api/callStreams '' "{\"userId\":\"$BOB\",\"name\":\"Bob\"}"
BOB_TOKEN=$(field .token)

step 'Bob’s phone registers its push token; then the app is closed'
request 201 POST /api/v2/devices "$BOB_TOKEN" "{\"id\":\"$PHONE\",\"push_provider\":\"firebase\",\"hardware_id\":\"pixel\"}"

step 'Alice rings Bob, with her offer'
CALL=/api/v2/video/call/default/call-$RUN
request 201 POST "$CALL" "$ALICE_TOKEN" \
  "{\"members\":[{\"user_id\":\"$BOB\"}],\"ring\":true,\"video\":true,\"offer\":{\"type\":\"offer\",\"sdp\":\"v=0\"}}"
expect .call.status ringing

step 'The push that Bob’s phone gets (the local stack shows what FCM was sent)'
for ((tries = 0; ; tries++)); do
  ANSWER=$(curl --silent --show-error --max-time 10 "$URL/_local/pushes?token=$PHONE")
  [[ $(field .pushes.length) == 0 ]] || break
  ((tries < 50)) || fail 'no push came within 10 seconds'
  sleep 0.2
done
field '.pushes[0].body.message.data'
expect '.pushes[0].body.message.data.type' call.ring
WAKE_TOKEN=$(field '.pushes[0].body.message.data.wake_token')

step 'The woken phone says that it rings: its wake token is all that it needs'
request 200 POST "$CALL/ringing" "$WAKE_TOKEN" '{}'

step 'Bob accepts, and gets a token for the rest of the call'
request 200 POST "$CALL/accept" "$WAKE_TOKEN" '{}'
expect .call.status active
CALL_TOKEN=$(field .call_token)

step 'His phone sends its answer and a candidate, Alice sends hers'
request 202 POST "$CALL/sdp/answer" "$CALL_TOKEN" '{"type":"answer","sdp":"v=0"}'
CANDIDATE='{"candidate":"candidate:1 1 UDP 2122252543 192.0.2.1 54321 typ host","sdpMid":"0","sdpMLineIndex":0,"seq":1}'
request 202 POST "$CALL/ice" "$CALL_TOKEN" "$CANDIDATE"
request 202 POST "$CALL/ice" "$ALICE_TOKEN" "$CANDIDATE"

step 'Alice hangs up'
request 200 POST "$CALL/mark_ended" "$ALICE_TOKEN" '{}'
expect .call.ended_reason completed

step 'What happened, step by step'
request 200 GET "$CALL/trace" "$BOB_TOKEN"
for event in push.accepted device.ringing call.accepted; do
  expect ".trace.some((step) => step.event === '$event')" true
done

step 'Bob’s calls, the newest first'
request 200 GET '/api/v2/video/calls?limit=1' "$BOB_TOKEN"
expect '.calls[0].call.id' "call-$RUN"

printf '\nThe call worked.\n'
