/* wsclient.c -- see wsclient.h. A socket of its own under a uv_poll_t, as the server's connections
 * have it, so that TLS is the same code on both sides.
 *
 *   DIALLING --> SHAKING (TLS) --> ASKED --101--> OPEN --our close--> LEAVING
 *       |            |               |              |                    |
 *       `------------+---------------'              `--------------------'
 *                    | refused                               | closed
 *                    v                                       v
 *                   GONE: nothing is called any more, the handles close, then the memory goes
 *
 * All callbacks are made from the loop's callbacks here, and memory goes in a later one: whatever
 * an owner does in a callback, the client is still there when it returns; `state` tells if it is
 * GONE.
 */
#include "gateway/wsclient.h"

#include "base/base64.h"
#include "gateway/tls.h"
#include "gateway/ws.h"
#include "gateway/wsanswer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#define READ_BYTES ((size_t)16 << 10)
#define READS_AT_A_TIME 16
#define GOODBYE_MS 2000 /* for the server's close frame */

enum state { DIALLING, SHAKING, ASKED, OPEN, LEAVING, GONE };

struct wsclient {
	uv_poll_t poll;
	uv_timer_t timer; /* the attempt's or the goodbye's end; at once: `failure` is told */
	int fd;           /* -1: none */
	int handles;      /* not closed yet */
	enum state state;
	struct wsclient_ops ops;
	void *arg;
	struct arena arena; /* of the answer */
	struct ws_answer answer;
	struct ws_reader reader;
	struct tls_conn *tls; /* NULL: none */
	struct str out;
	size_t out_at; /* of out, sent already */
	const char *key;
	const char *failure; /* why nothing came of it; in the arena or a literal */
};

/* ---- its end ------------------------------------------------------------------------- */

static void on_handle_closed(uv_handle_t *h)
{
	struct wsclient *c = h->data;
	if (--c->handles > 0)
		return;
	ws_answer_clear(&c->answer);
	ws_reader_clear(&c->reader);
	str_clear(&c->out);
	arena_clear(&c->arena);
	free(c);
}

static void go(struct wsclient *c)
{
	c->state = GONE;
	tls_conn_free(c->tls);
	c->tls = NULL;
	uv_close((uv_handle_t *)&c->timer, on_handle_closed);
	if (c->fd >= 0) {
		uv_close((uv_handle_t *)&c->poll, on_handle_closed);
		close(c->fd);
	}
}

static void refuse(struct wsclient *c, const struct gw_response *r)
{
	go(c);
	if (c->ops.refused)
		c->ops.refused(c->arg, r);
}

static void fail(struct wsclient *c, const char *why)
{
	struct gw_response r = {.body = {why, strlen(why)}};
	refuse(c, &r);
}

/* It was open, and is no more. */
static void end(struct wsclient *c, int code, struct slice reason)
{
	const char *text = arena_strndup(&c->arena, reason.p, reason.len);
	go(c);
	if (c->ops.closed)
		c->ops.closed(c->arg, code, text);
}

static void broken(struct wsclient *c, const char *why)
{
	if (c->state == OPEN || c->state == LEAVING)
		end(c, WS_ABNORMAL, (struct slice){"", 0});
	else
		fail(c, why);
}

static void on_timer(uv_timer_t *timer)
{
	struct wsclient *c = timer->data;
	broken(c, c->failure ? c->failure : "the handshake was not answered in time");
}

/* Tell so from the loop. */
static void fail_soon(struct wsclient *c, const char *why)
{
	c->failure = why;
	uv_timer_start(&c->timer, on_timer, 0, 0);
}

/* ---- out ----------------------------------------------------------------------------- */

static void on_poll(uv_poll_t *poll, int status, int events);

static void watch(struct wsclient *c, bool writable)
{
	if (c->state != GONE)
		uv_poll_start(&c->poll, UV_READABLE | (writable ? UV_WRITABLE : 0), on_poll);
}

/* Bytes sent, -1: not now, -2: broken. */
static ssize_t wire_write(struct wsclient *c, const char *p, size_t n)
{
	if (c->tls) {
		ssize_t put = tls_write(c->tls, p, n);
		return put >= 0 ? put : put == TLS_FAILED ? -2 : -1;
	}
	ssize_t put = send(c->fd, p, n, MSG_NOSIGNAL);
	if (put >= 0)
		return put;
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? -1 : -2;
}

/* Send what waits, as far as it goes. False: the wire is broken; who comes from the loop tells. */
static bool flush(struct wsclient *c)
{
	while (c->out_at < c->out.len) {
		ssize_t put = wire_write(c, c->out.p + c->out_at, c->out.len - c->out_at);
		if (put == -2)
			return false;
		if (put < 0)
			break;
		c->out_at += (size_t)put;
	}
	if (c->out_at == c->out.len) {
		str_clear(&c->out);
		c->out_at = 0;
	}
	watch(c, c->out.len > 0);
	return true;
}

static bool queue(struct wsclient *c, enum ws_opcode opcode, const char *p, size_t n)
{
	uint8_t key[4];
	if (c->out.len - c->out_at + n > MAX_WSCLIENT_QUEUE)
		return false;
	if (c->out_at > c->out.len / 2) { /* what was sent goes */
		memmove(c->out.p, c->out.p + c->out_at, c->out.len - c->out_at);
		str_truncate(&c->out, c->out.len - c->out_at);
		c->out_at = 0;
	}
	if (RAND_bytes(key, sizeof(key)) != 1)
		abort();
	ws_write_masked(&c->out, opcode, p, n, key);
	return true;
}

static void queue_close(struct wsclient *c, int code)
{
	const char text[2] = {(char)(code >> 8), (char)code};
	queue(c, WS_OP_CLOSE, text, code == WS_NO_CODE ? 0 : sizeof(text));
}

/* ---- in ------------------------------------------------------------------------------ */

static void take_event(struct wsclient *c, const struct ws_event *e)
{
	switch (e->kind) {
	case WS_MESSAGE:
		if (c->state == OPEN && c->ops.message)
			c->ops.message(c->arg, e->payload);
		return;
	case WS_PING:
		if (c->state == OPEN)
			queue(c, WS_OP_PONG, e->payload.p, e->payload.len);
		return;
	case WS_PONG:
		return;
	case WS_CLOSE:
	case WS_FAIL:
		if (c->state == OPEN) {
			queue_close(c, e->code);
			flush(c);
		}
		end(c, e->code, e->payload);
		return;
	}
}

static void take_frames(struct wsclient *c, const char *p, size_t n)
{
	struct ws_event e;
	size_t used;
	while (c->state != GONE && ws_read(&c->reader, p, n, &used, &e)) {
		p += used;
		n -= used;
		take_event(c, &e);
	}
}

static void take_answer(struct wsclient *c, enum ws_answer_end answer)
{
	if (answer == WS_ANSWER_BAD) {
		fail(c, "what was answered is not HTTP");
	} else if (c->answer.response.status != 101) {
		refuse(c, &c->answer.response);
	} else if (!ws_answer_opens(&c->answer.response, c->key)) {
		fail(c, "the answer is 101, but not to this handshake");
	} else {
		c->state = OPEN;
		uv_timer_stop(&c->timer);
		if (c->ops.opened)
			c->ops.opened(c->arg);
	}
}

static void take_bytes(struct wsclient *c, const char *p, size_t n)
{
	if (c->state == ASKED) {
		size_t used;
		enum ws_answer_end answer = ws_answer_read(&c->answer, p, n, &used);
		if (answer == WS_ANSWER_MORE)
			return;
		p += used;
		n -= used;
		take_answer(c, answer);
	}
	if (c->state == OPEN || c->state == LEAVING)
		take_frames(c, p, n);
}

/* Bytes, 0 at the end, -1: not now, -2: broken. */
static ssize_t wire_read(struct wsclient *c, char *p, size_t n)
{
	if (c->tls) {
		ssize_t got = tls_read(c->tls, p, n);
		return got >= 0 ? got : got == TLS_FAILED ? -2 : -1;
	}
	ssize_t got = recv(c->fd, p, n, 0);
	if (got >= 0)
		return got;
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? -1 : -2;
}

static void wire_ended(struct wsclient *c)
{
	if (c->state == ASKED)
		take_answer(c, ws_answer_eof(&c->answer));
	else
		broken(c, "the connection was ended");
}

/* TLS keeps bytes of which the socket tells nothing: those are read whatever they are. */
static void read_on(struct wsclient *c)
{
	char buffer[READ_BYTES];
	for (int reads = 0; c->state != GONE; reads++) {
		if (reads >= READS_AT_A_TIME && !(c->tls && tls_pending(c->tls)))
			return;
		ssize_t got = wire_read(c, buffer, sizeof(buffer));
		if (got == -1)
			return;
		if (got > 0)
			take_bytes(c, buffer, (size_t)got);
		else if (got == 0)
			wire_ended(c);
		else
			broken(c, "the connection broke");
	}
}

/* ---- the way in ---------------------------------------------------------------------- */

static bool dialled(struct wsclient *c)
{
	int error = 0;
	socklen_t n = sizeof(error);
	getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &n);
	if (error) {
		fail(c, arena_strdup(&c->arena, strerror(error)));
		return false;
	}
	c->state = c->tls ? SHAKING : ASKED;
	return true;
}

static bool shaken(struct wsclient *c)
{
	int result = tls_handshake(c->tls);
	if (result == 1) {
		c->state = ASKED;
		return true;
	}
	if (result == TLS_WANT_READ || result == TLS_WANT_WRITE)
		watch(c, result == TLS_WANT_WRITE);
	else
		fail(c, "the TLS handshake failed");
	return false;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct wsclient *c = poll->data;
	bool dialling = c->state == DIALLING; /* then the socket knows better what went wrong */
	if (dialling && (status < 0 || events & UV_WRITABLE) && !dialled(c))
		return;
	if (status < 0)
		broken(c, uv_strerror(status));
	if (c->state == GONE || c->state == DIALLING)
		return;
	if (c->state == SHAKING && !shaken(c))
		return;
	if (!flush(c)) {
		broken(c, "the connection broke");
		return;
	}
	read_on(c);
	if (c->state != GONE && !flush(c)) /* answers to pings, what callbacks said */
		broken(c, "the connection broke");
}

/* ---- the handshake ------------------------------------------------------------------- */

static const char *new_key(struct arena *a)
{
	unsigned char bytes[16];
	struct str text = {0};
	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		abort();
	base64_encode(&text, bytes, sizeof(bytes));
	const char *key = arena_strdup(a, str_c(&text));
	str_clear(&text);
	return key;
}

static bool is_one_line(const char *text)
{
	return !strpbrk(text, "\r\n");
}

/* What the caller gives goes before what is usual, so that nonsense can be tried. NULL: it cannot
 * be sent as HTTP, and why. */
static const char *write_request(struct wsclient *c, const struct wsclient_options *o)
{
	const struct gw_header usual[] = {
		{"Host", o->host},
		{"Upgrade", "websocket"},
		{"Connection", "Upgrade"},
		{"Sec-WebSocket-Key", new_key(&c->arena)},
		{"Sec-WebSocket-Version", "13"},
	};
	if (o->target[0] != '/' || strpbrk(o->target, " \t\r\n"))
		return "the target must begin with a slash and have no blanks";
	str_addf(&c->out, "GET %s HTTP/1.1\r\n", o->target);
	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		if (!gw_headers_first(&o->headers, usual[i].name))
			str_addf(&c->out, "%s: %s\r\n", usual[i].name, usual[i].value);
	for (size_t i = 0; i < o->headers.count; i++) {
		const struct gw_header *h = &o->headers.items[i];
		if (!*h->name || !is_one_line(h->name) || !is_one_line(h->value))
			return "a header must have a name and one line";
		str_addf(&c->out, "%s: %s\r\n", h->name, h->value);
	}
	str_add(&c->out, "\r\n");
	const char *own = gw_headers_first(&o->headers, usual[3].name);
	c->key = own ? arena_strdup(&c->arena, own) : usual[3].value;
	return NULL;
}

/* ---- from outside -------------------------------------------------------------------- */

static int dial(const char *address, int port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
	bool six = inet_pton(AF_INET, address, &v4.sin_addr) != 1;
	int on = 1;
	if (six && inet_pton(AF_INET6, address, &v6.sin6_addr) != 1) {
		errno = EINVAL;
		return -1;
	}
	int fd = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	const struct sockaddr *to = six ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
	if (connect(fd, to, six ? sizeof(v6) : sizeof(v4)) == 0 || errno == EINPROGRESS)
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* The name that TLS asks for is one: no port, no address. */
static const char *server_name(struct arena *a, const char *host)
{
	const char *name = arena_strndup(a, host, strcspn(host, ":"));
	struct in_addr v4;
	return *host == '[' || !*name || inet_pton(AF_INET, name, &v4) == 1 ? NULL : name;
}

/* NULL: it is on its way. */
static const char *begin(struct wsclient *c, uv_loop_t *loop, const struct wsclient_options *o)
{
	const char *error = write_request(c, o);
	if (error)
		return error;
	c->fd = dial(o->address, o->port);
	if (c->fd < 0)
		return arena_strdup(&c->arena, strerror(errno));
	if (o->tls) {
		c->tls = tls_connect(c->fd, server_name(&c->arena, o->host), o->cert, o->key,
				     &error);
		if (!c->tls) {
			close(c->fd);
			c->fd = -1;
			return arena_printf(&c->arena, "the certificate to show: %s", error);
		}
	}
	uv_poll_init_socket(loop, &c->poll, c->fd);
	c->poll.data = c;
	c->handles++;
	uv_poll_start(&c->poll, UV_WRITABLE, on_poll);
	return NULL;
}

struct wsclient *wsclient_open(struct uv_loop_s *loop, const struct wsclient_options *o,
			       const struct wsclient_ops *ops, void *arg)
{
	struct wsclient *c = xcalloc(1, sizeof(*c));
	c->ops = *ops;
	c->arg = arg;
	c->fd = -1;
	c->answer.arena = &c->arena;
	c->reader.limits = (struct ws_limits){.frame = MAX_WSCLIENT_MESSAGE,
					      .message = MAX_WSCLIENT_MESSAGE,
					      .from_server = true};
	uv_timer_init(loop, &c->timer);
	c->timer.data = c;
	c->handles = 1;
	const char *error = begin(c, loop, o);
	if (error)
		fail_soon(c, error);
	else
		uv_timer_start(&c->timer, on_timer, MAX_WSCLIENT_WAIT_MS, 0);
	return c;
}

bool wsclient_say(struct wsclient *c, struct slice text)
{
	if (c->state != OPEN || text.len > MAX_WSCLIENT_MESSAGE ||
	    !queue(c, WS_OP_TEXT, text.p, text.len))
		return false;
	watch(c, true);
	return true;
}

void wsclient_close(struct wsclient *c, int code)
{
	switch (c->state) {
	case DIALLING:
	case SHAKING:
	case ASKED:
		fail_soon(c, "it was closed before it was open");
		return;
	case OPEN:
		queue_close(c, code);
		c->state = LEAVING;
		watch(c, true);
		uv_timer_start(&c->timer, on_timer, GOODBYE_MS, 0);
		return;
	case LEAVING:
	case GONE:
		return;
	}
}

void wsclient_drop(struct wsclient *c)
{
	if (c->state != GONE)
		go(c);
	c->ops = (struct wsclient_ops){0};
}
