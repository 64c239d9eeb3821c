#!/bin/sh
# However a gateway ends, nothing of it stays: not its port, not the commands of its functions, not what those have started. A function that
# hangs, with a child of its own that ignores what can be ignored, is under way each time.
# shellcheck disable=SC1091,SC2154,SC2317 # lib.sh sets root and T; waits are named to be called
. "$(dirname "$0")/lib.sh"
for tool in curl ps; do
	if ! command -v "$tool" >/dev/null 2>&1; then
		echo "1..0 # SKIP $tool is not there"
		exit 0
	fi
done
cd "$T" || exit 1
cat >fun.sh <<'EOF'
trap '' HUP INT TERM PIPE
sleep 300 &
echo "$$ $!" >"$1.new"
mv "$1.new" "$1"
wait
sleep 300
EOF
cat >api.yaml <<EOF
openapi: 3.0.1
info: {title: x, version: "1"}
paths: {/x: {get: {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, payloadFormatVersion: "1.0",
  uri: "arn:aws:lambda:us-east-1:123456789012:function:hang"}}}}
EOF
cat >stack.yaml <<EOF
gateway: x
apis: [{apiId: x, type: HTTP, openapi: api.yaml, stages: {\$default: {}}}]
functions: {hang: {command: [sh, fun.sh, $T/pids], timeout: 600}}
EOF

# runs PID: does it run? What has ended and was not waited for yet does not.
runs() {
	kill -0 "$1" 2>/dev/null && case $(ps -o stat= -p "$1") in Z* | '') false ;; *) true ;; esac
}

# soon COMMAND...: does it become true within ten seconds?
soon() {
	i=0
	until "$@"; do
		i=$((i + 1))
		[ "$i" -lt 200 ] || return 1
		sleep 0.05
	done
}

started() { [ -f pids ]; }
listening() { grep -q '^Listening\|http://127' said; }
gone() { ! runs "$child" && ! runs "$grandchild"; }
shut() { ! curl -s -o /dev/null -m 5 "http://127.0.0.1:$port/_gatedrill/"; }

for signal in KILL ABRT TERM INT; do
	rm -f pids said
	"$GATEDRILL" gateway run stack.yaml --port 0 --allow-commands >said 2>&1 &
	gateway=$!
	soon listening || fail "$signal: it runs"
	port=$(sed -n 's/.*http:\/\/127\.0\.0\.1:\([0-9]*\).*/\1/p' said | head -n 1)
	curl -s -o /dev/null -m 60 "http://127.0.0.1:$port/x" &
	client=$!
	if soon started; then pass "$signal: the function runs"; else fail "$signal: the function runs"; fi
	read -r child grandchild <pids
	if runs "$child" && runs "$grandchild"; then pass "$signal: and has a child"; else fail "$signal: and has a child"; fi
	kill -"$signal" "$gateway"
	while runs "$gateway"; do # the second one does not wait for what is under way
		sleep 0.1
		kill -"$signal" "$gateway" 2>/dev/null
	done
	wait "$gateway" 2>/dev/null
	if soon gone; then pass "$signal: both are gone"; else fail "$signal: both are gone"; fi
	if soon shut; then pass "$signal: so is the port"; else fail "$signal: so is the port"; fi
	kill "$client" 2>/dev/null
	wait "$client" 2>/dev/null
	kill -9 "$child" "$grandchild" 2>/dev/null
done
finish
