/* answer.c -- requests on their way to the handler and answers on their way back; connections that
 * become something else. A request outlives its connection when the client leaves early: it has its
 * own memory, and its answer then goes nowhere. */
#include "gateway/conn.h"

#include <stdlib.h>
#include <string.h>

/* Bodies over this are sent from where they are instead of being copied behind the head. */
#define COPIED_BODY ((size_t)16 << 10)

/* ---- requests ------------------------------------------------------------------------ */

struct server_request *request_new(struct server *s)
{
	struct server_request *q = s->spare_requests;
	if (q) {
		s->spare_requests = q->next;
		s->spare_request_count--;
	} else {
		q = xcalloc(1, sizeof(*q));
	}
	*q = (struct server_request){.memory = q->memory, .server = s};
	q->arena = &q->memory;
	return q;
}

void request_free(struct server_request *q)
{
	struct server *s = q->server;
	str_clear(&q->large);
	if (s->spare_request_count >= SPARE_REQUESTS) {
		arena_clear(&q->memory);
		free(q);
		return;
	}
	arena_reset(&q->memory);
	q->next = s->spare_requests;
	s->spare_requests = q;
	s->spare_request_count++;
}

/* What the reader holds becomes the request's. */
static void take_from_reader(struct server_request *q, struct server_conn *c)
{
	struct http_reader *r = &c->reader;
	q->request = r->request;
	if (!q->request.path) /* refused before there was a request line */
		q->request.method = q->request.target = q->request.path = "";
	q->large = r->large;
	r->large = (struct str){0};
	c->server->held -= c->held;
	c->held = 0;
	q->upgrade = r->upgrade;
	q->old_client = r->protocol != HTTP_1_1;
	q->head = r->request.method && str_eq(r->request.method, "HEAD");
	q->keep_alive = r->keep_alive && !r->error && !c->server->stopping;
}

void request_hand_over(struct server_conn *c, enum http_error refused)
{
	struct server_request *q = c->request;
	take_from_reader(q, c);
	q->conn = c;
	q->refused = refused;
	if (refused) {
		q->keep_alive = false;
		c->linger = true;
	}
	q->request.source_ip = arena_strdup(q->arena, c->ip);
	q->request.tls = c->tls != NULL;
	if (c->tls) {
		q->request.cert = tls_peer(c->tls, q->arena);
		q->tls_host = arena_strdup(q->arena, tls_host(c->tls));
	}
	if (c->reader.protocol == HTTP_0_9 || c->reader.protocol == HTTP_RTSP)
		q->refused = refused ? refused : HTTP_BAD_VERSION;
	http_next(&c->reader);
	c->continued = false;
	conn_enter(c, CONN_BUSY);
	c->server->ops->request(c->server->ctx, q);
}

/* ---- answers ------------------------------------------------------------------------- */

/* The request is done with: its connection goes on, or ends. */
static void end_request(struct server_request *q)
{
	struct server_conn *c = q->conn;
	bool keep = q->keep_alive;
	request_free(q);
	if (!c)
		return;
	c->request = NULL;
	conn_enter(c, keep && !c->server->stopping && !c->eof ? CONN_IDLE : CONN_CLOSING);
	if (c->processing)
		return;
	if (c->state == CONN_CLOSING || c->in.len || c->out.len > c->out_at)
		conn_again(c);
	else
		conn_watch(c);
}

static struct http_framing framing(const struct server_request *q)
{
	return (struct http_framing){
		.date = server_date(q->server),
		.keep_alive = q->keep_alive && !q->server->stopping && !(q->conn && q->conn->eof),
		.head = q->head,
	};
}

void server_answer(struct server_request *q, const struct gw_response *r)
{
	struct server_conn *c = q->conn;
	struct http_framing f = framing(q);
	size_t direct = http_body_allowed(r->status, q->head) && r->body.len > COPIED_BODY
				? r->body.len
				: 0;
	if (c) {
		if (direct)
			http_write_head(conn_out(c), r, &f);
		else
			http_write(conn_out(c), r, &f);
		if ((!c->processing || direct) && !conn_flush(c, r->body.p, direct))
			c = NULL; /* gone, and so is q->conn */
	}
	end_request(q);
}

void server_refuse(struct server_request *q)
{
	const struct http_error_row *e = &http_errors[q->refused ? q->refused : HTTP_BAD_LINE];
	struct gw_response r = {.status = e->status};
	char *text = arena_printf(q->arena, "%s\n", e->text);
	r.body = (struct slice){text, strlen(text)};
	gw_headers_add(q->arena, &r.headers, "Content-Type", "text/plain; charset=utf-8");
	server_answer(q, &r);
}

/* ---- answers in pieces --------------------------------------------------------------- */

void server_stream(struct server_request *q, const struct gw_response *head)
{
	struct server_conn *c = q->conn;
	if (!c)
		return;
	if (q->old_client)
		q->keep_alive = false; /* its end is the connection's */
	struct http_framing f = framing(q);
	f.chunked = !q->old_client;
	c->chunked = f.chunked;
	http_write_head(conn_out(c), head, &f);
	if (!c->processing && conn_flush(c, NULL, 0))
		conn_watch(c);
}

bool server_stream_data(struct server_request *q, const char *p, size_t n)
{
	struct server_conn *c = q->conn;
	if (!c || c->out.len - c->out_at > MAX_SERVER_QUEUE)
		return false;
	if (q->head)
		return true;
	if (c->chunked)
		http_write_chunk(conn_out(c), p, n);
	else
		str_addn(conn_out(c), p, n);
	if (c->processing)
		return true;
	if (!conn_flush(c, NULL, 0))
		return false;
	conn_watch(c);
	return true;
}

bool server_gone(const struct server_request *q)
{
	return !q->conn;
}

void server_stream_end(struct server_request *q)
{
	struct server_conn *c = q->conn;
	if (c && c->chunked && !q->head)
		http_write_last_chunk(conn_out(c));
	if (c && !c->processing)
		conn_flush(c, NULL, 0);
	end_request(q);
}

/* ---- upgrades ------------------------------------------------------------------------ */

struct server_conn *server_upgrade(struct server_request *q, const struct gw_response *r,
				   const struct server_upgrade_ops *ops, void *arg)
{
	struct server_conn *c = q->conn;
	struct gw_response answer = {.status = 101, .headers = r->headers};
	if (c && c->eof) {
		conn_drop(c);
		c = NULL;
	}
	if (c)
		http_write_head(conn_out(c), &answer, &(struct http_framing){0});
	request_free(q);
	if (!c)
		return NULL;
	c->request = NULL;
	c->ops = ops;
	c->arg = arg;
	conn_enter(c, CONN_UPGRADED);
	if (!c->processing)
		conn_again(c);
	return c;
}

bool server_send(struct server_conn *c, const char *p, size_t n)
{
	size_t waits = server_waiting(c);
	if (c->state != CONN_UPGRADED || waits + n > MAX_SERVER_QUEUE)
		return false;
	c->waiting = true;
	if (c->processing || waits) {
		str_addn(conn_out(c), p, n);
		return true;
	}
	if (!conn_push(c, p, n))
		return false;
	c->waiting = server_waiting(c) > 0;
	conn_watch(c);
	return true;
}

size_t server_waiting(const struct server_conn *c)
{
	return c->out.len - c->out_at;
}

void server_close(struct server_conn *c, bool flush)
{
	if (c->state != CONN_UPGRADED)
		return;
	conn_enter(c, CONN_CLOSING);
	c->linger = flush;
	if (flush) /* from the loop, by way of LINGER */
		conn_again(c);
	else
		conn_drop(c);
}
