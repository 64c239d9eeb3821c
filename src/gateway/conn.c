/* conn.c -- one connection of the server: bytes in, requests to the handler, answers out.
 *
 * Requests of a connection are worked on one at a time: what a client sends ahead stays in its
 * socket, or in `in` as far as it was read already, so a client cannot make us hold more than one
 * read of it. Answers that are ready at once gather in `out` and leave in one write. While `out`
 * waits for a slow reader nothing more is read from it either.
 *
 * An idle connection holds no buffer: what is read goes through the server's own, and the buffers
 * of `in` and `out` are borrowed from a few spare ones while there is something in them.
 *
 * Nothing here calls itself again through a handler: an answer that comes from elsewhere in the
 * loop is sent, but further requests of its connection wait for the next turn (conn_again). */
#include "gateway/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define LINGER_MS 2000
#define LINGER_READS 16
#define READS_AT_A_TIME 4
#define BODY_BYTES_PER_MS 64 /* slower bodies run into request_ms */

static void on_poll(uv_poll_t *handle, int status, int events);

/* ---- states -------------------------------------------------------------------------- */

void conn_enter(struct server_conn *c, enum conn_state state)
{
	const struct server_options *o = &c->server->o;
	int64_t ms = 0;
	c->state = state;
	switch (state) {
	case CONN_IDLE:
		ms = o->idle_ms;
		break;
	case CONN_HANDSHAKE:
	case CONN_READING:
		ms = o->request_ms;
		break;
	case CONN_CLOSING:
		ms = o->write_ms;
		break;
	case CONN_LINGER:
		ms = LINGER_MS;
		break;
	case CONN_BUSY:
	case CONN_UPGRADED:
	case CONN_DEAD:
		break;
	}
	c->deadline_ms = ms ? (int64_t)uv_now(c->server->loop) + ms : 0;
}

static void on_closed(uv_handle_t *handle)
{
	struct server_conn *c = handle->data;
	server_forget(c);
}

void conn_drop(struct server_conn *c)
{
	struct server_request *q = c->request;
	const struct server_upgrade_ops *ops = c->state == CONN_UPGRADED ? c->ops : NULL;
	if (c->state == CONN_DEAD)
		return;
	if (q && c->state == CONN_READING)
		request_free(q);
	else if (q)
		q->conn = NULL;
	c->request = NULL;
	c->server->held -= c->held;
	c->held = 0;
	conn_enter(c, CONN_DEAD);
	tls_conn_free(c->tls);
	c->tls = NULL;
	uv_close((uv_handle_t *)&c->poll, on_closed);
	close(c->fd);
	if (ops)
		ops->closed(c->arg);
}

/* Our side ends; with LINGER the client's may end in its time. */
static void finish(struct server_conn *c)
{
	if (!c->linger || c->eof || shutdown(c->fd, SHUT_WR) != 0) {
		conn_drop(c);
		return;
	}
	c->linger = false;
	conn_enter(c, CONN_LINGER);
}

/* ---- the wire ------------------------------------------------------------------------ */

/* Bytes, 0 at the end, -1: not now, -2: broken. */
static ssize_t wire_read(struct server_conn *c, char *p, size_t n)
{
	for (;;) {
		ssize_t got = c->tls ? tls_read(c->tls, p, n) : recv(c->fd, p, n, 0);
		if (got >= 0)
			return got;
		if (c->tls)
			return got == TLS_FAILED ? -2 : -1;
		if (errno != EINTR)
			return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : -2;
	}
}

static ssize_t plain_write(struct server_conn *c, const char *p, size_t n, const char *more,
			   size_t m)
{
	struct iovec v[2] = {{(void *)p, n}, {(void *)more, m}};
	struct msghdr msg = {.msg_iov = v, .msg_iovlen = 2};
	if (m == 0)
		return send(c->fd, p, n, MSG_NOSIGNAL);
	return sendmsg(c->fd, &msg, MSG_NOSIGNAL);
}

/* As wire_read, of both pieces together. */
static ssize_t wire_write(struct server_conn *c, const char *p, size_t n, const char *more,
			  size_t m)
{
	for (;;) {
		ssize_t put = c->tls ? tls_write(c->tls, n ? p : more, n ? n : m)
				     : plain_write(c, p, n, more, m);
		if (put >= 0)
			return put;
		if (c->tls)
			return put == TLS_FAILED ? -2 : -1;
		if (errno != EINTR)
			return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : -2;
	}
}

/* ---- buffers ------------------------------------------------------------------------- */

static void borrow(struct server *s, struct str *buffer)
{
	if (!buffer->p && s->spare_buffer_count)
		*buffer = s->spare_buffers[--s->spare_buffer_count];
}

static void give_back(struct server *s, struct str *buffer)
{
	if (buffer->cap <= CONN_READ_BYTES && buffer->p && s->spare_buffer_count < SPARE_BUFFERS) {
		str_reset(buffer);
		s->spare_buffers[s->spare_buffer_count++] = *buffer;
		*buffer = (struct str){0};
	} else {
		str_clear(buffer);
	}
}

struct str *conn_out(struct server_conn *c)
{
	borrow(c->server, &c->out);
	return &c->out;
}

/* The deadline of one who does not take what we send; its own again once everything is taken. */
static void note_stall(struct server_conn *c, bool progress)
{
	bool waits = c->out_at < c->out.len;
	if (waits && (progress || !c->stalled))
		c->deadline_ms = (int64_t)uv_now(c->server->loop) + c->server->o.write_ms;
	else if (!waits && c->stalled)
		conn_enter(c, c->state);
	c->stalled = waits;
}

bool conn_push(struct server_conn *c, const char *more, size_t n)
{
	bool progress = false;
	while (c->out_at < c->out.len || n) {
		size_t left = c->out.len - c->out_at;
		ssize_t put = wire_write(c, left ? c->out.p + c->out_at : NULL, left, more, n);
		if (put == -2)
			return false;
		if (put < 0)
			break;
		size_t of_out = (size_t)put < left ? (size_t)put : left;
		c->out_at += of_out;
		more += (size_t)put - of_out;
		n -= (size_t)put - of_out;
		progress = true;
	}
	if (n)
		str_addn(conn_out(c), more, n);
	note_stall(c, progress);
	if (c->out_at >= c->out.len) {
		c->out_at = 0;
		give_back(c->server, &c->out);
	}
	return true;
}

bool conn_flush(struct server_conn *c, const char *more, size_t n)
{
	if (conn_push(c, more, n))
		return true;
	conn_drop(c);
	return false;
}

static size_t waiting(const struct server_conn *c)
{
	return c->out.len - c->out_at;
}

/* ---- reading ------------------------------------------------------------------------- */

static void count_held(struct server_conn *c)
{
	size_t now = http_held(&c->reader);
	c->server->held += now - c->held;
	c->held = now;
}

static void greet(struct server_conn *c)
{
	if (!c->reader.expects_continue || c->continued || c->reader.phase < HTTP_IN_BODY)
		return;
	c->continued = true;
	str_add(conn_out(c), "HTTP/1.1 100 Continue\r\n\r\n");
}

/* Let the reader have bytes, and the handler what comes of it. Returns how many were taken. */
static size_t read_request(struct server_conn *c, const char *p, size_t n)
{
	struct server *s = c->server;
	size_t used;
	if (!c->request) {
		c->request = request_new(s);
		conn_enter(c, CONN_READING);
	}
	enum http_result result = http_read(&c->reader, &c->request->memory, p, n, &used);
	count_held(c);
	if (result == HTTP_MORE) {
		c->hungry = true;
		c->deadline_ms += (int64_t)(used / BODY_BYTES_PER_MS);
		greet(c);
		if (s->held <= MAX_SERVER_HELD)
			return used;
		c->reader.error = HTTP_NO_ROOM;
	}
	request_hand_over(c, c->reader.error);
	return used;
}

static bool can_take(const struct server_conn *c)
{
	return (c->state == CONN_IDLE || c->state == CONN_READING || c->state == CONN_UPGRADED) &&
	       waiting(c) < CONN_BATCH_BYTES && !c->hungry;
}

static size_t conn_take(struct server_conn *c, const char *p, size_t n)
{
	size_t at = 0;
	c->processing = true;
	c->hungry = false;
	while (at < n && can_take(c)) {
		if (c->state == CONN_UPGRADED) {
			c->ops->bytes(c->arg, p + at, n - at);
			at = n;
		} else {
			at += read_request(c, p + at, n - at);
		}
	}
	c->processing = false;
	return at;
}

/* Take what can be taken of `in` and of what has just come; keep the rest. */
static void conn_process(struct server_conn *c, const char *p, size_t n)
{
	if (c->in.len == 0) {
		size_t at = conn_take(c, p, n);
		if (at < n && c->state != CONN_DEAD && c->state != CONN_CLOSING) {
			borrow(c->server, &c->in);
			str_addn(&c->in, p + at, n - at);
		}
		return;
	}
	str_addn(&c->in, p, n);
	size_t at = conn_take(c, c->in.p, c->in.len), left = c->in.len - at;
	if (left && c->state != CONN_CLOSING) {
		memmove(c->in.p, c->in.p + at, left);
		str_truncate(&c->in, left);
	} else {
		give_back(c->server, &c->in);
	}
}

static void notify_drained(struct server_conn *c)
{
	if (c->state != CONN_UPGRADED || !c->waiting || waiting(c))
		return;
	c->waiting = false;
	if (c->ops->drained)
		c->ops->drained(c->arg);
}

/* Go on as far as it goes: p are bytes that have just come. */
static void conn_run(struct server_conn *c, const char *p, size_t n)
{
	do {
		conn_process(c, p, n);
		p = "";
		n = 0;
		if (c->state == CONN_DEAD || !conn_flush(c, NULL, 0))
			return;
	} while (c->in.len && can_take(c));
	notify_drained(c);
	if (c->state == CONN_CLOSING && !waiting(c))
		finish(c);
	conn_watch(c);
}

/* ---- events -------------------------------------------------------------------------- */

static int wanted(const struct server_conn *c)
{
	int out = waiting(c) ? UV_WRITABLE : 0;
	switch (c->state) {
	case CONN_HANDSHAKE:
		return c->watched; /* what the handshake asked for */
	case CONN_IDLE:
	case CONN_READING:
		return out ? out : UV_READABLE;
	case CONN_BUSY:
		return out | (c->eof || c->in.len ? 0 : UV_READABLE);
	case CONN_UPGRADED:
		return out | (waiting(c) >= CONN_BATCH_BYTES ? 0 : UV_READABLE);
	case CONN_CLOSING:
		return out;
	case CONN_LINGER:
		return UV_READABLE;
	case CONN_DEAD:
		break;
	}
	return 0;
}

static void watch(struct server_conn *c, int events)
{
	if (c->state == CONN_DEAD || events == c->watched)
		return;
	c->watched = events;
	if (events)
		uv_poll_start(&c->poll, events, on_poll);
	else
		uv_poll_stop(&c->poll);
}

void conn_watch(struct server_conn *c)
{
	watch(c, wanted(c));
}

/* A socket with room for output is reported in the next turn of the loop. */
void conn_again(struct server_conn *c)
{
	watch(c, wanted(c) | UV_WRITABLE);
}

static void ended(struct server_conn *c)
{
	c->eof = true;
	if (c->state == CONN_BUSY || (c->state == CONN_CLOSING && waiting(c)))
		conn_watch(c); /* it has closed its half and waits for the answer */
	else
		conn_drop(c);
}

static void on_readable(struct server_conn *c)
{
	struct server *s = c->server;
	for (int i = 0; i < READS_AT_A_TIME; i++) {
		ssize_t n = wire_read(c, s->buffer, sizeof(s->buffer));
		if (n == -1)
			break;
		if (n <= 0) {
			n == 0 ? ended(c) : conn_drop(c);
			return;
		}
		conn_run(c, s->buffer, (size_t)n);
		bool more = c->state != CONN_DEAD && (c->watched & UV_READABLE) &&
			    ((size_t)n == sizeof(s->buffer) || (c->tls && tls_pending(c->tls)));
		if (!more)
			return;
	}
	conn_watch(c);
}

static void shake_hands(struct server_conn *c)
{
	int result = tls_handshake(c->tls);
	if (result == TLS_WANT_WRITE || result == TLS_WANT_READ) {
		watch(c, result == TLS_WANT_READ ? UV_READABLE : UV_WRITABLE);
		return;
	}
	if (result != 1) {
		conn_drop(c);
		return;
	}
	conn_enter(c, CONN_IDLE);
	conn_watch(c);
	on_readable(c);
}

static void throw_away(struct server_conn *c)
{
	for (int i = 0; i < LINGER_READS; i++) {
		ssize_t n = wire_read(c, c->server->buffer, sizeof(c->server->buffer));
		if (n == -1)
			return;
		if (n <= 0)
			break;
	}
	conn_drop(c);
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
	struct server_conn *c = handle->data;
	if (status < 0) {
		conn_drop(c);
	} else if (c->state == CONN_HANDSHAKE) {
		shake_hands(c);
	} else if (c->state == CONN_LINGER) {
		throw_away(c);
	} else {
		if (events & UV_WRITABLE)
			conn_run(c, "", 0);
		if (c->state != CONN_DEAD && (events & UV_READABLE))
			on_readable(c);
	}
}

void conn_expired(struct server_conn *c)
{
	if (c->state == CONN_READING && !c->stalled &&
	    (c->reader.phase > HTTP_IN_LINE || c->in.len))
		request_hand_over(c, HTTP_TOO_SLOW);
	else
		conn_drop(c);
}

void conn_open(struct server *s, int fd, const char *ip)
{
	struct server_conn *c = xcalloc(1, sizeof(*c));
	c->server = s;
	c->fd = fd;
	c->poll.data = c;
	c->reader.max_body = s->o.max_body;
	memccpy(c->ip, ip, '\0', sizeof(c->ip) - 1);
	if (uv_poll_init(s->loop, &c->poll, fd) != 0) {
		close(fd);
		free(c);
		return;
	}
	c->prev = s->last;
	*(s->last ? &s->last->next : &s->first) = c;
	s->last = c;
	s->count++;
	if (s->o.tls)
		c->tls = tls_accept(s->o.tls, fd);
	conn_enter(c, c->tls ? CONN_HANDSHAKE : CONN_IDLE);
	watch(c, UV_READABLE);
}
