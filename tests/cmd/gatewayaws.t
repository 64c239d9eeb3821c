#!/bin/sh
# AWS's own command line client calls @connections, signed: post-to-connection, get-connection, delete-connection, and what it makes of
# errors. Skipped where awscli is not installed.
# shellcheck disable=SC1091,SC2154 # lib.sh sets root
. "$(dirname "$0")/lib.sh"
python=$(command -v python3)
aws=$(command -v aws)
if [ -z "$python" ] || ! "$aws" --version >/dev/null 2>&1; then
	echo "1..0 # SKIP aws (awscli) or python3 is not there"
	exit 0
fi
export PYTHONPATH="$root/tests/cmd" PYTHONDONTWRITEBYTECODE=1

cat >"$T/ws.yaml" <<'EOD'
gateway: ws
apis:
- apiId: talk
  type: WEBSOCKET
  routeSelectionExpression: x
  routes:
    $default:
      routeResponse: true
      integration:
        type: MOCK
        requestTemplates: {$default: '{"statusCode": 200}'}
        integrationResponses: {$default: {responseTemplates: {$default: $context.connectionId}}}
  stages: {live: {}}
credentials:
- {accessKeyId: AKIAMAY, secretAccessKey: may, arn: "arn:aws:iam::123456789012:user/may",
   policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "execute-api:ManageConnections",
     Resource: "arn:aws:execute-api:us-east-1:123456789012:talk/live/*/@connections/*"}]}}
- {accessKeyId: AKIANOT, secretAccessKey: not, arn: "arn:aws:iam::123456789012:user/not"}
EOD
mkfifo "$T/.said"
"$GATEDRILL" gateway run "$T/ws.yaml" --port 0 --quiet >"$T/.said" 2>&1 &
pid=$!
exec 4<"$T/.said"
wait_for 'listening on *'
cat >"$T/ask.py" <<EOD
import json, os, subprocess
from wsclient import *
P = int('${_line##*:}')

def aws(key, secret, verb, id, *more):
    env = dict(os.environ, AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret, AWS_DEFAULT_REGION='us-east-1', AWS_MAX_ATTEMPTS='1')
    p = subprocess.run(['$aws', 'apigatewaymanagementapi', verb, '--connection-id', id, '--endpoint-url',
                        'http://127.0.0.1:%d/_aws/execute-api/talk/live' % P, *more], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return p.returncode, p.stdout, p.stderr

def may(*a): return aws('AKIAMAY', 'may', *a)

open(os.environ['TMPDIR'] + '/data', 'w').write('pushed \u00e4')
data = ('--data', 'fileb://' + os.environ['TMPDIR'] + '/data')
c = Client(P, '/live')
id = c.ask('x')
code, out, err = may('post-to-connection', id, *data)
check('post-to-connection', (code, err), (0, ''))
check('it came', c.recv(), 'pushed \u00e4') if code == 0 else None
code, out, err = may('get-connection', id)
check('get-connection', sorted(json.loads(out)) if out else err, ['ConnectedAt', 'Identity', 'LastActiveAt'])
code, out, err = may('post-to-connection', 'AAAABBBBCCCCDDD=', *data)
check('an unknown connection', 'GoneException' in err)
code, out, err = may('post-to-connection', 'nonsense', *data)
check('a malformed id', 'BadRequestException' in err)
code, out, err = aws('AKIAMAY', 'wrong', 'post-to-connection', id, *data)
check('a wrong secret', 'ForbiddenException' in err)
code, out, err = aws('AKIANOT', 'not', 'post-to-connection', id, *data)
check('a caller who may not', 'ForbiddenException' in err)
code, out, err = may('delete-connection', id)
check('delete-connection', (code, err), (0, ''))
check('the client is told', c.recv(), ('close', 1000, 'Connection Closed Normally'))
print('1..%d' % __import__('wsclient').count)
EOD
"$python" "$T/ask.py"
kill "$pid"
wait "$pid"
exit 0
