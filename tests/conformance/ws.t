#!/bin/sh
# The WebSocket protocol, by the cases of the Autobahn suite: the codec alone (plumbing ws-echo, every case), and a WebSocket API that
# echoes (the cases that hold within the service's limits).
# shellcheck disable=SC1091,SC2154 # the other lib.sh sets root
. "$(dirname "$0")/../cmd/lib.sh"
cases=$root/../shared/conformance
if [ ! -x "$cases/run_ws_cases.py" ] || ! command -v python3 >/dev/null 2>&1; then
	echo "1..0 # SKIP ../shared/conformance or python3 is not there"
	exit 0
fi
unset GATEDRILL_SHARE

# conform MODE PATH: ask what was last started with hold, at the address it says; one result for each case.
conform() {
	while read -r line <&4; do
		case $line in "listening on "*) break ;; esac
	done
	address=${line#*//}
	rm -f "$T/results.json"
	python3 "$cases/run_ws_cases.py" "ws://${address%%/*}/$2" --mode "$1" --jobs 16 --json "$T/results.json" >"$T/report" 2>&1
	if [ ! -s "$T/results.json" ]; then
		sed 's/^/# /' "$T/report"
		fail "the cases of mode $1 ran"
		return
	fi
	python3 - "$T/results.json" "$count" "$1" <<'EOP'
import json, sys
results, before = json.load(open(sys.argv[1])), int(sys.argv[2])
for n, r in enumerate(results, before + 1):
    bad = r['result'] == 'FAIL' or r['result'] == 'NON-STRICT' and not r['id'].startswith('6.4.')
    print('%sok %d - %s %s' % ('not ' if bad else '', n, sys.argv[3], r['id']))
    if bad:
        print('#   ' + ' '.join(r['why'].split()))
EOP
	count=$((count + $(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))))' "$T/results.json")))
}

hold plumbing ws-echo --port 0
echo_pid=$!
conform raw ''
kill "$echo_pid" && wait "$echo_pid"
is "the echo server ends orderly" $? 0

cat >"$T/echo.yaml" <<'EOD'
gateway: echo
apis:
- apiId: echo
  type: WEBSOCKET
  routeSelectionExpression: $request.body.action
  routes: {$default: {routeResponse: true, integration: {type: AWS_PROXY, function: echo}}}
  stages: {live: {}}
functions: {echo: {builtin: echo}}
EOD
hold gateway run "$T/echo.yaml" --port 0 --quiet
gateway_pid=$!
conform gateway live
kill "$gateway_pid" && wait "$gateway_pid"
is "the gateway ends orderly" $? 0
finish
