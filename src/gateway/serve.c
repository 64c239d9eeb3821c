/* serve.c -- see serve.h.
 *
 * Everything that a definition decides is in a generation; what outlives it (buckets, quotas, kept
 * answers, counters, traces) is kept by names in the modules. When files or deployments change a
 * new generation is made and the old one stays until its last request is answered. A definition
 * with errors changes nothing. */
#include "gateway/serving.h"
#include "base/file.h"
#include "gateway/authorize.h"
#include "gateway/cache.h"
#include "gateway/limits.h"
#include "gateway/tls.h"
#include "gateway/waf.h"

#include <stdlib.h>
#include <string.h>

#define WATCH_MS 500

/* ---- the world outside the pipelines ------------------------------------------------- */

static void outside_http(void *ctx, const struct gw_http_call *call, gw_done *done, void *arg)
{
	client_http(((struct serve *)ctx)->client, call, done, arg);
}

static void outside_function(void *ctx, const struct gw_function_call *call, gw_done *done,
			     void *arg)
{
	functions_call(((struct serve *)ctx)->functions, call, done, arg);
}

/* A request asks for the time a dozen times: asking the system each time would show. */
static void compare_clocks(struct serve *s)
{
	stopwatch_tune(&s->stopwatch);
	s->wall_ms = clock_ms(&s->o.clock);
	s->wall_us = stopwatch_us(&s->stopwatch);
}

static int64_t outside_us(void *ctx)
{
	return stopwatch_us(&((struct serve *)ctx)->stopwatch);
}

static int64_t outside_ms(void *ctx)
{
	const struct serve *s = ctx;
	if (s->o.clock.frozen)
		return s->wall_ms;
	return s->wall_ms + (stopwatch_us(&s->stopwatch) - s->wall_us) / 1000;
}

static int64_t outside_limit_us(void *ctx)
{
	const struct serve *s = ctx;
	double us = (double)(stopwatch_us(&s->stopwatch) - s->began_us);
	return s->began_us + (int64_t)(us * s->o.time_scale);
}

static int64_t outside_limit_ms(void *ctx)
{
	const struct serve *s = ctx;
	int64_t us = clock_us() - s->began_us;
	return clock_ms(&s->o.clock) + (int64_t)((double)us * (s->o.time_scale - 1) / 1000);
}

static uint64_t outside_random(void *ctx)
{
	return rng_next(&((struct serve *)ctx)->rng);
}

static bool outside_ws_send(void *ctx, const char *connection_id, struct slice text)
{
	return wsconn_send(((struct serve *)ctx)->ws, connection_id, text);
}

static bool outside_ws_close(void *ctx, const char *connection_id, int code, const char *reason)
{
	return wsconn_close(((struct serve *)ctx)->ws, connection_id, code, reason);
}

static void init_outside(struct serve *s)
{
	s->outside = (struct outside){
		.ctx = s,
		.http = outside_http,
		.function = outside_function,
		.now_us = outside_us,
		.now_ms = outside_ms,
		.limit_us = outside_limit_us,
		.limit_ms = outside_limit_ms,
		.random = outside_random,
		.ws_send = outside_ws_send,
		.ws_close = outside_ws_close,
	};
}

/* ---- generations --------------------------------------------------------------------- */

static void generation_free(struct generation *g)
{
	waf_free(g->rt.waf);
	gateway_clear(&g->gateway);
	free(g);
}

struct generation *generation_hold(struct serve *s)
{
	s->now->refs++;
	return s->now;
}

void generation_release(struct generation *g)
{
	if (--g->refs == 0)
		generation_free(g);
}

/* What says that it has to be read again: deployments always, definitions if it was asked for. */
static void list_watched(const struct serve *s, struct generation *g)
{
	struct gateway *gw = &g->gateway;
	size_t most = s->o.file_count + 2 * gw->api_count;
	g->watched = arena_alloc(&gw->arena, (most + 1) * sizeof(*g->watched));
	for (size_t i = 0; i < gw->api_count; i++) {
		g->watched[g->watched_count++] =
			deploy_state_file(&gw->arena, &gw->apis[i], s->o.state);
		if (s->o.watch && gw->apis[i].file)
			g->watched[g->watched_count++] = gw->apis[i].file;
	}
	for (size_t i = 0; s->o.watch && i < s->o.file_count; i++)
		g->watched[g->watched_count++] = s->o.files[i];
}

/* The files are sound, their stages know what they serve, web ACLs compile. */
static struct generation *load(struct serve *s, struct diags *d)
{
	struct generation *g = xcalloc(1, sizeof(*g));
	const struct deploy_options deploy = {
		.state = s->o.state, .now_ms = clock_ms(&s->o.clock), .brief = s->o.brief};
	g->refs = 1;
	if (gateway_load(&g->gateway, s->o.files, s->o.file_count, &s->o.load, d) &&
	    deploy_open(&g->deploy, &g->gateway, &deploy, d) &&
	    (g->rt.waf = waf_new(&g->gateway, d))) {
		list_watched(s, g);
		return g;
	}
	generation_free(g);
	return NULL;
}

static void make_current(struct serve *s, struct generation *g)
{
	struct generation *old = s->now;
	const struct gw_runtime *kept = old ? &old->rt : NULL;
	struct waf *waf = g->rt.waf;
	g->rt = kept ? *kept
		     : (struct gw_runtime){.limits = limits_new(),
					   .auth = auth_state_new(),
					   .cache = cache_new(),
					   .metrics = metrics_new(),
					   .time_scale = s->o.time_scale,
					   .detailed = s->o.detailed};
	g->rt.gateway = &g->gateway;
	g->rt.deploy = &g->deploy;
	g->rt.outside = &s->outside;
	g->rt.waf = waf;
	limits_load(g->rt.limits, &g->gateway);
	metrics_reload(g->rt.metrics);
	auth_state_flush(g->rt.auth, NULL, NULL);
	if (s->functions)
		functions_reload(s->functions);
	g->names = (struct hostname){.gateway = &g->gateway,
				     .deploy = &g->deploy,
				     .port = s->server ? server_port(s->server) : s->o.port,
				     .any_address = s->o.listen != NULL};
	hostname_init(&g->names, &g->gateway.arena);
	s->now = g;
	if (old)
		generation_release(old);
}

/* ---- following files ----------------------------------------------------------------- */

/* Sizes and times of all that was read, in a number. */
static uint64_t stamp(const struct serve *s)
{
	const struct generation *g = s->now;
	uint64_t h = 0;
	for (size_t i = 0; i < g->watched_count; i++) {
		struct file_stat st = {0};
		if (file_stat(g->watched[i], &st))
			h = hash_mix(h, hash_mix((uint64_t)st.mtime_ns, (uint64_t)st.size));
		h = hash_mix(h, i);
	}
	return h;
}

/* Whose certificates a generation's domains take. What was there before stays if that fails. */
static bool trust_clients(struct serve *s, const struct gateway *g, struct diags *d)
{
	if (!s->tls)
		return true;
	struct tls_trust *before = tls_trust_swap(s->tls, NULL);
	bool ok = !s->o.truststore || tls_truststore(s->tls, NULL, s->o.truststore, d);
	for (size_t i = 0; ok && i < g->domain_count; i++) {
		const struct gw_domain *domain = &g->domains[i];
		ok = !domain->truststore ||
		     tls_truststore(s->tls, domain->name, domain->truststore, d);
	}
	tls_trust_free(ok ? before : tls_trust_swap(s->tls, before));
	return ok;
}

/* What was read is what the watch need not read again, sound or not. */
bool serve_reload(struct serve *s, struct diags *d)
{
	struct generation *g = load(s, d);
	if (g && !trust_clients(s, &g->gateway, d)) {
		generation_free(g);
		g = NULL;
	}
	if (g)
		make_current(s, g);
	if (s->now)
		s->settled = s->stamp = stamp(s);
	return g != NULL;
}

void serve_edited(struct serve *s)
{
	struct diags d = {0};
	serve_reload(s, &d);
	if (s->o.changed)
		s->o.changed(s->o.ctx, &d);
	diags_clear(&d);
}

/* Read again once the files have been left alone for one look. */
static void on_watch(uv_timer_t *timer)
{
	struct serve *s = timer->data;
	uint64_t seen = stamp(s);
	compare_clocks(s);
	bool calm = seen == s->stamp;
	s->stamp = seen;
	if (calm && seen != s->settled)
		serve_edited(s);
}

/* ---- start --------------------------------------------------------------------------- */

static bool open_tls(struct serve *s, struct diags *d)
{
	if (!s->o.cert)
		return true;
	s->tls = tls_new(s->o.cert, s->o.key, &s->o.clock, d);
	return s->tls && trust_clients(s, &s->now->gateway, d);
}

static bool open_server(struct serve *s, struct diags *d)
{
	const char *address = s->o.listen ? s->o.listen : "127.0.0.1";
	const struct server_options o = {
		.address = address,
		.port = s->o.port,
		.tls = s->tls,
		.clock = s->o.clock,
		.idle_ms = (int64_t)(310000 / s->o.time_scale) + 1,
	};
	s->server = server_open(s->loop, &o, &dispatch_ops, s, d);
	if (!s->server)
		return false;
	s->url = xasprintf(strchr(address, ':') ? "%s://[%s]:%d" : "%s://%s:%d",
			   s->tls ? "https" : "http", address, server_port(s->server));
	return true;
}

static bool is_any_address(const char *listen)
{
	return !listen || str_eq(listen, "0.0.0.0") || str_eq(listen, "::");
}

static void open_backends(struct serve *s)
{
	const struct gateway *g = &s->now->gateway;
	char *scratch = xasprintf("%s/functions", s->o.state);
	s->client = client_new(s->loop);
	client_home(s->client, is_any_address(s->o.listen) ? "127.0.0.1" : s->o.listen,
		    server_port(s->server));
	s->functions = functions_new(&(struct functions_options){
		.loop = s->loop,
		.client = s->client,
		.region = g->region,
		.account = g->account,
		.callback_url = s->url,
		.program = s->o.program,
		.scratch = scratch,
	});
	free(scratch);
}

struct serve *serve_open(struct uv_loop_s *loop, const struct serve_options *o, struct diags *d)
{
	struct serve *s = xcalloc(1, sizeof(*s));
	s->o = *o;
	s->loop = loop;
	s->rng.state = o->seed;
	s->began_us = clock_us();
	stopwatch_start(&s->stopwatch);
	compare_clocks(s);
	s->ring = ring_new(RING_TRACES);
	s->ws = wsconns_new(s);
	init_outside(s);
	if (!serve_reload(s, d) || !open_tls(s, d) || !open_server(s, d)) {
		serve_free(s);
		return NULL;
	}
	s->now->names.port = server_port(s->server);
	hostname_init(&s->now->names, &s->now->gateway.arena);
	open_backends(s);
	uv_timer_init(loop, &s->watch);
	s->watch.data = s;
	uv_timer_start(&s->watch, on_watch, WATCH_MS, WATCH_MS);
	return s;
}

/* ---- what it is ---------------------------------------------------------------------- */

const char *serve_url(const struct serve *s)
{
	return s->url;
}

const struct gw_runtime *serve_runtime(const struct serve *s)
{
	return &s->now->rt;
}

const struct ring *serve_ring(const struct serve *s)
{
	return s->ring;
}

void serve_detail(struct serve *s, bool detailed)
{
	s->o.detailed = s->now->rt.detailed = detailed;
}

size_t serve_connections(const struct serve *s)
{
	return wsconns_count(s->ws);
}

void serve_caches(const struct serve *s,
		  void (*each)(void *ctx, const char *api, const char *stage,
			       const struct cache_counts *c),
		  void *ctx)
{
	const struct gateway *g = &s->now->gateway;
	for (size_t i = 0; i < g->api_count; i++) {
		const struct gw_api *api = &g->apis[i];
		for (size_t k = 0; k < api->stage_count; k++) {
			struct cache_counts c;
			if (cache_counts(s->now->rt.cache, api->id, api->stages[k].name, &c))
				each(ctx, api->id, api->stages[k].name, &c);
		}
	}
}

void serve_addresses(const struct serve *s, struct str *out)
{
	const struct hostname *h = &s->now->names;
	struct arena a = {0};
	bool one = h->gateway->api_count == 1;
	for (size_t i = 0; i < h->gateway->api_count; i++) {
		const struct gw_api *api = &h->gateway->apis[i];
		const char *scheme = api->type == GW_WEBSOCKET ? s->tls ? "wss" : "ws"
				     : s->tls                  ? "https"
							       : "http";
		const char *rest = strchr(s->url, ':');
		for (size_t k = 0; k < api->stage_count; k++) {
			const struct gw_stage *stage = &api->stages[k];
			bool unnamed = str_eq(stage->name, "$default");
			str_addf(out, "  %s %s: %s%s%s%s/%s\n", api->id, stage->name, scheme, rest,
				 one ? "" : API_PREFIX, one ? "" : api->id,
				 one && unnamed ? "" : stage->name);
			str_addf(out, "  %s %s: %s\n", api->id, stage->name,
				 hostname_url(h, &a, scheme, api, stage));
		}
	}
	arena_clear(&a);
}

/* ---- end ----------------------------------------------------------------------------- */

/* The server is gone: nothing more is asked of backends and functions. */
static void all_gone(struct serve *s)
{
	if (s->server_gone && s->watch_gone && s->o.stopped)
		s->o.stopped(s->o.ctx);
}

static void on_watch_closed(uv_handle_t *handle)
{
	struct serve *s = handle->data;
	s->watch_gone = true;
	all_gone(s);
}

void serve_stop(struct serve *s, int64_t grace_ms)
{
	if (s->stopping)
		return;
	s->stopping = true;
	uv_close((uv_handle_t *)&s->watch, on_watch_closed);
	server_stop(s->server, grace_ms);
}

void serve_server_stopped(struct serve *s)
{
	s->server_gone = true;
	client_free(s->client);
	functions_free(s->functions);
	s->client = NULL;
	s->functions = NULL;
	all_gone(s);
}

void serve_free(struct serve *s)
{
	if (!s)
		return;
	if (s->now) {
		struct gw_runtime rt = s->now->rt;
		generation_release(s->now);
		limits_free(rt.limits);
		auth_state_free(rt.auth);
		cache_free(rt.cache);
		metrics_free(rt.metrics);
	}
	server_free(s->server);
	tls_free(s->tls);
	ring_free(s->ring);
	wsconns_free(s->ws);
	free(s->url);
	free(s);
}
