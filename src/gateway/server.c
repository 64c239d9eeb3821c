/* server.c -- the listener of server.h, its connections as a whole, and their time limits.
 *
 * Sockets are our own and polled through libuv, so that TLS can sit on the descriptor and nothing
 * is allocated to read. Deadlines are kept in the connections and looked at in one sweep a second
 * rather than as a timer each: ten thousand idle connections cost a millisecond a second, and a
 * request no call at all. */
#include "gateway/conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024
#define ACCEPTS_AT_A_TIME 64
#define SPARE_FILES 64 /* descriptors left to the rest of the program */
#define SWEEP_MS 1000
#define DATE_MS 500

static void on_listener(uv_poll_t *handle, int status, int events);

/* ---- time ---------------------------------------------------------------------------- */

const char *server_date(struct server *s)
{
	int64_t now = (int64_t)uv_now(s->loop);
	if (!s->date[0] || now - s->date_ms >= DATE_MS) {
		http_date(s->date, clock_ms(&s->o.clock) / 1000);
		s->date_ms = now;
	}
	return s->date;
}

static void on_sweep(uv_timer_t *timer)
{
	struct server *s = timer->data;
	int64_t now = (int64_t)uv_now(s->loop);
	for (struct server_conn *c = s->first, *next; c; c = next) {
		next = c->next;
		if (c->deadline_ms && c->deadline_ms <= now)
			conn_expired(c);
		else if (c->state == CONN_UPGRADED && c->ops->tick)
			c->ops->tick(c->arg, now);
	}
	if (!s->accepting && !s->stopping) { /* descriptors may be there again */
		s->accepting = true;
		uv_poll_start(&s->listener, UV_READABLE, on_listener);
	}
}

/* Often enough for the shortest limit. */
static uint64_t sweep_ms(const struct server_options *o)
{
	int64_t ms = SWEEP_MS;
	const int64_t limits[] = {o->idle_ms, o->request_ms, o->write_ms};
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		ms = limits[i] / 8 < ms ? limits[i] / 8 : ms;
	return (uint64_t)(ms < 5 ? 5 : ms);
}

/* ---- connections come and go --------------------------------------------------------- */

static void close_listener(struct server *s);

static void stopped(struct server *s)
{
	if (s->stopping && s->count == 0 && s->handles == 0 && s->ops->stopped)
		s->ops->stopped(s->ctx);
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct server *s = handle->data;
	s->handles--;
	stopped(s);
}

static void close_timers(struct server *s)
{
	uv_close((uv_handle_t *)&s->sweep, on_handle_closed);
	uv_close((uv_handle_t *)&s->grace, on_handle_closed);
}

void server_forget(struct server_conn *c)
{
	struct server *s = c->server;
	*(c->prev ? &c->prev->next : &s->first) = c->next;
	*(c->next ? &c->next->prev : &s->last) = c->prev;
	s->count--;
	http_reader_clear(&c->reader);
	str_clear(&c->in);
	str_clear(&c->out);
	free(c);
	if (s->stopping && s->count == 0)
		close_timers(s);
}

/* Room for one more: the idle connection that came first gives way. False: none is idle. */
static bool make_room(struct server *s)
{
	struct server_conn *c = s->first;
	while (c && c->state != CONN_IDLE)
		c = c->next;
	if (c)
		conn_drop(c);
	return c != NULL;
}

static int accept_one(int listener, struct sockaddr_storage *from)
{
	socklen_t n = sizeof(*from);
	return accept4(listener, (struct sockaddr *)from, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

static void address_text(const struct sockaddr_storage *from, char *out, size_t size)
{
	const void *address =
		from->ss_family == AF_INET6
			? (const void *)&((const struct sockaddr_in6 *)from)->sin6_addr
			: (const void *)&((const struct sockaddr_in *)from)->sin_addr;
	if (!inet_ntop(from->ss_family, address, out, (socklen_t)size))
		out[0] = '\0';
}

/* Too many, and all of them at work. */
static void turn_away(const struct server *s, int fd)
{
	static const char busy[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
				   "Connection: close\r\n\r\n";
	if (!s->o.tls && send(fd, busy, sizeof(busy) - 1, MSG_NOSIGNAL) < 0)
		errno = 0; /* it has left already */
	close(fd);
}

/* No descriptor is left: the sweep tries again. */
static void pause_accepting(struct server *s)
{
	s->accepting = false;
	uv_poll_stop(&s->listener);
}

static void on_listener(uv_poll_t *handle, int status, int events)
{
	struct server *s = handle->data;
	(void)events;
	for (int i = 0; status == 0 && i < ACCEPTS_AT_A_TIME; i++) {
		struct sockaddr_storage from = {0};
		char ip[INET6_ADDRSTRLEN];
		int on = 1;
		int fd = accept_one(s->fd, &from);
		if (fd < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
				pause_accepting(s);
			return;
		}
		if (s->count >= (size_t)s->o.max_connections && !make_room(s)) {
			turn_away(s, fd);
			continue;
		}
		address_text(&from, ip, sizeof(ip));
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		conn_open(s, fd, ip);
	}
}

/* ---- start --------------------------------------------------------------------------- */

static void set_defaults(struct server_options *o)
{
	struct rlimit files;
	long most = MAX_SERVER_CONNECTIONS;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY &&
	    (long)files.rlim_cur - SPARE_FILES < most)
		most = (long)files.rlim_cur - SPARE_FILES;
	if (o->max_connections <= 0 || o->max_connections > most)
		o->max_connections = (int)(most > 8 ? most : 8);
	if (!o->max_body)
		o->max_body = MAX_HTTP_BODY;
	if (!o->idle_ms)
		o->idle_ms = 310000;
	if (!o->request_ms)
		o->request_ms = 30000;
	if (!o->write_ms)
		o->write_ms = 60000;
}

/* "127.0.0.1" and a port as a socket address. Its length, 0: it is none. */
static socklen_t socket_address(const char *text, int port, struct sockaddr_storage *out)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)port);
		return sizeof(*v4);
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)port);
		return sizeof(*v6);
	}
	return 0;
}

static bool listen_failed(const struct server_options *o, int fd, struct diags *d)
{
	const char *hint = errno == EADDRINUSE ? "; --port 0 takes a free one" : "";
	diag_fail(d, "server-listen", "%s port %d cannot be listened to: %s%s", o->address, o->port,
		  strerror(errno), hint);
	if (fd >= 0)
		close(fd);
	return false;
}

static bool start_listening(struct server *s, struct diags *d)
{
	struct sockaddr_storage address;
	int on = 1;
	socklen_t n = socket_address(s->o.address, s->o.port, &address);
	if (!n)
		return diag_fail(d, "server-address", "\"%s\" is no IP address to listen on",
				 s->o.address);
	s->fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return listen_failed(&s->o, -1, d);
	setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(s->fd, (struct sockaddr *)&address, n) != 0 || listen(s->fd, BACKLOG) != 0 ||
	    getsockname(s->fd, (struct sockaddr *)&address, &n) != 0)
		return listen_failed(&s->o, s->fd, d);
	s->port = ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
						      : ((struct sockaddr_in *)&address)->sin_port);
	return true;
}

struct server *server_open(struct uv_loop_s *loop, const struct server_options *o,
			   const struct server_ops *ops, void *ctx, struct diags *d)
{
	struct server *s = xcalloc(1, sizeof(*s));
	s->loop = loop;
	s->o = *o;
	s->ops = ops;
	s->ctx = ctx;
	set_defaults(&s->o);
	if (!start_listening(s, d)) {
		free(s);
		return NULL;
	}
	s->listener.data = s->sweep.data = s->grace.data = s;
	uv_poll_init(loop, &s->listener, s->fd);
	uv_timer_init(loop, &s->sweep);
	uv_timer_init(loop, &s->grace);
	s->handles = 3;
	s->accepting = true;
	uv_poll_start(&s->listener, UV_READABLE, on_listener);
	uv_timer_start(&s->sweep, on_sweep, sweep_ms(&s->o), sweep_ms(&s->o));
	return s;
}

int server_port(const struct server *s)
{
	return s->port;
}

size_t server_connections(const struct server *s)
{
	return s->count;
}

/* ---- end ----------------------------------------------------------------------------- */

static void close_listener(struct server *s)
{
	uv_close((uv_handle_t *)&s->listener, on_handle_closed);
	close(s->fd);
}

static void on_grace(uv_timer_t *timer)
{
	struct server *s = timer->data;
	for (struct server_conn *c = s->first, *next; c; c = next) {
		next = c->next;
		conn_drop(c);
	}
}

void server_stop(struct server *s, int64_t grace_ms)
{
	if (s->stopping)
		return;
	s->stopping = true;
	close_listener(s);
	if (s->count == 0)
		close_timers(s);
	else
		uv_timer_start(&s->grace, on_grace, (uint64_t)grace_ms, 0);
	for (struct server_conn *c = s->first, *next; c; c = next) {
		next = c->next;
		if (c->state == CONN_UPGRADED)
			c->ops->stop(c->arg);
		else if (c->state == CONN_IDLE || c->state == CONN_HANDSHAKE)
			conn_drop(c);
	}
}

void server_free(struct server *s)
{
	if (!s)
		return;
	for (struct server_request *q = s->spare_requests, *next; q; q = next) {
		next = q->next;
		arena_clear(&q->memory);
		free(q);
	}
	for (size_t i = 0; i < s->spare_buffer_count; i++)
		str_clear(&s->spare_buffers[i]);
	free(s);
}
