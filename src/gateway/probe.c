/* probe.c -- see probe.h. Requests go through client.h, to the very socket that any client uses.
 * Bursts are open-loop: what is due follows from the time that has passed, so that a gateway that
 * answers slowly gets no fewer requests, as with real clients. */
#include "gateway/probe.h"

#include "gateway/client.h"
#include "gateway/hostname.h"
#include "gateway/trace.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <uv.h>

#define PROBE_TIMEOUT_MS 330000 /* more than any integration may take */
#define TICK_MS 50
#define OTHER_FILES 300 /* descriptors left to the rest of the program, by guess */

struct burst {
	bool running, stopped;
	struct arena arena; /* of the call */
	struct gw_http_call call;
	struct probe_burst seen; /* what ticks tell */
	uint64_t planned, told;  /* requests in all; answers at the last tick */
	uint64_t began_ns;
	void (*tick)(void *arg, const struct probe_burst *b, bool over);
	void *arg;
};
struct probe {
	uv_loop_t *loop;
	const struct serve *serve;
	struct client *client;
	uv_timer_t *due, *ticks; /* of a burst */
	struct burst burst;
	size_t most; /* calls of a burst under way */
	bool closing;
};

/* ---- one request --------------------------------------------------------------------- */

static bool is_tls(const struct probe *p)
{
	return str_starts(serve_url(p->serve), "https:");
}

/* "127.0.0.1:8787" */
static const char *authority(const struct probe *p)
{
	return strchr(serve_url(p->serve), ':') + 3;
}

/* The path as it goes on the wire. */
static const char *wire_target(struct arena *a, const struct probe_request *q)
{
	const char *slash = q->target[0] == '/' ? "" : "/";
	return q->api && !q->host ? arena_printf(a, API_PREFIX "%s%s%s", q->api, slash, q->target)
				  : arena_printf(a, "%s%s", slash, q->target);
}

/* Host stands first, as clients send it. */
static struct gw_headers wire_headers(struct arena *a, const struct probe_request *q)
{
	struct gw_headers h = {0};
	if (q->host)
		gw_headers_add(a, &h, "Host", q->host);
	for (size_t i = 0; i < q->headers.count; i++)
		if (!q->host || !gw_name_eq(q->headers.items[i].name, "Host"))
			gw_headers_add(a, &h, q->headers.items[i].name, q->headers.items[i].value);
	return h;
}

/* With TLS the name must be asked for in the handshake too: it decides about certificates. */
static const char *tls_name(struct arena *a, const struct probe *p, const struct probe_request *q)
{
	return q->host && is_tls(p) ? arena_strndup(a, q->host, strcspn(q->host, ":")) : NULL;
}

static struct gw_http_call make_call(struct arena *a, const struct probe *p,
				     const struct probe_request *q)
{
	return (struct gw_http_call){
		.method = q->method,
		.url = arena_printf(a, "%s%s", serve_url(p->serve), wire_target(a, q)),
		.headers = wire_headers(a, q),
		.body = q->body,
		.timeout_ms = PROBE_TIMEOUT_MS,
		.insecure = true, /* the certificate is our own */
		.verify = tls_name(a, p, q),
		.client_cert = q->cert,
		.client_key = q->key,
	};
}

void probe_send(struct probe *p, const struct probe_request *q, probe_done *done, void *arg)
{
	struct arena a = {0};
	const struct gw_http_call call = make_call(&a, p, q);
	client_http(p->client, &call, done, arg);
	arena_clear(&a);
}

/* ---- bursts -------------------------------------------------------------------------- */

static void burst_over(struct probe *p)
{
	struct burst *b = &p->burst;
	const struct probe_burst seen = b->seen;
	uv_timer_stop(p->due);
	uv_timer_stop(p->ticks);
	arena_clear(&b->arena);
	b->running = false;
	b->tick(b->arg, &seen, true);
}

static bool all_sent(const struct burst *b)
{
	return b->stopped || b->seen.sent == b->planned;
}

static void on_ticks(uv_timer_t *timer)
{
	struct probe *p = timer->data;
	struct burst *b = &p->burst;
	if (all_sent(b) && b->seen.answered == b->seen.sent) {
		burst_over(p);
		return;
	}
	if (b->told == b->seen.answered)
		return;
	b->told = b->seen.answered;
	b->tick(b->arg, &b->seen, false);
}

static void on_burst_answer(void *arg, const struct gw_call_result *r)
{
	struct probe *p = arg;
	struct probe_burst *seen = &p->burst.seen;
	int digit = r->end == GW_CALL_DONE ? r->status / 100 : 0;
	if (p->closing)
		return;
	seen->answered++;
	seen->by_status[digit >= 1 && digit <= 5 ? digit : 0]++;
	if (all_sent(&p->burst) && seen->answered == seen->sent)
		uv_timer_start(p->ticks, on_ticks, 0, TICK_MS);
}

static void on_due(uv_timer_t *timer)
{
	struct probe *p = timer->data;
	struct burst *b = &p->burst;
	double passed = (double)(uv_hrtime() - b->began_ns) / 1e9;
	double due = passed * b->seen.rate + 1;
	while (!all_sent(b) && (double)(b->seen.sent + 1) <= due) {
		b->seen.sent++;
		if (client_running(p->client) < p->most)
			client_http(p->client, &b->call, on_burst_answer, p);
		else
			on_burst_answer(p, &(struct gw_call_result){.end = GW_CALL_BUSY});
	}
	if (all_sent(b))
		uv_timer_stop(timer);
}

static double within(double v, double low, double high)
{
	return v > high ? high : v >= low ? v : low; /* no number is low too */
}

/* What outlives the caller's request. */
static void keep_call(struct burst *b, const struct probe *p, const struct probe_request *q)
{
	struct arena *a = &b->arena;
	b->call = make_call(a, p, q);
	b->call.method = arena_strdup(a, b->call.method);
	for (size_t i = 0; i < b->call.headers.count; i++) {
		struct gw_header *h = &b->call.headers.items[i];
		*h = (struct gw_header){arena_strdup(a, h->name), arena_strdup(a, h->value)};
	}
	b->call.body.p = arena_copy(a, q->body.p, q->body.len);
	b->call.client_cert = arena_strdup(a, q->cert);
	b->call.client_key = arena_strdup(a, q->key);
}

bool probe_burst(struct probe *p, const struct probe_request *q, double rate, double seconds,
		 void (*tick)(void *arg, const struct probe_burst *b, bool over), void *arg)
{
	struct burst *b = &p->burst;
	if (b->running)
		return false;
	rate = within(rate, MIN_PROBE_RATE, MAX_PROBE_RATE);
	seconds = within(seconds, 0, MAX_PROBE_BURST / rate);
	*b = (struct burst){.running = true, .tick = tick, .arg = arg};
	b->seen = (struct probe_burst){.rate = rate, .seconds = seconds};
	b->planned = (uint64_t)within(rate * seconds + 0.5, 1, MAX_PROBE_BURST);
	b->began_ns = uv_hrtime();
	keep_call(b, p, q);
	uint64_t every_ms = (uint64_t)within(1000 / rate / 2, 1, 1000);
	uv_timer_start(p->due, on_due, 0, every_ms);
	uv_timer_start(p->ticks, on_ticks, TICK_MS, TICK_MS);
	return true;
}

void probe_burst_stop(struct probe *p)
{
	p->burst.stopped = true;
}

/* ---- the probe ----------------------------------------------------------------------- */

static uv_timer_t *new_timer(struct probe *p)
{
	uv_timer_t *timer = xcalloc(1, sizeof(*timer));
	uv_timer_init(p->loop, timer);
	timer->data = p;
	return timer;
}

/* A request under way takes two descriptors, its own and the server's. The system may give us more
 * than we have; and before a burst takes them all, which would break functions and the listener,
 * its requests go unanswered. */
static size_t most_calls(void)
{
	const rlim_t want = 2 * MAX_CLIENT_CALLS + OTHER_FILES;
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return MAX_CLIENT_CALLS;
	if (files.rlim_cur < want) {
		struct rlimit more = files;
		more.rlim_cur = files.rlim_max < want ? files.rlim_max : want;
		if (setrlimit(RLIMIT_NOFILE, &more) == 0)
			files = more;
	}
	if (files.rlim_cur >= want)
		return MAX_CLIENT_CALLS;
	return files.rlim_cur > OTHER_FILES + 16 ? (files.rlim_cur - OTHER_FILES) / 2 : 8;
}

struct probe *probe_new(struct uv_loop_s *loop, const struct serve *s)
{
	struct probe *p = xcalloc(1, sizeof(*p));
	p->loop = loop;
	p->serve = s;
	p->client = client_new(loop);
	p->most = most_calls();
	p->due = new_timer(p);
	p->ticks = new_timer(p);
	return p;
}

static void free_timer(uv_handle_t *h)
{
	free(h);
}

void probe_free(struct probe *p)
{
	if (!p)
		return;
	p->closing = true;
	client_free(p->client);
	uv_close((uv_handle_t *)p->due, free_timer);
	uv_close((uv_handle_t *)p->ticks, free_timer);
	arena_clear(&p->burst.arena);
	free(p);
}

const char *probe_url(const struct probe *p)
{
	return serve_url(p->serve);
}

struct wsclient *probe_connect(struct probe *p, const struct probe_request *q,
			       const struct wsclient_ops *ops, void *arg)
{
	struct arena a = {0};
	const char *to = authority(p);
	const char *colon = strrchr(to, ':');
	bool six = *to == '[';
	const struct wsclient_options o = {
		.address = arena_strndup(&a, to + six, (size_t)(colon - to) - 2 * six),
		.port = atoi(colon + 1),
		.host = q->host ? q->host : to,
		.target = wire_target(&a, q),
		.headers = q->headers,
		.tls = is_tls(p),
		.cert = q->cert,
		.key = q->key,
	};
	struct wsclient *c = wsclient_open(p->loop, &o, ops, arg);
	arena_clear(&a);
	return c;
}

/* ---- from a trace -------------------------------------------------------------------- */

/* What a client adds by itself. */
static bool is_clients_own(const char *name)
{
	static const char *const names[] = {"Host", "Content-Length", "Transfer-Encoding",
					    "Connection", "Expect"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (gw_name_eq(name, names[i]))
			return true;
	return false;
}

bool probe_from_trace(struct probe_request *out, const struct gw_trace *t, struct arena *a)
{
	bool asked = t->kind == GW_TRACE_REQUEST || t->kind == GW_TRACE_PUSH;
	size_t kept = t->sent_body ? strlen(t->sent_body) : 0;
	const char *target = t->target ? t->target : t->path;
	if (!asked || !t->sent || !target || !t->method || kept != t->sent_bytes)
		return false;
	*out = (struct probe_request){.method = arena_strdup(a, t->method),
				      .target = arena_strdup(a, target)};
	for (const struct gw_detail *h = t->sent; h; h = h->next) {
		if (gw_name_eq(h->name, "Host"))
			out->host = arena_strdup(a, h->value);
		else if (!is_clients_own(h->name))
			gw_headers_add(a, &out->headers, arena_strdup(a, h->name),
				       arena_strdup(a, h->value));
	}
	out->body = (struct slice){arena_strndup(a, t->sent_body ? t->sent_body : "", kept), kept};
	return true;
}
