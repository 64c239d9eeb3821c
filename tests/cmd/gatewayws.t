#!/bin/sh
# gatedrill gateway run with a WebSocket API, over real sockets: handshakes and their refusals, routes, error frames byte for byte,
# limits, @connections, time limits, the end.
# shellcheck disable=SC1091,SC2154 # lib.sh sets root
. "$(dirname "$0")/lib.sh"
if ! command -v python3 >/dev/null 2>&1; then
	echo "1..0 # SKIP python3 is not there"
	exit 0
fi
export PYTHONPATH="$root/tests/cmd" PYTHONDONTWRITEBYTECODE=1

route='integration: {type: AWS_PROXY, function:'
cat >"$T/ws.yaml" <<EOD
gateway: ws
apis:
- apiId: talk
  type: WEBSOCKET
  routeSelectionExpression: \$request.body.action
  routes:
    echo: {routeResponse: true, $route echo}}
    event: {routeResponse: true, $route event}}
    oneway: {$route event}}
    broken: {$route fail}}
    mock:
      routeResponse: true
      integration:
        type: MOCK
        requestTemplates: {\$default: '{"statusCode": 200}'}
        integrationResponses: {\$default: {responseTemplates: {\$default: '{"id": "\$context.connectionId"}'}}}
  stages: {live: {}, other: {}}
- apiId: open
  type: WEBSOCKET
  routeSelectionExpression: \$request.body.action
  routes: {\$default: {routeResponse: true, $route event}}}
  stages: {live: {variables: {a: b}}}
- apiId: allowed
  type: WEBSOCKET
  routeSelectionExpression: \$request.body.action
  authorizers: {door: {type: REQUEST, function: allow, identitySource: [route.request.querystring.q]}}
  routes:
    \$connect: {authorizer: door}
    \$default: {routeResponse: true, $route event}}
  stages: {live: {}}
EOD
for name in deny unauthorized fail; do
	cat >>"$T/ws.yaml" <<EOD
- apiId: by-$name
  type: WEBSOCKET
  routeSelectionExpression: x
  authorizers: {door: {type: REQUEST, function: $name, identitySource: [route.request.querystring.q]}}
  routes: {\$connect: {authorizer: door}}
  stages: {live: {}}
EOD
done
for name in ok deny fail garbage; do
	cat >>"$T/ws.yaml" <<EOD
- apiId: connect-$name
  type: WEBSOCKET
  routeSelectionExpression: x
  routes: {\$connect: {$route $name}}}
  stages: {live: {}}
EOD
done
cat >>"$T/ws.yaml" <<'EOD'
- apiId: keyed
  type: WEBSOCKET
  routeSelectionExpression: x
  routes: {$connect: {apiKeyRequired: true}}
  stages: {live: {}}
  apiKeys: [{name: k, value: key-of-twenty-letters}]
  usagePlans: [{name: p, apiStages: [live], keys: [k]}]
functions:
EOD
for name in echo event ok allow deny unauthorized fail garbage; do
	echo "  $name: {builtin: $name}" >>"$T/ws.yaml"
done

# serve ARG...: a gateway in the background; its process is $pid, its port $port.
serve() {
	[ -p "$T/.said" ] || mkfifo "$T/.said"
	"$GATEDRILL" --seed 1 gateway run "$T/ws.yaml" --port 0 --json "$@" >"$T/traces" 2>"$T/.said" &
	pid=$!
	exec 4<"$T/.said"
	wait_for 'listening on http://127.0.0.1:*'
	port=${_line##*:}
}

# ask: the Python program on the standard input, with the client's names and P for the port; its results count.
ask() {
	{
		echo 'import json, os, signal, sys'
		echo 'from wsclient import *'
		echo "import wsclient; P = $port; PID = $pid; TRACES = '$T/traces'; start($count)"
		cat
		printf '\nprint(wsclient.count, file=open("%s", "w"))\n' "$T/count"
	} >"$T/ask.py"
	rm -f "$T/count"
	python3 "$T/ask.py" 2>"$T/ask.err" || sed 's/^/# /' "$T/ask.err"
	if [ -s "$T/count" ]; then
		count=$(cat "$T/count")
	else
		fail "the client ran to its end"
	fi
}

A=/_aws/execute-api
serve
ask <<EOD
def status(path, **k): return Client(P, '$A' + path, **k).status

c = Client(P, '$A/talk/live', upgrade=False)
check('a plain GET', (c.status, c.body), (426, b'{"message":"Upgrade Required"}'))
c = Client(P, '$A/talk/none')
check('no such stage', (c.status, c.body), (403, b'{"message":"Forbidden"}'))
check('a path behind the stage', status('/talk/live/more'), 403)
check('without \$connect', status('/talk/live'), 101)
check('a long address', status('/talk/live?q=' + 'x' * 4096), 414)
check('an authorizer that allows', status('/allowed/live?q=1'), 101)
check('no identity source', status('/allowed/live'), 401)
check('an authorizer that denies', status('/by-deny/live?q=1'), 403)
check('an authorizer that says Unauthorized', status('/by-unauthorized/live?q=1'), 401)
check('an authorizer that fails', status('/by-fail/live?q=1'), 500)
check('\$connect that says yes', status('/connect-ok/live'), 101)
check('\$connect that says no', status('/connect-deny/live'), 403)
check('\$connect that fails', status('/connect-fail/live'), 502)
check('\$connect that answers garbage', status('/connect-garbage/live'), 502)
c = Client(P, '$A/keyed/live')
check('no API key', (c.status, c.body), (403, b'{"message":"Forbidden"}'))
check('an API key', status('/keyed/live', headers=['x-api-key: key-of-twenty-letters']), 101)
c = Client(P, '$A/talk/live', headers=['Sec-WebSocket-Extensions: permessage-deflate', 'Sec-WebSocket-Protocol: chat'])
check('no compression, no subprotocol', sorted(c.headers), ['connection', 'sec-websocket-accept', 'upgrade'])
EOD

ask <<EOD
c = Client(P, '$A/talk/live')
check('an echo', c.ask('{"action":"echo","text":"\u00e4"}'), '{"action":"echo","text":"\u00e4"}')
id = json.loads(c.ask('{"action":"mock"}'))['id']
check('a MOCK, and the shape of an id', (len(id), id[-1]), (16, '='))

def error(text, message):
    got = c.ask(text)
    request = json.loads(got)['requestId']
    check('the frame of ' + message, got, '{"message": "%s", "connectionId":"%s", "requestId":"%s"}' % (message, id, request))

error('{"action":"nothing"}', 'Forbidden')
error('no JSON', 'Forbidden')
error('{"action":"broken"}', 'Internal server error')
c.send('{"action":"oneway"}')
check('one-way: the next answer is that of the next message', c.ask('{"action":"echo"}'), '{"action":"echo"}')
e = json.loads(c.ask('{"action":"event"}'))
check('the event', (e['body'], e['requestContext']['connectionId'], e['requestContext']['identity']), ('{"action":"event"}', id, {'sourceIp': '127.0.0.1'}))
c.s.sendall(frame(9, b'are you there'))
check('a ping', c.recv(), ('pong', b'are you there'))
big = '{"action":"echo","t":"' + 'x' * 100000 + '"}'
raw = big.encode()
for i in range(0, len(raw), 30000):
    c.s.sendall(frame(1 if i == 0 else 0, raw[i:i + 30000], i + 30000 >= len(raw)))
sizes, parts = [], b''
while len(parts) < len(raw):
    fin, op, data = c.frame()
    sizes.append((fin, op, len(data)))
    parts += data
check('a long message', parts == raw)
check('it comes in frames of 32 KB', sizes, [(0, 1, 32768), (0, 0, 32768), (0, 0, 32768), (1, 0, len(raw) - 3 * 32768)])
check('a close is echoed', c.close(1000, b'bye'), ('close', 1000, ''))

c = Client(P, '$A/allowed/live?q=1', headers=['User-Agent: me'])
e = json.loads(c.ask('x'))['requestContext']
check('what the authorizer said stays', {k: e['authorizer'][k] for k in ('principalId', 'by')}, {'principalId': 'user', 'by': 'builtin'})
check('and who it is', e['identity'], {'userAgent': 'me', 'sourceIp': '127.0.0.1'})
c = Client(P, '$A/open/live')
check('stage variables', json.loads(c.ask('x'))['stageVariables'], {'a': 'b'})

def ends(name, data, code):
    c = Client(P, '$A/open/live')
    c.s.sendall(data)
    check(name, c.recv(), ('close', code, ''))
ends('a binary frame', frame(2, b'x'), 1003)
ends('a frame over 32 KB', frame(1, b'x' * 32769), 1009)
ends('a message over 128 KB', frame(1, b'x' * 32768, False) + 4 * frame(0, b'x' * 32768, False), 1009)
ends('text that is not UTF-8', frame(1, b'\xff'), 1007)
ends('no mask', b'\x81\x01x', 1002)
EOD

ask <<EOD
c, d = Client(P, '$A/talk/live', headers=['User-Agent: me']), Client(P, '$A/talk/live')
id, other = (json.loads(x.ask('{"action":"mock"}'))['id'] for x in (c, d))
at = '$A/talk/live/@connections/'
def push(method, id, body=b'', path=at, **k): return call(P, method, path + id, body, **k)

s, h, b = push('POST', id, 'pushed \u00e4'.encode())
check('POST', (s, b, 'x-amzn-errortype' in h), (200, b'', False))
check('what was pushed', c.recv(), 'pushed \u00e4')
s, h, b = push('POST', id.replace('=', '%3D'), b'again')
check('an encoded id', (s, c.recv()), (200, 'again'))
check('nobody else got it', d.ask('{"action":"echo"}'), '{"action":"echo"}')
s, h, b = push('POST', id, b'x' * 131072)
check('128 KB', (s, len(c.recv())), (200, 131072))
s, h, b = push('POST', id, b'x' * 131073)
check('more', (s, h['x-amzn-errortype']), (413, 'PayloadTooLargeException'))
s, h, b = push('POST', id, b'\xff')
check('bytes that are no text', (s, c.recv()), (200, '\ufffd'))
s, h, b = push('GET', id)
b = json.loads(b)
check('GET', (s, sorted(b), b['identity']), (200, ['connectedAt', 'identity', 'lastActiveAt'], {'sourceIp': '127.0.0.1', 'userAgent': 'me'}))
check('its times', len(b['connectedAt']), len('2026-11-27T09:15:00.000Z'))
s, h, b = push('POST', 'AAAABBBBCCCCDDD=', b'x')
check('an unknown id', (s, h['x-amzn-errortype'], b), (410, 'GoneException', b''))
s, h, b = push('POST', 'nonsense', b'x')
check('a malformed id', (s, h['x-amzn-errortype'], b), (400, 'BadRequestException', b'{"message": "Invalid connectionId: nonsense"}'))
s, h, b = push('POST', id, b'x', path='$A/talk/none/@connections/')
check('a stage that is not there', (s, h['x-amzn-errortype'], b.startswith(b'{"message":"No method found matching route none/@connections/')), (403, 'ForbiddenException', True))
check('another stage', push('POST', id, b'x', path='$A/talk/other/@connections/')[0], 410)
check('another API', push('POST', id, b'x', path='$A/open/live/@connections/')[0], 410)
check('another method', push('PUT', id, b'x')[0], 403)
s, h, b = push('POST', id, b'x', headers={'Authorization': 'AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host, Signature=0'})
check('a wrong signature', (s, h['x-amzn-errortype']), (403, 'ForbiddenException'))
slow = Client(P, '$A/talk/live')
deaf = json.loads(slow.ask('{"action":"mock"}'))['id']
seen = (200, {}, b'')
for i in range(400):
    if seen[0] == 200:
        seen = push('POST', deaf, b'x' * 131072)
check('a client that does not read', (seen[0], seen[1].get('x-amzn-errortype')), (429, 'LimitExceededException'))
check('it hurts nobody else', d.ask('{"action":"echo"}'), '{"action":"echo"}')
check('it can be closed', push('DELETE', deaf)[0], 204)
slow.s.close()
s, h, b = push('DELETE', id)
check('DELETE', (s, b), (204, b''))
check('the client is told', c.recv(), ('close', 1000, 'Connection Closed Normally'))
check('gone', push('GET', id)[0], 410)
d.close()
check('gone after a close', push('GET', other)[0], 410)

kinds = {}
for t in traces(TRACES):
    kinds.setdefault(t['kind'], []).append(t)
check('kinds of traces', sorted(kinds), ['connect', 'disconnect', 'message', 'push'])
ends = [t['status'] for t in kinds['disconnect'] if t.get('connection_id') in (id, other)]
check('disconnections', ends, [1000, 1000])
EOD

ask <<EOD
c = Client(P, '$A/open/live')
c.ask('x')
os.kill(PID, signal.SIGTERM)
check('a gateway that stops says goodbye', c.recv(), ('close', 1001, 'Going away'))
EOD
wait "$pid"
is "it ends orderly" $? 0

serve --time-scale 1000
ask <<EOD
c = Client(P, '$A/open/live')
check('ten idle minutes', c.recv(), ('close', 1001, 'Going away'))
EOD
kill "$pid"
wait "$pid"
is "it ends orderly" $? 0
finish
