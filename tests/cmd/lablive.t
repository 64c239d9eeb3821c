#!/bin/sh
# A lab beside the world: requests of others while it waits for a line, commands of labs from elsewhere, signals, kill -9.
# shellcheck disable=SC1091,SC2154 # lib.sh sets root and T
. "$(dirname "$0")/lib.sh"
if ! command -v python3 >/dev/null 2>&1; then
	echo "1..0 # SKIP python3 is not there"
	exit 0
fi
mkdir -p "$GATEDRILL_SHARE/data/labs" "$GATEDRILL_HOME/labs/slow"
cp -R "$root"/tests/data/labs/bronze* "$GATEDRILL_SHARE/data/labs"
cat >"$GATEDRILL_HOME/labs/slow.yaml" <<'EOF'
lab: slow
title: A function of one's own
about: It runs a command.
format: 1
exam: {dva-c03: "4.1"}
gateway: slow.yaml
sources: {s: {title: A source, url: "https://example.org/", checked: 2026-11-20}}
source: s
story: Call it.
requests:
  call: {send: GET /slow}
goals:
- {id: called, text: It was called., trace: {status: 200}}
hints: [Call it.]
explain: It ran.
solution: [call]
EOF
cat >"$GATEDRILL_HOME/labs/slow/slow.yaml" <<'EOF'
gateway: slow
apis:
- apiId: slow
  type: HTTP
  openapi: slow.openapi.yaml
  stages: {$default: {autoDeploy: true}}
functions:
  wait: {command: [sh, wait.sh], timeout: 20}
EOF
cat >"$GATEDRILL_HOME/labs/slow/slow.openapi.yaml" <<'EOF'
openapi: 3.0.1
info: {title: slow, version: "1"}
paths:
  /slow:
    get:
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        payloadFormatVersion: "2.0"
        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:wait/invocations
EOF
cat >"$GATEDRILL_HOME/labs/slow/wait.sh" <<EOF
echo \$\$ >>"$T/pids"
if [ -e "$T/fast" ]; then echo '{"statusCode": 200}'; else sleep 300; fi
EOF
cd "$T" || exit 1
exec python3 - "$GATEDRILL" "$T" <<'EOP'
import atexit, fcntl, http.client, os, pty, re, signal, socket, subprocess, sys, termios, time

program, folder = sys.argv[1], sys.argv[2]
count, failed, running = 0, 0, []
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
atexit.register(lambda: [p.kill() for p in running if p.poll() is None])

def ok(name, good, got=""):
    global count, failed
    count += 1
    print("%sok %d - %s" % ("" if good else "not ", count, name))
    if not good:
        failed += 1
        print("# " + str(got).replace("\n", "\n# "))

class Lab:
    """The program on a pipe, or on a terminal of its own, read until a pattern is seen."""
    def __init__(self, *arguments, terminal=False):
        command = [program, "lab", *arguments, "--plain"]
        if terminal:
            self.mine, theirs = pty.openpty()
            self.process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
                                            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
            os.close(theirs)
            self.out = self.mine
        else:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.mine, self.out = self.process.stdin.fileno(), self.process.stdout.fileno()
        running.append(self.process)
        self.text = ""
        self.seen = 0
    def wait(self, pattern):
        while True:
            found = re.compile(pattern, re.M).search(self.text, self.seen)
            if found:
                self.seen = found.end()
                return found
            try:
                piece = os.read(self.out, 65536)
            except OSError:
                piece = b""
            if not piece:
                return None
            self.text += piece.decode("utf-8", "replace")
    def say(self, line):
        os.write(self.mine, line.encode() + b"\n")
    def port(self):
        return int(self.wait(r"http://127\.0\.0\.1:(\d+)").group(1))
    def end(self):
        while True:
            try:
                if not os.read(self.out, 65536):
                    break
            except OSError:
                break
        return self.process.wait()

def get(port, path):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    c.request("GET", path)
    status = c.getresponse().status
    c.close()
    return status

def is_open(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0

def alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False

def pids():
    try:
        with open("pids") as f:
            return [int(line) for line in f]
    except OSError:
        return []

def until(what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.02)
    return False

# Requests of others, while it waits for a line.
lab = Lab("bronze")
port = lab.port()
api = os.path.join(os.path.dirname(lab.wait(r"^To edit: (.*)$").group(1)), "shop.openapi.yaml")
lab.wait("^lab: $")

# Its files are written by others.
def write(change):
    with open(api) as f:
        text = f.read()
    with open(api + ".new", "w") as f:
        f.write(change(text))
    os.rename(api + ".new", api)

sound = open(api).read()
write(lambda text: text.replace("type: mock", "type: mock\n        timeoutInMilis: 500", 1))
ok("a key that nothing reads is told", lab.wait(
    r'^The definition has a key that nothing reads: shop\.openapi\.yaml:\d+: unknown key "timeoutInMilis"'), lab.text)
lab.wait("^lab: $")
write(lambda text: "nonsense: [\n" + text)
ok("an error is told", lab.wait(r"^The definition has an error: .*\. What was served is served on\.$"), lab.text)
lab.wait("^lab: $")
write(lambda text: sound)
ok("and when it is over", lab.wait(r"^The definition is sound again\.$"), lab.text)
lab.wait("^lab: $")
ok("others are served while it waits", get(port, "/_aws/execute-api/shop/prod/stock") == 403)
ok("and told", lab.wait(r"^GET \S*/prod/stock: 403 INVALID_API_KEY") is not None, lab.text)
ok("a goal that they meet too", lab.wait(r"^Goal 1 of 2 is met") is not None, lab.text)
ok("and then the prompt again", lab.wait(r"^lab: $") is not None, lab.text)
for i in range(12):
    get(port, "/_aws/execute-api/shop/prod/stock")
ok("many are told in short", lab.wait(r"^And \d+ more; trace shows the last\.$") is not None, lab.text)
lab.process.send_signal(signal.SIGTERM)
ok("a signal ends it", lab.end() == 130)
ok("with its port", not is_open(port))
lab = Lab("bronze", "--port", str(port))
ok("a port that was asked for", lab.port() == port)
lab.process.stdin.close()
ok("the end of input ends it", lab.end() == 0)

# Commands of a lab from elsewhere.
r = subprocess.run([program, "lab", "slow", "--plain"], input="call\n", capture_output=True, text=True)
ok("no terminal, no flag: an error", r.returncode == 1, r)
ok("that names the commands", "wait: sh wait.sh" in r.stderr, r.stderr)
ok("and says how to let them run", "--allow-commands" in r.stderr, r.stderr)
ok("and nothing has run", not pids(), pids())
lab = Lab("slow", terminal=True)
ok("a terminal is asked", lab.wait(r"wait: sh wait\.sh") and lab.wait(r"Run these\? y or n: ") is not None, lab.text)
lab.say("n")
ok("no is no", lab.end() == 1 and not pids(), lab.text)
open("fast", "w").close()
lab = Lab("slow", terminal=True)
lab.wait(r"Run these\? y or n: ")
lab.say("y")
lab.wait(r"lab: ")
lab.say("call")
ok("yes is yes", lab.wait(r"All goals are met: passed") is not None and len(pids()) > 0, lab.text)
lab.say("q")
ok("and it ends", lab.end() == 0)
os.unlink("fast")
os.unlink("pids")

# A function that runs when the program ends.
def with_function(terminal=False):
    lab = Lab("slow", "--allow-commands", "--start-over", terminal=terminal)
    port = lab.port()
    lab.wait(r"^lab: ")
    lab.say("call")
    ok("its function runs", until(pids))
    return lab, port

lab, port = with_function(terminal=True)
os.write(lab.mine, b"\x03")
ok("Ctrl-C stops what is done", lab.wait(r"^Not done: ") is not None and lab.wait(r"^lab: ") is not None, lab.text)
lab.say("q")
ok("and the lab ends after it", lab.end() == 0)
ok("its function too", until(lambda: not any(alive(p) for p in pids())), pids())
os.unlink("pids")
lab, port = with_function()
lab.process.kill()
lab.process.wait()
ok("kill -9 leaves no port", until(lambda: not is_open(port)))
ok("and no child", until(lambda: not any(alive(p) for p in pids())), pids())
print("1..%d" % count)
sys.exit(failed > 0)
EOP
