#!/usr/bin/env python3
"""bench_gateway.py GATEDRILL [SECONDS [CONNECTIONS [REQUESTS]]] -- what a request costs the gateway, beside nginx on the same machine.

CPU per request is the server's user and system time over the requests that wrk counts, by turns, three rounds, the cheapest of each: what
else the machine does costs rounds, not truth. Goals: a MOCK method of a throttled stage, whole pipeline and trace, no more than nginx
`return 200`; with API key, usage plan and a template of 1 KB twice that; an HTTP proxy 1.5 times nginx `proxy_pass`; idle connections
(10,000) under 20 MB; as many requests as are asked for (1,000,000) leave the memory as it was. Needs wrk and nginx; says so and is
content without them.
"""
import json, os, re, shutil, socket, subprocess, sys, tempfile, time

CPUS = sorted(os.sched_getaffinity(0))
TICK = os.sysconf("SC_CLK_TCK")
GATEWAY, NGINX, BACKEND = 18971, 18972, 18973

NGINX_CONF = """
daemon off; worker_processes 1; error_log stderr crit; pid %(dir)s/pid;
events { worker_connections 20000; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600;
  client_body_temp_path %(dir)s/a; proxy_temp_path %(dir)s/b; fastcgi_temp_path %(dir)s/c; uwsgi_temp_path %(dir)s/d; scgi_temp_path %(dir)s/e;
  default_type application/json;
  upstream backend { server 127.0.0.1:%(backend)d; keepalive 128; }
  server {
    listen 127.0.0.1:%(port)d;
    location / { return 200 '{"ok":true}'; }
    location /proxy { proxy_pass http://backend/; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
"""

TEMPLATE = "#set($root = $input.path('$'))\n{\n%s\n  \"id\": \"$context.requestId\", \"who\": \"$context.identity.apiKey\"\n}" % "\n".join(
    '  "field%d": "$root.items[%d].name", "stage%d": "$stageVariables.color",' % (i, i % 3, i) for i in range(14))

def mock(template):
    return {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'}, "passthroughBehavior": "when_no_match",
            "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": template}}}}

def write_definitions(folder):
    ok = {"200": {"description": "ok"}}
    def method(integration, **more):
        return {"get": {"responses": ok, "x-amazon-apigateway-integration": integration, **more}}
    paths = {"/ping": method(mock('{"ok":true}')),
             "/keyed": method(mock(TEMPLATE), security=[{"api_key": []}]),
             "/proxy": method({"type": "http_proxy", "httpMethod": "GET", "uri": "http://127.0.0.1:%d/" % BACKEND})}
    openapi = {"openapi": "3.0.1", "info": {"title": "bench", "version": "1"}, "paths": paths,
               "components": {"securitySchemes": {"api_key": {"type": "apiKey", "in": "header", "name": "x-api-key"}}}}
    many = {"rateLimit": 1000000, "burstLimit": 1000000}
    stack = {"gateway": "bench", "accountThrottle": many,
             "apis": [{"apiId": "bench", "type": "REST", "openapi": "bench.json",
                       "stages": {"dev": {"variables": {"color": "blue"}, "throttlingRateLimit": 1000000, "throttlingBurstLimit": 1000000}},
                       "apiKeys": [{"name": "gold", "value": "gold-key-0123456789abcdef"}],
                       "usagePlans": [{"name": "gold", "apiStages": ["dev"], "throttle": many, "quota": {"limit": 100000000, "period": "DAY"},
                                       "keys": ["gold"]}]}]}
    for name, content in (("bench.json", openapi), ("stack.json", stack)):
        with open(os.path.join(folder, name), "w") as f:
            json.dump(content, f)

def start(command, cpu, **more):
    def pin():
        os.sched_setaffinity(0, {cpu})
    return subprocess.Popen(command, preexec_fn=pin, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **more)

def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit("bench_gateway: nothing listens on port %d" % port)

def start_nginx(folder, port, cpu):
    folder = os.path.join(folder, "nginx%d" % port)
    os.makedirs(folder)
    with open(folder + "/conf", "w") as f:
        f.write(NGINX_CONF % {"dir": folder, "port": port, "backend": BACKEND})
    master = start(["nginx", "-e", folder + "/log", "-c", folder + "/conf"], cpu, stderr=subprocess.DEVNULL)
    wait_for(port)
    with open("/proc/%d/task/%d/children" % (master.pid, master.pid)) as f:
        return master, int(f.read().split()[0])

def cpu_s(pid):
    with open("/proc/%d/stat" % pid) as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK

def rss_mb(pid):
    with open("/proc/%d/status" % pid) as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read())[1]) / 1024

def wrk(url, seconds, *headers):
    more = [x for h in headers for x in ("-H", h)]
    out = subprocess.run(["taskset", "-c", str(CPUS[-1]), "wrk", "-t1", "-c64", "-d%ds" % seconds, *more, url], capture_output=True,
                         text=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        sys.exit("bench_gateway: %s: %s" % (url, out))
    return int(re.search(r"(\d+) requests in", out)[1])

def compare(title, goal, seconds, ours, theirs):
    """ours, theirs: (pid, url, headers...). The cheapest of three rounds each."""
    best = {}
    for _ in range(3):
        for name, (pid, url, *headers) in (("ours", ours), ("nginx", theirs)):
            before = cpu_s(pid)
            requests = wrk(url, seconds, *headers)
            us = (cpu_s(pid) - before) / requests * 1e6
            best[name] = min(best.get(name, (1e9, 0)), (us, requests / seconds))
    ratio = best["ours"][0] / best["nginx"][0]
    print("%-34s %6.2f us, nginx %5.2f us: %.2f times (goal %.1f); %d and %d requests a second" % (
        title, best["ours"][0], best["nginx"][0], ratio, goal, best["ours"][1], best["nginx"][1]), flush=True)

def hold_idle(pid, count):
    before, held = rss_mb(pid), []
    request = b"GET /dev/ping HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for _ in range(count):
        s = socket.create_connection(("127.0.0.1", GATEWAY), 10)
        s.sendall(request)
        s.recv(4096)
        held.append(s)
    print("%d idle connections: %.1f MB, %.1f before (goal: 10,000 under 20)" % (count, rss_mb(pid), before), flush=True)
    for s in held:
        s.close()

def run(program, seconds, connections, requests, folder):
    env = {**os.environ, "GATEDRILL_HOME": folder}
    write_definitions(folder)
    gateway = start([program, "gateway", "run", folder + "/stack.json", "--port", str(GATEWAY), "-q"], CPUS[0], env=env,
                    stderr=subprocess.DEVNULL)
    started = [gateway]
    try:
        nginx, worker = start_nginx(folder, NGINX, CPUS[0])
        started.append(nginx)
        backend, _ = start_nginx(folder, BACKEND, CPUS[-1])
        started.append(backend)
        wait_for(GATEWAY)
        print("start: %.1f MB" % rss_mb(gateway.pid), flush=True)
        hold_idle(gateway.pid, connections)
        ours, theirs = "http://127.0.0.1:%d/dev" % GATEWAY, "http://127.0.0.1:%d" % NGINX
        compare("MOCK, throttled stage", 1, seconds, (gateway.pid, ours + "/ping"), (worker, theirs + "/ping"))
        compare("API key, plan, 1 KB template", 2, seconds, (gateway.pid, ours + "/keyed", "x-api-key: gold-key-0123456789abcdef"),
                (worker, theirs + "/ping"))
        compare("HTTP proxy", 1.5, seconds, (gateway.pid, ours + "/proxy"), (worker, theirs + "/proxy"))
        before, done = rss_mb(gateway.pid), 0
        while done < requests:
            done += wrk(ours + "/ping", seconds)
        print("%d more requests: %.1f MB, %.1f before" % (done, rss_mb(gateway.pid), before))
    finally:
        for p in reversed(started):
            p.terminate()
            p.wait()

def main():
    for tool in ("wrk", "nginx", "taskset"):
        if not shutil.which(tool):
            print("not measured: %s is not there" % tool)
            return
    numbers = [int(x) for x in sys.argv[2:]] + [5, 10000, 1000000][len(sys.argv) - 2:]
    with tempfile.TemporaryDirectory() as folder:
        run(os.path.abspath(sys.argv[1]), *numbers, folder)

main()
