#!/bin/sh
# WebSocket clients that others wrote, against a WebSocket API: websockets of Python (CLIENT_PYTHON names a Python that has it) and ws
# of Node.js (CLIENT_MODULES names a folder of modules that has it).
# shellcheck disable=SC1091,SC2154 # lib.sh sets root and T
. "$(dirname "$0")/../cmd/lib.sh"
if [ -z "${CLIENT_PYTHON:-}" ] && [ -z "${CLIENT_MODULES:-}" ]; then
	echo "1..0 # SKIP neither CLIENT_PYTHON nor CLIENT_MODULES is set"
	exit 0
fi
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
while read -r line <&4; do
	case $line in "listening on "*) break ;; esac
done
address=${line#*//}
address=${address%%/*}

if [ -n "${CLIENT_PYTHON:-}" ]; then
	got=$("$CLIENT_PYTHON" - "$address" 2>&1 <<'EOP'
import asyncio, sys, websockets
async def main():
    async with websockets.connect('ws://%s/live' % sys.argv[1]) as ws:
        for text in ('{"n": 1}', 'plain', 'x' * 30000, '\u00e9\u4e16'):
            await ws.send(text)
            assert await ws.recv() == text, text[:20]
        await ws.send(['fragment ', 'by ', 'fragment'])
        assert await ws.recv() == 'fragment by fragment'
        await (await ws.ping())
        await ws.send(b'bytes')
        try:
            await ws.recv()
        except websockets.ConnectionClosed as e:
            print('closed', e.rcvd.code)
    try:
        await websockets.connect('ws://%s/nothing' % sys.argv[1])
    except Exception as e:
        print('refused', getattr(getattr(e, 'response', e), 'status_code', '?'))
asyncio.run(main())
EOP
	)
	is "websockets of Python: echo, fragments, ping, binary refused, no such stage" "$got" "closed 1003
refused 403"
fi
if [ -n "${CLIENT_MODULES:-}" ]; then
	got=$(NODE_PATH=$CLIENT_MODULES node - "$address" 2>&1 <<'EOP'
const WebSocket = require('ws');
const ws = new WebSocket(`ws://${process.argv[2]}/live`);
const texts = ['{"n": 1}', 'plain', 'x'.repeat(30000), '\u00e9\u4e16'];
let at = 0;
ws.on('open', () => ws.send(texts[0]));
ws.on('message', (data) => {
	if (data.toString() !== texts[at]) throw new Error('differs at ' + at);
	if (++at < texts.length) ws.send(texts[at]);
	else ws.ping('p');
});
ws.on('pong', (data) => { console.log('pong', data.toString()); ws.send('y'.repeat(40000)); });
ws.on('close', (code) => console.log('closed', code));
EOP
	)
	is "ws of Node.js: echo, ping, a frame over 32 KB" "$got" "pong p
closed 1009"
fi
kill "$gateway_pid" && wait "$gateway_pid"
is "the gateway ends orderly" $? 0
finish
