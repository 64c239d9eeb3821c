#!/bin/sh
# A gateway that runs, asked by real clients: Python's http.client and ssl, curl, and bytes on a socket. Addresses, logs, traces, its own
# pages, TLS and client certificates, deployments that arrive, time that is scaled, the end.
# shellcheck disable=SC1091,SC2154 # lib.sh sets root and T
. "$(dirname "$0")/lib.sh"
for tool in python3 curl; do
	if ! command -v "$tool" >/dev/null 2>&1; then
		echo "1..0 # SKIP $tool is not there"
		exit 0
	fi
done
cd "$T" || exit 1
cat >mock.json <<'EOF'
{"openapi": "3.0.1", "info": {"title": "shop", "version": "1"}, "paths": {"/ping": {"x-amazon-apigateway-any-method": {
  "responses": {"200": {"description": "ok"}}, "x-amazon-apigateway-integration": {"type": "mock",
  "requestTemplates": {"application/json": "{\"statusCode\": 200}"}, "passthroughBehavior": "when_no_match",
  "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": "{\"pong\": 1}"}}}}}}}}
EOF
cat >other.yaml <<'EOF'
openapi: 3.0.1
info: {title: other, version: "1"}
paths: {/x: {get: {x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "http://127.0.0.1:9/", payloadFormatVersion: "1.0"}}}}
EOF
cat >stack.yaml <<'EOF'
gateway: test
apis:
- apiId: shop
  type: REST
  openapi: mock.json
  stages: {dev: {}, slow: {throttlingRateLimit: 0.01, throttlingBurstLimit: 1}}
- apiId: other
  type: HTTP
  openapi: other.yaml
  stages: {$default: {}}
domains:
- domainName: api.example.com
  mappings: [{basePath: v1, apiId: shop, stage: dev}]
- domainName: secret.example.com
  mappings: [{basePath: "", apiId: shop, stage: dev}]
  mutualTlsAuthentication: {truststoreUri: home/tls/ca.pem}
EOF
exec python3 - "$GATEDRILL" <<'EOP'
import atexit, http.client, json, os, re, signal, socket, ssl, subprocess, sys

program, count, failed, running = sys.argv[1], 0, 0, []
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
atexit.register(lambda: [p.kill() for p in running])

def ok(name, good, got=""):
    global count, failed
    count += 1
    print("%sok %d - %s" % ("" if good else "not ", count, name))
    if not good:
        failed += 1
        print("# " + str(got).replace("\n", "\n# "))

class Gateway:
    """A gateway on a port of its own; its output is read line by line."""
    def __init__(self, *arguments, file="stack.yaml"):
        self.process = subprocess.Popen([program, "gateway", "run", file, "--port", "0", *arguments], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        running.append(self.process)
        self.said, self.port = [], 0                    # what it has said, for the messages of this test
        while not self.port:
            line = self.line()
            if m := re.search(r"listening on https?://127\.0\.0\.1:(\d+)$", line):
                self.port = int(m[1])
            if not line:
                return
    def line(self):
        self.said = [*self.said[-20:], self.process.stdout.readline().rstrip("\n")]
        return self.said[-1]
    def until(self, pattern):
        while not re.search(pattern, line := self.line()):
            if not line:
                return ""                               # its end: a line of its own is never empty
        return line
    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        rest = self.process.communicate(timeout=60)[0]
        return self.process.returncode, rest
    def get(self, path, method="GET", body=None, **headers):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        c.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        r = c.getresponse()
        r.text = r.read().decode()
        c.close()
        return r
    def raw(self, data):
        with socket.create_connection(("127.0.0.1", self.port), 60) as s:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            out = b""
            while piece := s.recv(65536):
                out += piece
        return out.decode("latin-1")

def curl(*arguments):
    return subprocess.run(["curl", "-s", "-m", "60", *arguments], capture_output=True, text=True).stdout

# Addresses.
g = Gateway()
ok("it says where it listens", g.port > 0, g.said)
base = "/_aws/execute-api/shop/dev"
ok("stages are listed", g.until("shop dev: http://127.0.0.1:%d%s$" % (g.port, re.escape(base))), g.said)
ok("by their hosts too", g.until(r"shop slow: http://shop\.execute-api\.localhost:%d/slow$" % g.port), g.said)
r = g.get(base + "/ping")
ok("by prefix", (r.status, r.text) == (200, '{"pong": 1}'), r.text)
ok("with the ids of the service", re.fullmatch("[0-9a-f-]{36}", r.headers["x-amzn-RequestId"]) and len(r.headers["x-amz-apigw-id"]) == 16,
   r.headers)
ok("a line for a request", re.fullmatch(r"\d\d:\d\d:\d\d 200 GET /dev/ping \d+\.\d ms", g.until("/dev/ping")), g.said)
ok("by host", g.get("/dev/ping", Host="shop.execute-api.localhost").status == 200)
ok("by custom domain", g.get("/v1/ping", Host="api.example.com").status == 200)
r = g.get("/v2/ping", Host="api.example.com")
ok("without a mapping", (r.status, r.text) == (403, '{"message":"Forbidden"}'), r.text)
ok("mutual TLS without TLS", g.get("/ping", Host="secret.example.com").status == 403)
r = g.get("/dev/ping", Host="evil.example")
ok("another host is refused", r.status == 403 and "evil.example" in r.text, r.text)
r = g.get("/dev/ping")
ok("several APIs, none named", r.status == 404 and "shop, other" in r.text and r.headers["x-gatedrill"], r.text)
r = g.get(base + "/nope")
ok("an unknown path", (r.status, r.text) == (403, '{"message":"Missing Authentication Token"}'), r.text)
ok("is told in its line", g.until(" 403 GET /dev/nope .*MISSING_AUTHENTICATION_TOKEN"), g.said)

# The wire.
c = http.client.HTTPConnection("127.0.0.1", g.port, timeout=60)
statuses = []
for method, body in (("GET", None), ("POST", b"x" * 100000), ("HEAD", None), ("PUT", iter([b"one", b"two"])), ("GET", None)):
    c.request(method, base + "/ping", body, encode_chunked=method == "PUT",
              headers={"Transfer-Encoding": "chunked"} if method == "PUT" else {})
    r = c.getresponse()
    statuses.append((r.status, len(r.read())))
c.close()
ok("five requests on a connection", statuses == [(200, 11), (200, 11), (200, 0), (200, 11), (200, 11)], statuses)
one = "GET %s/ping HTTP/1.1\r\nHost: localhost\r\n\r\n" % base
out = g.raw((one * 3).encode())
ok("pipelined", out.count("HTTP/1.1 200 OK") == 3, out)
ok("malformed", g.raw(b"GET / HTTP/1.1\r\nHost : x\r\n\r\n").startswith("HTTP/1.1 400 "))
ok("two lengths", g.raw(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na").startswith("HTTP/1.1 400 "))
out = g.raw(("POST %s/ping HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10485761\r\n\r\n" % base).encode())
ok("a body that is too large", out.startswith("HTTP/1.1 413 ") and out.endswith("HTTP content length exceeded 10485760 bytes."), out)
url = "http://127.0.0.1:%d%s/ping" % (g.port, base)
json_type = ("-H", "Content-Type: application/json", "-d", "{}")
out = curl("-i", url, "-H", "Expect: 100-continue", *json_type)
ok("curl waits for 100", out.startswith("HTTP/1.1 100 Continue") and out.endswith('{"pong": 1}'), out)
ok("curl, chunked", curl(url, "-H", "Transfer-Encoding: chunked", *json_type) == '{"pong": 1}')

# Its own pages.
m = json.loads(g.get("/_gatedrill/metrics").text)["metrics"]
of = [x for x in m if x.get("ApiName") == "shop" and x["Stage"] == "dev" and "Resource" not in x]
ok("counters", len(of) == 1 and of[0]["Count"] >= 12 and of[0]["4XXError"] >= 1 and of[0]["Latency"]["Maximum"] > 0, m)
q = json.loads(g.get("/_gatedrill/requests?limit=1000").text)
ok("requests", q["requests"][0]["path"] == "/dev/ping" and q["last"] == q["requests"][-1]["number"], q["requests"][0])
n = q["requests"][0]["number"]
one = json.loads(g.get("/_gatedrill/requests/%d" % n).text)
ok("one request", one["status"] == 200 and one["rows"], one)
ok("after a number", json.loads(g.get("/_gatedrill/requests?after=%d" % q["last"]).text)["requests"] == [])
ok("what there is", "/_gatedrill/metrics" in g.get("/_gatedrill/").text)
ok("not to other sites", g.get("/_gatedrill/requests", Origin="http://evil.example").status == 403)
ok("nor by a script of theirs", g.get("/_gatedrill/requests", Sec_Fetch_Site="cross-site").status == 403)
ok("to its own", g.get("/_gatedrill/requests", Origin="http://127.0.0.1:%d" % g.port).status == 200)
ok("to be read alone", g.get("/_gatedrill/requests", "POST").status == 405)
ok("no other page", g.get("/_gatedrill/x").status == 404)

# A second one on the same port; the end.
again = subprocess.run([program, "gateway", "run", "stack.yaml", "--port", str(g.port)], capture_output=True, text=True)
ok("the port is taken", again.returncode == 1 and "--port 0" in again.stderr, again)
code, rest = g.stop()
ok("SIGTERM ends it in order", code == 0, (code, rest))
g = Gateway()
ok("so does SIGINT", g.stop(signal.SIGINT)[0] == 0)

# Logs.
g = Gateway("--log", "clf")
g.get(base + "/ping")
ok("access log", re.fullmatch(r'127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:[\d:]{8} \+0000\] "GET /ping HTTP/1\.1" 200 11 [0-9a-f-]{36} \S{15}=',
                              g.until("/ping HTTP")), g.said[-1])
g.stop()
g = Gateway("--log", "execution,$context.status $context.path")
g.get(base + "/ping")
ok("execution log", g.until(r"^\([0-9a-f-]{36}\) .*Method completed with status: 200"), g.said)
g.stop()
g = Gateway("--log", "$context.status $context.path", "-q")
g.get(base + "/ping")
ok("a format of one's own", g.until("ping") == "200 /dev/ping", g.said)
g.stop()
g = Gateway("--json")
g.get(base + "/ping")
line = json.loads(g.until("^{"))
ok("traces as JSON", line["status"] == 200 and [x["step"] for x in line["rows"]][0] == "size limits", line)
g.stop()

# Time: a token that takes 100 seconds to come back, and one that takes 10 milliseconds.
slow = "/_aws/execute-api/shop/slow/ping"
g = Gateway("-q")
ok("throttled", [g.get(slow).status for _ in range(3)] == [200, 429, 429])
g.stop()
g = Gateway("-q", "--time-scale", "10000")
statuses = [g.get(slow).status]
while statuses[1:].count(200) < 2:
    statuses.append(g.get(slow).status)
ok("scaled time brings tokens back", statuses[0] == 200, statuses)
g.stop()

# Deployments.
g = Gateway("--watch")
with open("mock.json") as f:
    text = f.read()
with open("mock.json", "w") as f:
    f.write(text.replace("pong", "pang!"))
ok("the change is noticed", g.until("definitions have changed"), g.said)
ok("what is served stays", g.get(base + "/ping").text == '{"pong": 1}')
done = subprocess.run([program, "gateway", "deploy", "stack.yaml", "shop/dev"], capture_output=True, text=True)
ok("deployed", done.returncode == 0, done)
ok("which is noticed too", g.until("definitions have changed"), g.said)
ok("and served", g.get(base + "/ping").text == '{"pang!": 1}')
with open("mock.json", "w") as f:
    f.write("{")
ok("an error is told", g.until("mock.json:1:"), g.said)
ok("and what was served is served on", g.get(base + "/ping").text == '{"pang!": 1}')
with open("mock.json", "w") as f:
    f.write(text)
g.stop()

# TLS.
made = subprocess.run([program, "gateway", "cert", "api.example.com", "secret.example.com"], capture_output=True, text=True)
tls = os.path.join(os.environ["GATEDRILL_HOME"], "tls")
ok("certificates are made", made.returncode == 0 and os.path.exists(os.path.join(tls, "ca.pem")), made)
g = Gateway("--tls")
def https(host, *more):
    return curl("--cacert", tls + "/ca.pem", "--resolve", "%s:%d:127.0.0.1" % (host, g.port), *more,
                "https://%s:%d%s" % (host, g.port, "/v1/ping" if host == "api.example.com" else "/ping"))
ok("https", https("api.example.com") == '{"pang!": 1}')
ok("no client certificate", https("secret.example.com") == '{"message":"Forbidden"}')
ok("a client certificate", https("secret.example.com", "--cert", tls + "/client.pem", "--key", tls + "/client-key.pem") == '{"pang!": 1}')
context = ssl.create_default_context(cafile=tls + "/ca.pem")
c = http.client.HTTPSConnection("localhost", g.port, context=context, timeout=60)
c._create_connection = lambda to, *rest: socket.create_connection(("127.0.0.1", to[1]), *rest)  # whoever knows no such name
c.request("GET", base + "/ping")
ok("http.client over TLS", c.getresponse().status == 200)
c.close()
g.stop()
g = Gateway("--tls", "--watch")
shown = ["--cert", tls + "/client.pem", "--key", tls + "/client-key.pem"]
with open("stack.yaml") as f:
    text = f.read()
with open("stack.yaml", "w") as f:
    f.write(text.replace("api.example.com\n", "api.example.com\n  mutualTlsAuthentication: {truststoreUri: home/tls/ca.pem}\n"))
ok("a truststore more is noticed", g.until("definitions have changed"), g.said)
ok("and asked for", https("api.example.com") == '{"message":"Forbidden"}')
ok("and met", https("api.example.com", *shown) == '{"pang!": 1}')
with open("stack.yaml", "w") as f:
    f.write(text.replace("home/tls/ca.pem", "home/tls/none.pem"))
ok("one that is not there is an error", g.until("none.pem"), g.said)
ok("and those of before go on", https("api.example.com") == '{"message":"Forbidden"}' and
   https("api.example.com", *shown) == '{"pang!": 1}')
with open("stack.yaml", "w") as f:
    f.write(text)
g.stop()

# Options.
for arguments, code, words in ((["--port", "x"], 2, "--port takes"), (["--time-scale", "0"], 2, "--time-scale takes"),
                               (["--log", "other"], 2, "--log takes"), (["--truststore", "x"], 2, "--tls"),
                               (["--listen", "somewhere"], 1, "no IP address"), (["none.yaml"], 4, "none.yaml")):
    r = subprocess.run([program, "gateway", "run", "stack.yaml", *arguments], capture_output=True, text=True)
    ok(" ".join(arguments), r.returncode == code and words in r.stderr, (r.returncode, r.stderr))
r = subprocess.run([program, "gateway", "run"], capture_output=True, text=True)
ok("no file", r.returncode == 2, r)
print("1..%d" % count)
sys.exit(failed > 0)
EOP
