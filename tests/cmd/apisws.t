#!/usr/bin/env python3
"""The conversations in the READMEs of data/apis are held: in blocks of text, "NAME connects to URL", "NAME > sent", "NAME < got",
"NAME leaves", "NAME cannot connect to URL: STATUS", and "NAME $ command" with what it prints below. ID stands for any id."""
import atexit, glob, os, re, shutil, signal, subprocess, sys, tempfile
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
import wsclient
from wsclient import Client, check



def find_program():
    """One that runs in the memory a function has, since functions call it: with sanitizers it does not, so that the one built
    without stands in."""
    for program in (os.environ['GATEDRILL'], os.path.join(os.environ.get('BUILD', 'build'), 'release', 'gatedrill')):
        if subprocess.run(['sh', '-c', 'ulimit -d 131072; exec "$0" --version', program], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0:
            return program


def start(stack):
    p = subprocess.Popen([PROGRAM, 'gateway', 'run', stack, '--port', '0', '--quiet'], stdout=subprocess.PIPE, text=True)
    atexit.register(p.kill)
    line = p.stdout.readline()
    return p, int(line.rsplit(':', 1)[1]) if line.startswith('listening on') else None


def path_of(url):
    return url.split('127.0.0.1:8787', 1)[1]


def hold(port, lines):
    """One conversation, line by line."""
    clients = {}
    lines = list(lines)
    while lines:
        line = lines.pop(0)
        name, verb, rest = re.match(r'(\w+) (>|<|\$|connects to|cannot connect to|leaves) ?(.*)', line).groups()
        if verb == 'connects to':
            clients[name] = Client(port, path_of(rest))
            check(line, clients[name].status, 101)
        elif verb == 'cannot connect to':
            url, status = rest.rsplit(': ', 1)
            check(line, Client(port, path_of(url)).status, int(status))
        elif verb == '>':
            clients[name].send(rest)
        elif verb == '<':
            got = clients[name].recv()
            check(line, re.sub(r'"[A-Za-z0-9_-]{15}="', '"ID"', got), rest)
        elif verb == 'leaves':
            check(line, clients.pop(name).close()[1], 1000)
        else:
            want = lines.pop(0)
            real = rest.replace('127.0.0.1:8787', '127.0.0.1:%d' % port)
            got = subprocess.run(['sh', '-c', real], stdout=subprocess.PIPE, text=True).stdout
            check(line, got.rstrip('\n'), want)


PROGRAM = find_program()
if not shutil.which('curl') or not PROGRAM:
    print('1..0 # SKIP ' + ('no program without sanitizers is built' if shutil.which('curl') else 'curl is not here'))
    sys.exit()
for readme in sorted(glob.glob('data/apis/*/README.md')):
    text = open(readme).read()
    blocks = re.findall(r'^```text\n(.*?)^```', text, re.S | re.M)
    if not blocks:
        continue
    name = readme.split('/')[2]
    with tempfile.TemporaryDirectory() as home:
        os.environ['GATEDRILL_HOME'] = home
        p, port = start(re.search(r'gateway run (\S+)', text)[1])
        check(name + ': it is served', port is not None)
        if port:
            hold(port, (line for block in blocks for line in block.splitlines()))
        p.send_signal(signal.SIGTERM)
        check(name + ': it stops', p.wait(), 0)
print('1..%d' % wsclient.count)
