#!/usr/bin/env python3
"""Every README of data/apis is carried out: each "$ " line of its blocks is run by sh against the running
definition, and what it prints must be what stands below it."""
import os, re, shutil, signal, subprocess, sys, tempfile

PROGRAM = os.environ['GATEDRILL']
tests = 0

def report(ok, name, *why):
    global tests
    tests += 1
    print('%sok %d - %s' % ('' if ok else 'not ', tests, name))
    for line in why if not ok else ():
        print('# ' + line.replace('\n', '\n# '))

def steps(readme):
    """(command, expected output) of all fenced blocks."""
    for block in re.findall(r'^```\n(.*?)^```', readme, re.S | re.M):
        for part in re.split(r'^\$ ', block, flags=re.M)[1:]:
            command, _, want = part.partition('\n')
            yield command, want

def start(stack):
    p = subprocess.Popen([PROGRAM, 'gateway', 'run', stack, '--port', '0', '--plain'],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for line in p.stdout:
        m = re.search(r'listening on (http://\S+)', line)
        if m:
            return p, m[1]
    return p, None

if not shutil.which('curl'):
    print('1..0 # SKIP curl is not here')
    sys.exit()
for name in sorted(os.listdir('data/apis')):
    folder = os.path.join('data/apis', name)
    readme = os.path.join(folder, 'README.md')
    if not os.path.isdir(folder) or not os.path.exists(readme):
        continue
    text = open(readme).read()
    if 'curl' not in text:
        continue
    stack = re.search(r'gateway run (\S+)', text)[1]
    with tempfile.TemporaryDirectory() as home:
        os.environ['GATEDRILL_HOME'] = home
        p, url = start(stack)
        report(url is not None, name + ': it is served')
        for command, want in steps(text) if url else ():
            real = command.replace('http://127.0.0.1:8787', url)
            got = subprocess.run(['sh', '-c', real], stdout=subprocess.PIPE, text=True).stdout
            if got and not got.endswith('\n'):
                got += '\n'
            report(got == want, name + ': ' + command.replace('#', ''), 'got: ' + got, 'want: ' + want)
        p.send_signal(signal.SIGTERM)
        report(p.wait() in (0, 130, -signal.SIGTERM), name + ': it stops')
print('1..%d' % tests)
