/* wsconn.c -- see wsconn.h.
 *
 * A connection that waits costs its place in the table, the texts it was opened with in one piece
 * of memory, and a reader without a buffer. Each message is a run of its own: an arena, an
 * exchange, a pipeline. Runs of a connection go on side by side and answer as they end, as the
 * service does it; a connection that closes stays in memory until its last run has ended.
 *
 *   open --close frame, fault, limit, DELETE--> ended: out of the table, $disconnect runs
 *        --the wire is gone-------------------> the same, with 1006
 *
 * A connection holds the generation it was opened with: its routes and functions stay what they
 * were until it closes. */
#include "gateway/wsconn.h"

#include "base/json.h"
#include "base/random.h"
#include "gateway/capture.h"
#include "gateway/content.h"
#include "gateway/serving.h"
#include "gateway/ws.h"
#include "gateway/wsapi.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_BUCKETS 64
#define ID_BYTES 17

/* Texts that outlive the handshake, by place in `texts`. */
enum kept {
	KEPT_IP,
	KEPT_AGENT,
	KEPT_HOST,
	KEPT_DOMAIN,
	KEPT_PREFIX,
	KEPT_PATH,
	KEPT_PRINCIPAL,
	KEPT_AUTHORIZER, /* JSON */
	KEPT_ACCESS_KEY,
	KEPT_ACCOUNT,
	KEPT_API_KEY,
	KEPT_API_KEY_ID,
	KEPT_CALLER,
	KEPT_USER,
	KEPT_USER_ARN,
	KEPT_COUNT,
};

struct wsconn {
	struct wsconns *all;
	struct wsconn *next;      /* of its bucket */
	struct server_conn *wire; /* NULL: ended */
	struct generation *generation;
	const struct gw_api *api;
	const struct gw_stage *stage;
	char *texts;             /* one piece of memory for all that are kept */
	uint16_t at[KEPT_COUNT]; /* where in it, plus one; 0: not known */
	char id[ID_BYTES];
	bool tls;
	int64_t connected_ms, active_ms; /* Unix */
	int64_t opened_us, active_us;    /* by the clock of limits */
	int64_t authorizer_us;
	size_t runs;
	struct ws_reader reader;
};

struct wsconns {
	struct serve *serve;
	struct wsconn **buckets;
	size_t bucket_count, count;
	size_t pending;             /* bytes of messages that runs hold */
	int64_t past_us, opened_us; /* time of those that are gone; sum of the others' beginnings */
};

/* One message or disconnection on its way. In its own arena. */
struct ws_job {
	struct arena arena;
	struct gw_exchange x;
	struct gw_request request;
	struct wsconn *conn;
	struct str log;
};

/* ---- the table ----------------------------------------------------------------------- */

static int64_t limit_us(const struct wsconns *all)
{
	const struct outside *o = &all->serve->outside;
	return o->limit_us(o->ctx);
}

static struct wsconn **bucket(const struct wsconns *all, const char *id)
{
	uint64_t h = 0;
	for (const char *p = id; *p; p++)
		h = hash_mix(h, (uint8_t)*p);
	return &all->buckets[h & (all->bucket_count - 1)];
}

static void grow(struct wsconns *all)
{
	struct wsconn **old = all->buckets;
	size_t n = all->bucket_count;
	all->bucket_count = n ? 2 * n : FIRST_BUCKETS;
	all->buckets = xcalloc(all->bucket_count, sizeof(struct wsconn *));
	for (size_t i = 0; i < n; i++) {
		for (struct wsconn *c = old[i], *next; c; c = next) {
			struct wsconn **b = bucket(all, c->id);
			next = c->next;
			c->next = *b;
			*b = c;
		}
	}
	free(old);
}

static struct wsconn *find(const struct wsconns *all, const char *id)
{
	struct wsconn *c = *bucket(all, id);
	while (c && strcmp(c->id, id) != 0)
		c = c->next;
	return c;
}

static void put(struct wsconns *all, struct wsconn *c)
{
	if (all->count >= all->bucket_count)
		grow(all);
	struct wsconn **b = bucket(all, c->id);
	c->next = *b;
	*b = c;
	all->count++;
	all->opened_us += c->opened_us;
}

static void take_out(struct wsconns *all, struct wsconn *c)
{
	struct wsconn **at = bucket(all, c->id);
	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	all->count--;
	all->opened_us -= c->opened_us;
	all->past_us += limit_us(all) - c->opened_us;
}

struct wsconns *wsconns_new(struct serve *serve)
{
	struct wsconns *all = xcalloc(1, sizeof(*all));
	all->serve = serve;
	grow(all);
	return all;
}

void wsconns_free(struct wsconns *all)
{
	if (!all)
		return;
	free(all->buckets);
	free(all);
}

size_t wsconns_count(const struct wsconns *all)
{
	return all->count;
}

int64_t wsconns_us(const struct wsconns *all)
{
	return all->past_us + (int64_t)all->count * limit_us(all) - all->opened_us;
}

/* ---- what is kept -------------------------------------------------------------------- */

static const char *kept(const struct wsconn *c, enum kept k)
{
	return c->at[k] ? c->texts + c->at[k] - 1 : NULL;
}

static const char *authorizer_text(struct gw_exchange *x)
{
	struct str out = {0};
	if (!x->authorizer)
		return NULL;
	json_write(&out, x->authorizer);
	return gw_keep(x->arena, &out).p;
}

/* Offsets have 16 bits: a head has at most 64 KB, but an authorizer adds to it. What would not fit
 * is left out, the authorizer's last of all. */
static void keep_texts(struct wsconn *c, struct gw_exchange *x)
{
	const struct gw_identity *id = &x->identity;
	const char *const texts[KEPT_COUNT] = {
		[KEPT_IP] = x->request->source_ip,
		[KEPT_AGENT] = id->user_agent,
		[KEPT_HOST] = gw_headers_first(&x->request->headers, "Host"),
		[KEPT_DOMAIN] = x->domain,
		[KEPT_PREFIX] = x->domain_prefix,
		[KEPT_PATH] = x->full_path,
		[KEPT_PRINCIPAL] = x->principal,
		[KEPT_AUTHORIZER] = authorizer_text(x),
		[KEPT_ACCESS_KEY] = id->access_key,
		[KEPT_ACCOUNT] = id->account,
		[KEPT_API_KEY] = id->api_key,
		[KEPT_API_KEY_ID] = id->api_key_id,
		[KEPT_CALLER] = id->caller,
		[KEPT_USER] = id->user,
		[KEPT_USER_ARN] = id->user_arn,
	};
	struct str all = {0};
	for (size_t i = 0; i < KEPT_COUNT; i++) {
		size_t n = texts[i] ? strlen(texts[i]) + 1 : 0;
		if (!n || all.len + n >= UINT16_MAX)
			continue;
		c->at[i] = (uint16_t)(all.len + 1);
		str_addn(&all, texts[i], n);
	}
	c->texts = xmalloc(all.len + 1);
	memcpy(c->texts, str_c(&all), all.len);
	str_clear(&all);
}

static void release(struct wsconn *c)
{
	if (c->wire || c->runs)
		return;
	generation_release(c->generation);
	ws_reader_clear(&c->reader);
	free(c->texts);
	free(c);
}

/* ---- runs ---------------------------------------------------------------------------- */

static const char *job_text(struct ws_job *job, enum kept k)
{
	return kept(job->conn, k);
}

static void fill_identity(struct ws_job *job)
{
	struct gw_exchange *x = &job->x;
	struct slice context = {job_text(job, KEPT_AUTHORIZER), 0};
	x->identity = (struct gw_identity){
		.access_key = job_text(job, KEPT_ACCESS_KEY),
		.account = job_text(job, KEPT_ACCOUNT),
		.api_key = job_text(job, KEPT_API_KEY),
		.api_key_id = job_text(job, KEPT_API_KEY_ID),
		.caller = job_text(job, KEPT_CALLER),
		.user = job_text(job, KEPT_USER),
		.user_arn = job_text(job, KEPT_USER_ARN),
	};
	x->principal = job_text(job, KEPT_PRINCIPAL);
	if (context.p) {
		context.len = strlen(context.p);
		json_read_wire(x->arena, context, &x->authorizer);
	}
	x->authorizer_us = job->conn->authorizer_us;
}

static void fill_request(struct ws_job *job)
{
	struct gw_request *q = &job->request;
	const char *agent = job_text(job, KEPT_AGENT);
	q->method = "GET";
	q->target = q->path = job_text(job, KEPT_PATH);
	q->source_ip = job_text(job, KEPT_IP);
	q->tls = job->conn->tls;
	if (job_text(job, KEPT_HOST))
		gw_headers_add(&job->arena, &q->headers, "Host", job_text(job, KEPT_HOST));
	if (agent)
		gw_headers_add(&job->arena, &q->headers, "User-Agent", agent);
}

static struct ws_job *job_new(struct wsconn *c, const char *event_type)
{
	struct serve *s = c->all->serve;
	struct ws_job *job = xcalloc(1, sizeof(*job));
	struct gw_exchange *x = &job->x;
	job->conn = c;
	c->runs++;
	*x = (struct gw_exchange){
		.arena = &job->arena,
		.gateway = &c->generation->gateway,
		.api = c->api,
		.stage = c->stage,
		.outside = &s->outside,
		.request = &job->request,
		.domain = job_text(job, KEPT_DOMAIN),
		.domain_prefix = job_text(job, KEPT_PREFIX),
		.full_path = job_text(job, KEPT_PATH),
		.path = "/",
		.connection_id = c->id,
		.event_type = event_type,
		.connected_ms = c->connected_ms,
		.integration_us = -1,
	};
	fill_request(job);
	fill_identity(job);
	x->trace = (struct gw_trace){
		.arena = &job->arena,
		.detailed = s->o.detailed,
		.log = s->o.log ? &job->log : NULL,
	};
	return job;
}

static void job_end(struct ws_job *job)
{
	struct wsconn *c = job->conn;
	c->all->pending -= job->x.message.len;
	c->runs--;
	str_clear(&job->log);
	arena_clear(&job->arena);
	free(job);
	release(c);
}

static void disconnected(struct gw_exchange *x, void *arg)
{
	struct ws_job *job = arg;
	dispatch_note(job->conn->all->serve, job->conn->generation, x);
	job_end(job);
}

/* Nothing can be sent or found any more. The wire is the caller's to close. */
static void end(struct wsconn *c, int code, struct slice reason)
{
	struct ws_job *job = job_new(c, "DISCONNECT");
	take_out(c->all, c);
	c->wire = NULL;
	job->x.disconnect_code = code;
	job->x.disconnect_reason = arena_strndup(&job->arena, reason.p, reason.len);
	wsapi_disconnect(&job->x, &c->generation->rt, disconnected, job);
}

/* Say goodbye and end. What the client is told and what $disconnect is told may differ. */
static void say_goodbye(struct wsconn *c, int code, const char *reason, int told,
			struct slice told_reason)
{
	struct server_conn *wire = c->wire;
	struct str frame = {0};
	ws_write_close(&frame, code, reason);
	bool sent = server_send(wire, frame.p, frame.len);
	str_clear(&frame);
	server_close(wire, sent);
	end(c, told, told_reason);
}

static void close_with(struct wsconn *c, int code, const char *reason)
{
	say_goodbye(c, code, reason, code, (struct slice){reason, strlen(reason)});
}

static void drop(struct wsconn *c)
{
	server_close(c->wire, false);
	end(c, WS_ABNORMAL, (struct slice){"", 0});
}

/* ---- out ----------------------------------------------------------------------------- */

static void touch(struct wsconn *c)
{
	const struct outside *o = &c->all->serve->outside;
	c->active_us = o->limit_us(o->ctx);
}

static bool send_bytes(struct wsconn *c, const struct str *frame)
{
	if (server_waiting(c->wire) + frame->len > MAX_WS_QUEUE ||
	    !server_send(c->wire, frame->p, frame->len))
		return false;
	touch(c);
	return true;
}

/* Clients fail a connection over text that is not UTF-8: it is made so. */
static bool send_text(struct wsconn *c, struct slice text)
{
	struct str frame = {0};
	struct arena a = {0};
	text = content_text(&a, text);
	ws_write_message(&frame, false, text.p, text.len, MAX_WS_FRAME);
	bool sent = send_bytes(c, &frame);
	str_clear(&frame);
	arena_clear(&a);
	return sent;
}

bool wsconn_send(struct wsconns *all, const char *id, struct slice text)
{
	struct wsconn *c = find(all, id);
	const struct outside *o = &all->serve->outside;
	if (!c || !send_text(c, text))
		return false;
	c->active_ms = o->now_ms(o->ctx);
	return true;
}

bool wsconn_close(struct wsconns *all, const char *id, int code, const char *reason)
{
	struct wsconn *c = find(all, id);
	if (c)
		close_with(c, code, reason);
	return c != NULL;
}

bool wsconn_find(const struct wsconns *all, const char *id, struct wsconn_info *out)
{
	const struct wsconn *c = find(all, id);
	if (!c)
		return false;
	*out = (struct wsconn_info){
		.api = c->api,
		.stage = c->stage->name,
		.source_ip = kept(c, KEPT_IP),
		.user_agent = kept(c, KEPT_AGENT),
		.connected_ms = c->connected_ms,
		.active_ms = c->active_ms,
		.waiting = server_waiting(c->wire),
	};
	return true;
}

/* ---- in ------------------------------------------------------------------------------ */

static void message_done(struct gw_exchange *x, void *arg)
{
	struct ws_job *job = arg;
	struct wsconn *c = job->conn;
	capture_message(&x->trace, x->message, x->response.body);
	dispatch_note(c->all->serve, c->generation, x);
	if (c->wire && x->response.body.p && !send_text(c, x->response.body))
		drop(c);
	job_end(job);
}

static void take_message(struct wsconn *c, struct slice text)
{
	struct wsconns *all = c->all;
	const struct outside *o = &all->serve->outside;
	struct ws_job *job = job_new(c, "MESSAGE");
	c->active_ms = o->now_ms(o->ctx);
	job->x.message = gw_copy(&job->arena, text);
	all->pending += text.len;
	if (c->runs > MAX_WS_RUNS || all->pending > MAX_WS_PENDING)
		wsapi_refuse_message(&job->x, message_done, job);
	else
		wsapi_message(&job->x, &c->generation->rt, message_done, job);
}

static void answer_ping(struct wsconn *c, struct slice payload)
{
	struct str frame = {0};
	ws_write_control(&frame, WS_OP_PONG, payload.p, payload.len);
	bool sent = send_bytes(c, &frame);
	str_clear(&frame);
	if (!sent)
		drop(c);
}

/* The client's close is echoed. Without a code $disconnect is told so in the recorded words. */
static void take_close(struct wsconn *c, const struct ws_event *e)
{
	static const char no_code[] = "Client-side close frame status not set";
	bool bare = e->code == WS_NO_CODE;
	say_goodbye(c, e->code, "", e->code,
		    bare ? (struct slice){no_code, sizeof(no_code) - 1} : e->payload);
}

static void take_event(struct wsconn *c, const struct ws_event *e)
{
	switch (e->kind) {
	case WS_MESSAGE:
		take_message(c, e->payload);
		break;
	case WS_PING:
		answer_ping(c, e->payload);
		break;
	case WS_PONG:
		break;
	case WS_CLOSE:
		take_close(c, e);
		break;
	case WS_FAIL:
		close_with(c, e->code, "");
		break;
	}
}

static void on_bytes(void *arg, const char *p, size_t n)
{
	struct wsconn *c = arg;
	struct ws_event e;
	size_t used;
	touch(c);
	c->runs++; /* it stays, whatever happens */
	while (c->wire && ws_read(&c->reader, p, n, &used, &e)) {
		p += used;
		n -= used;
		take_event(c, &e);
	}
	c->runs--;
	release(c);
}

static void on_closed(void *arg)
{
	end(arg, WS_ABNORMAL, (struct slice){"", 0});
}

static void on_tick(void *arg, int64_t now_ms)
{
	struct wsconn *c = arg;
	const struct outside *o = &c->all->serve->outside;
	int64_t now = o->limit_us(o->ctx);
	(void)now_ms;
	if (now - c->active_us >= WS_IDLE_US || now - c->opened_us >= WS_LIFE_US)
		close_with(c, WS_GOING_AWAY, "Going away");
}

static void on_stop(void *arg)
{
	close_with(arg, WS_GOING_AWAY, "Going away");
}

void wsconn_open(struct wsconns *all, struct server_request *q, struct gw_exchange *x,
		 struct generation *g)
{
	static const struct server_upgrade_ops ops = {
		.bytes = on_bytes, .closed = on_closed, .tick = on_tick, .stop = on_stop};
	const struct outside *o = x->outside;
	struct wsconn *c = xcalloc(1, sizeof(*c));
	c->all = all;
	c->generation = g;
	c->api = x->api;
	c->stage = x->stage;
	memccpy(c->id, x->connection_id, '\0', ID_BYTES - 1);
	c->tls = x->request->tls;
	c->connected_ms = c->active_ms = x->connected_ms;
	c->opened_us = c->active_us = o->limit_us(o->ctx);
	c->authorizer_us = x->authorizer_us;
	c->reader.limits = (struct ws_limits){MAX_WS_FRAME, MAX_WS_MESSAGE, true};
	keep_texts(c, x);
	put(all, c);
	c->wire = server_upgrade(q, &x->response, &ops, c);
	if (!c->wire)
		end(c, WS_ABNORMAL, (struct slice){"", 0}); /* it had left already */
	else if (all->serve->stopping)
		on_stop(c);
}
