/* dispatch.c -- from a request on the wire to its pipeline, and from its answer to the wire, the
 * traces, the counters and the logs. What reaches no API is answered here, in words that say they
 * are the simulator's. */
#include "base/json.h"
#include "gateway/capture.h"
#include "gateway/gwresponse.h"
#include "gateway/httpapi.h"
#include "gateway/rest.h"
#include "gateway/serving.h"
#include "gateway/wsapi.h"
#include "gateway/wsmanage.h"

#include <string.h>

struct serving {
	struct gw_exchange x;
	struct serve *serve;
	struct server_request *q;
	struct generation *generation;
	struct str log;
	bool head_sent; /* of an answer in pieces */
	struct capture_stream pieces;
};

/* ---- answers ------------------------------------------------------------------------- */

void dispatch_note(struct serve *s, struct generation *g, struct gw_exchange *x)
{
	ring_add(s->ring, &x->trace);
	metrics_count(g->rt.metrics, x);
	usage_count(&s->usage, x);
	if (s->o.answered)
		s->o.answered(s->o.ctx, x);
}

/* A push that came through shows what its connection was sent. */
static void capture(struct serving *v)
{
	struct gw_exchange *x = &v->x;
	struct gw_trace *t = &x->trace;
	const struct gw_request *q = &v->q->request;
	capture_request(t, q);
	capture_response(t, &x->response, x->streamed ? &v->pieces : NULL);
	if (t->kind == GW_TRACE_PUSH && t->status == 200 && str_eq(t->method, "POST"))
		capture_message(t, q->body, q->body);
}

/* Everybody who keeps something of the request takes it now: then its memory goes. */
static void done(struct gw_exchange *x, void *arg)
{
	struct serving *v = arg;
	struct generation *g = v->generation;
	capture(v);
	dispatch_note(v->serve, g, x);
	str_clear(&v->log);
	str_clear(&v->pieces.text);
	if (x->streamed)
		server_stream_end(v->q);
	else
		server_answer(v->q, &x->response);
	generation_release(g);
}

/* A WebSocket API has answered a handshake. */
static void connected(struct gw_exchange *x, void *arg)
{
	struct serving *v = arg;
	if (x->response.status != 101) {
		done(x, arg);
		return;
	}
	capture(v);
	dispatch_note(v->serve, v->generation, x);
	str_clear(&v->log);
	wsconn_open(v->serve->ws, v->q, x, v->generation);
}

static void run_websocket(struct serving *v)
{
	struct gw_exchange *x = &v->x;
	if (wsmanage_is(x)) {
		wsmanage_run(x, &v->generation->rt, v->serve->ws, done, v);
		return;
	}
	x->event_type = "CONNECT";
	x->connection_id = gw_new_extended(x);
	x->connected_ms = x->outside->now_ms(x->outside->ctx);
	wsapi_connect(x, &v->generation->rt, connected, v);
}

static enum gw_piece_taken send_piece(struct gw_exchange *x, struct slice piece)
{
	struct serving *v = (struct serving *)x; /* its first member */
	if (!v->head_sent)
		server_stream(v->q, &x->response);
	v->head_sent = true;
	if (server_gone(v->q))
		return GW_PIECE_STOP;
	if (!server_stream_data(v->q, piece.p, piece.len))
		return server_gone(v->q) ? GW_PIECE_STOP : GW_PIECE_WAIT;
	if (x->trace.detailed)
		capture_piece(&v->pieces, piece);
	return GW_PIECE_TAKEN;
}

/* The gateway's own answer to what reached no API. */
static void answer_own(struct serving *v, int status, const char *message)
{
	struct gw_exchange *x = &v->x;
	struct str body = {0};
	str_add(&body, "{\"message\":");
	json_add_string(&body, message, strlen(message));
	str_add(&body, "}");
	x->response.status = x->trace.status = status;
	gw_headers_add(x->arena, &x->response.headers, "Content-Type", "application/json");
	gw_headers_add(x->arena, &x->response.headers, "x-gatedrill", "not an answer of AWS");
	x->response.body = gw_keep(x->arena, &body);
	x->trace.began_ms = x->outside->now_ms(x->outside->ctx);
	x->trace.error = message;
	done(x, v);
}

static void refuse_malformed(struct serving *v)
{
	const struct http_error_row *e = &http_errors[v->q->refused];
	v->x.trace.rows[GW_STEP_SIZE] = (struct gw_row){GW_REFUSED, 0, e->text, NULL};
	answer_own(v, e->status, e->text);
}

static void refuse_host(struct serving *v, const char *host)
{
	answer_own(v, 403,
		   arena_printf(v->x.arena,
				"The host \"%s\" is neither a loopback name nor a custom domain of "
				"these definitions. Requests for other hosts are refused, so that "
				"no web page can reach the gateway by a name of its own.",
				host));
}

static void refuse_api(struct serving *v)
{
	const struct gateway *g = &v->generation->gateway;
	struct str text = {0};
	str_add(&text, "No API is meant. Loaded:");
	for (size_t i = 0; i < g->api_count; i++)
		str_addf(&text, "%s %s", i ? "," : "", g->apis[i].id);
	str_add(&text, ". Address one as /_aws/execute-api/API/STAGE/path, or by the host "
		       "API.execute-api.localhost.");
	answer_own(v, 404, arena_strdup(v->x.arena, str_c(&text)));
	str_clear(&text);
}

/* An answer of the service that no pipeline gives: a custom domain says no. */
static void forbid(struct serving *v, enum gw_step step, const char *why)
{
	struct gw_exchange *x = &v->x;
	x->trace.rows[step].outcome = GW_REFUSED;
	x->trace.rows[step].summary = why;
	x->trace.api = x->api ? x->api->id : NULL;
	x->trace.stage = x->stage ? x->stage->name : NULL;
	x->response.status = x->trace.status = 403;
	x->response.body = (struct slice){"{\"message\":\"Forbidden\"}", 23};
	gw_headers_add(x->arena, &x->response.headers, "Content-Type", "application/json");
	gw_headers_add(x->arena, &x->response.headers, "x-amzn-ErrorType", "ForbiddenException");
	x->trace.began_ms = x->outside->now_ms(x->outside->ctx);
	x->error_message =
		why; /* for the line of the request; the type of this answer has no name */
	done(x, v);
}

/* ---- requests ------------------------------------------------------------------------ */

/* Mutual TLS: the certificate counts for the host that asked for it in the handshake. */
static bool certificate_shown(struct serving *v, const struct gw_address *to)
{
	struct gw_trace *t = &v->x.trace;
	const char *host = v->q->tls_host;
	const struct gw_client_cert *cert = v->x.request->cert;
	bool everywhere = v->serve->o.truststore != NULL;
	if (!everywhere && (!to->custom || !to->custom->truststore))
		return true;
	trace_detail(t, GW_STEP_TLS, "server name", host ? host : "none");
	trace_detail(t, GW_STEP_TLS, "certificate", cert ? cert->subject_dn : "none");
	if (!cert || (!everywhere && (!host || !gw_name_eq(host, to->domain))))
		return false;
	t->rows[GW_STEP_TLS].outcome = GW_PASSED;
	return true;
}

static void run(struct serving *v, const struct gw_address *to)
{
	struct gw_exchange *x = &v->x;
	struct gw_runtime *rt = &v->generation->rt;
	x->api = to->api;
	x->stage = to->stage;
	x->domain = to->domain;
	x->domain_prefix = to->domain_prefix;
	x->base_path = to->base_path;
	x->full_path = to->full_path;
	x->path = to->path;
	if (!certificate_shown(v, to)) {
		forbid(v, GW_STEP_TLS, "no client certificate that the truststore vouches for");
		return;
	}
	switch (to->api->type) {
	case GW_REST:
		rest_run(x, rt, done, v);
		return;
	case GW_HTTP:
		httpapi_run(x, rt, done, v);
		return;
	case GW_WEBSOCKET:
		run_websocket(v);
		return;
	}
}

/* What is not set here is zero: the arena's memory is. */
static struct serving *new_serving(struct serve *s, struct server_request *q)
{
	struct serving *v = arena_alloc(q->arena, sizeof(*v));
	struct gw_exchange *x = &v->x;
	v->serve = s;
	v->q = q;
	v->generation = generation_hold(s);
	x->arena = x->trace.arena = q->arena;
	x->gateway = &v->generation->gateway;
	x->outside = &s->outside;
	x->request = &q->request;
	x->authorizer_us = x->integration_us = -1;
	x->send_piece = send_piece;
	x->trace.detailed = v->generation->rt.detailed;
	x->trace.method = q->request.method;
	x->trace.path = q->request.path;
	x->trace.log = s->o.log ? &v->log : NULL;
	return v;
}

static void on_request(void *ctx, struct server_request *q)
{
	struct serve *s = ctx;
	struct serving *v = new_serving(s, q);
	struct gw_address to;
	const char *host = gw_headers_first(&q->request.headers, "host");
	if (q->refused == HTTP_LARGE_BODY) {
		q->request.body = (struct slice){NULL, MAX_HTTP_BODY + 1}; /* what was announced */
	} else if (q->refused) {
		refuse_malformed(v);
		return;
	}
	switch (hostname_find(&v->generation->names, q->arena, host, q->request.path, &to)) {
	case HOSTNAME_API:
		run(v, &to);
		return;
	case HOSTNAME_OWN:
		generation_release(v->generation);
		own_page(s, q);
		return;
	case HOSTNAME_FOREIGN:
		refuse_host(v, host);
		return;
	case HOSTNAME_NO_API:
		refuse_api(v);
		return;
	case HOSTNAME_UNMAPPED:
		forbid(v, GW_STEP_STAGE, "the custom domain has no mapping for this path");
		return;
	}
}

static void on_stopped(void *ctx)
{
	serve_server_stopped(ctx);
}

const struct server_ops dispatch_ops = {.request = on_request, .stopped = on_stopped};
