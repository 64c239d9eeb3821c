/* wsecho.c -- see wsecho.h. What a client does not take at once waits here rather than in the
 * server, whose queue is bounded for pushes: an echo owes every byte. While more waits than
 * MAX_WSECHO_MESSAGE the connection is given up. */
#include "gateway/wsecho.h"

#include "gateway/server.h"
#include "gateway/ws.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define GRACE_MS 1000
#define PIECE_BYTES (MAX_SERVER_QUEUE / 2)

struct echo {
	uv_loop_t loop;
	uv_signal_t signals[2];
	struct server *server;
};
struct echo_conn {
	struct server_conn *wire;
	struct ws_reader reader;
	struct str out; /* not yet given to the server */
	size_t at;
	bool closing; /* after out the connection ends */
};

static void conn_free(struct echo_conn *c)
{
	ws_reader_clear(&c->reader);
	str_clear(&c->out);
	free(c);
}

/* False: it is over. */
static bool pass_on(struct echo_conn *c)
{
	while (c->at < c->out.len && server_waiting(c->wire) < PIECE_BYTES) {
		size_t n = c->out.len - c->at;
		n = n < PIECE_BYTES ? n : PIECE_BYTES;
		if (!server_send(c->wire, c->out.p + c->at, n)) {
			server_close(c->wire, false);
			return false;
		}
		c->at += n;
	}
	if (c->at < c->out.len)
		return true;
	str_clear(&c->out);
	c->at = 0;
	if (c->closing)
		server_close(c->wire, true);
	return !c->closing;
}

static void take_event(struct echo_conn *c, const struct ws_event *e)
{
	switch (e->kind) {
	case WS_MESSAGE:
		ws_write_message(&c->out, e->binary, e->payload.p, e->payload.len, 0);
		break;
	case WS_PING:
		ws_write_control(&c->out, WS_OP_PONG, e->payload.p, e->payload.len);
		break;
	case WS_PONG:
		break;
	case WS_CLOSE:
	case WS_FAIL:
		ws_write_close(&c->out, e->code, "");
		c->closing = true;
		break;
	}
}

static void on_bytes(void *arg, const char *p, size_t n)
{
	struct echo_conn *c = arg;
	struct ws_event e;
	size_t used;
	while (!c->closing && ws_read(&c->reader, p, n, &used, &e)) {
		p += used;
		n -= used;
		take_event(c, &e);
		if (c->out.len > 2 * MAX_WSECHO_MESSAGE) {
			server_close(c->wire, false);
			conn_free(c);
			return;
		}
	}
	if (!pass_on(c))
		conn_free(c);
}

static void on_drained(void *arg)
{
	struct echo_conn *c = arg;
	if (!pass_on(c))
		conn_free(c);
}

static void on_closed(void *arg)
{
	conn_free(arg);
}

static void on_server_stop(void *arg)
{
	struct echo_conn *c = arg;
	ws_write_close(&c->out, WS_GOING_AWAY, "");
	c->closing = true;
	if (!pass_on(c))
		conn_free(c);
}

static void refuse(struct server_request *q, int status)
{
	struct gw_response r = {.status = status};
	if (status == 426)
		gw_headers_add(q->arena, &r.headers, "Upgrade", "websocket");
	server_answer(q, &r);
}

static void on_request(void *ctx, struct server_request *q)
{
	static const struct server_upgrade_ops ops = {
		.bytes = on_bytes,
		.closed = on_closed,
		.drained = on_drained,
		.stop = on_server_stop,
	};
	struct gw_response r = {.status = 101};
	char accept[29];
	int status = q->refused ? 400 : ws_handshake_status(&q->request);
	(void)ctx;
	if (status) {
		refuse(q, status);
		return;
	}
	ws_accept(gw_headers_first(&q->request.headers, "Sec-WebSocket-Key"), accept);
	gw_headers_add(q->arena, &r.headers, "Upgrade", "websocket");
	gw_headers_add(q->arena, &r.headers, "Connection", "Upgrade");
	gw_headers_add(q->arena, &r.headers, "Sec-WebSocket-Accept", accept);
	struct echo_conn *c = xcalloc(1, sizeof(*c));
	c->reader.limits.message = MAX_WSECHO_MESSAGE;
	c->wire = server_upgrade(q, &r, &ops, c);
	if (!c->wire)
		conn_free(c);
}

static void on_stopped(void *ctx)
{
	struct echo *e = ctx;
	for (size_t i = 0; i < ARRAY_LEN(e->signals); i++)
		uv_close((uv_handle_t *)&e->signals[i], NULL);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct echo *e = handle->data;
	(void)number;
	server_stop(e->server, GRACE_MS);
}

static void listen_for_signals(struct echo *e)
{
	static const int numbers[] = {SIGINT, SIGTERM};
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		uv_signal_init(&e->loop, &e->signals[i]);
		e->signals[i].data = e;
		uv_signal_start(&e->signals[i], on_signal, numbers[i]);
	}
}

bool wsecho_run(int port, const struct clock *clock, void (*ready)(void *ctx, int port), void *ctx,
		struct diags *d)
{
	static const struct server_ops ops = {.request = on_request, .stopped = on_stopped};
	const struct server_options o = {.address = "127.0.0.1", .port = port, .clock = *clock};
	struct echo e = {0};
	if (uv_loop_init(&e.loop) != 0)
		return diag_fail(d, "gateway-loop", "the system has no more descriptors");
	e.server = server_open(&e.loop, &o, &ops, &e, d);
	if (e.server) {
		listen_for_signals(&e);
		ready(ctx, server_port(e.server));
	}
	uv_run(&e.loop, UV_RUN_DEFAULT);
	server_free(e.server);
	uv_loop_close(&e.loop);
	return e.server != NULL;
}
