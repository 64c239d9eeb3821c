"""wsclient.py -- a WebSocket client for the tests beside it, on Python's own library, that shows the bytes it is sent; calls of
@connections; and TAP. A client waits for what must come, for 20 seconds at most."""
import base64, hashlib, http.client, json, os, socket, struct

WAIT = 20
count = 0


def start(n):
    global count
    count = n


def check(name, got, want=True):
    """One result; want may be a function."""
    global count
    count += 1
    good = want(got) if callable(want) else got == want
    print('%sok %d - %s' % ('' if good else 'not ', count, name))
    if not good:
        print('#   got %r, want %r' % (got, want))


def mask(data, key=b'\x11\xa2\x33\x44'):
    return key + bytes(b ^ key[i & 3] for i, b in enumerate(data))


def frame(op, data, fin=True):
    n = len(data)
    head = bytes([(128 if fin else 0) | op])
    if n < 126:
        head += bytes([128 | n])
    elif n < 65536:
        head += bytes([254]) + struct.pack('>H', n)
    else:
        head += bytes([255]) + struct.pack('>Q', n)
    return head + mask(data)


class Client:
    """status and headers of the answer; 101: it is open."""

    def __init__(self, port, path, headers=(), upgrade=True):
        self.s = socket.create_connection(('127.0.0.1', port), WAIT)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = ['GET %s HTTP/1.1' % path, 'Host: 127.0.0.1:%d' % port]
        if upgrade:
            lines += ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: ' + key]
        self.s.sendall('\r\n'.join(lines + list(headers) + ['', '']).encode())
        self.buf, self.parts = b'', []
        while b'\r\n\r\n' not in self.buf:
            self.more()
        head, self.buf = self.buf.split(b'\r\n\r\n', 1)
        first, *rest = head.decode().split('\r\n')
        self.status = int(first.split()[1])
        self.headers = {k.lower(): v for k, v in (line.split(': ', 1) for line in rest)}
        if self.status == 101:
            want = base64.b64encode(hashlib.sha1((key + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest()).decode()
            assert self.headers['sec-websocket-accept'] == want
        else:
            while len(self.buf) < int(self.headers.get('content-length', 0)):
                self.more()
            self.body = self.buf

    def more(self):
        got = self.s.recv(65536)
        if not got:
            raise EOFError('the connection is gone')
        self.buf += got

    def take(self, n):
        while len(self.buf) < n:
            self.more()
        got, self.buf = self.buf[:n], self.buf[n:]
        return got

    def send(self, text):
        self.s.sendall(frame(1, text.encode() if isinstance(text, str) else text))

    def frame(self):
        """(fin, opcode, payload) of the next one."""
        a, b = self.take(2)
        n = b & 127
        if n == 126:
            n = struct.unpack('>H', self.take(2))[0]
        elif n == 127:
            n = struct.unpack('>Q', self.take(8))[0]
        return a >> 7, a & 15, self.take(n)

    def recv(self):
        """The next message as text, ('close', code, reason), ('pong', payload), or 'gone'."""
        parts = b''
        try:
            while True:
                fin, op, data = self.frame()
                if op == 8:
                    return ('close', struct.unpack('>H', data[:2])[0] if data else None, data[2:].decode())
                if op == 10:
                    return ('pong', data)
                parts += data
                if fin:
                    return parts.decode()
        except (EOFError, ConnectionError):
            return 'gone'

    def ask(self, text):
        self.send(text)
        return self.recv()

    def close(self, code=1000, reason=b''):
        self.s.sendall(frame(8, struct.pack('>H', code) + reason))
        end = self.recv()
        self.s.close()
        return end


def call(port, method, path, body=b'', headers=None):
    """status, headers, body."""
    c = http.client.HTTPConnection('127.0.0.1', port, timeout=WAIT)
    c.request(method, path, body, headers or {})
    r = c.getresponse()
    answer = r.status, {k.lower(): v for k, v in r.getheaders()}, r.read()
    c.close()
    return answer


def traces(path):
    """What `gateway run --json` has written so far."""
    with open(path) as f:
        return [json.loads(line) for line in f if line.endswith('\n') and line.startswith('{')]
