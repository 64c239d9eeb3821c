/* cache.c -- see cache.h. Each stage has its own least-recently-used store (lru.h) of the size its
 * cache cluster has, but no more than what a demo may take of memory. An answer is kept as one
 * piece: status, headers, body.
 *
 * What tells one answer from another is the namespace (of the integration, else the resource), the
 * verb, and the values of the parameters that are declared as cache keys; a query string that is
 * not declared tells nothing, which is the trap learners come here for. A canary with a deployment
 * of its own has entries of its own.
 *
 * Assumed, since the service does not say: only answers below 400 are kept; trace ids are not. */
#include "gateway/cache.h"

#include "gateway/authorize.h"
#include "gateway/gwresponse.h"
#include "gateway/limits.h"
#include "gateway/lru.h"
#include "gateway/mapping.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DEFAULT_TTL_S 300
#define MAX_ENTRIES 100000

struct stage_cache {
	struct stage_cache *next;
	char *api, *stage;
	struct lru *lru;
	size_t max_bytes;
	uint64_t hits, misses;
};
struct cache {
	struct stage_cache *stages;
};

struct cache *cache_new(void)
{
	return xcalloc(1, sizeof(struct cache));
}

void cache_free(struct cache *c)
{
	while (c && c->stages) {
		struct stage_cache *next = c->stages->next;
		free(c->stages->api);
		free(c->stages->stage);
		lru_free(c->stages->lru);
		free(c->stages);
		c->stages = next;
	}
	free(c);
}

static struct stage_cache *stage_find(const struct cache *c, const char *api, const char *stage)
{
	for (struct stage_cache *s = c->stages; s; s = s->next)
		if (strcmp(s->api, api) == 0 && strcmp(s->stage, stage) == 0)
			return s;
	return NULL;
}

static size_t size_of(const struct gw_stage *stage)
{
	double bytes = (stage->cache_gb > 0 ? stage->cache_gb : 0.5) * (1 << 30);
	return bytes < (double)MAX_CACHE_REAL ? (size_t)bytes : MAX_CACHE_REAL;
}

/* A cluster that gets another size starts empty, as the service's does. */
static struct stage_cache *stage_cache(struct cache *c, const struct gw_exchange *x)
{
	struct stage_cache *s = stage_find(c, x->api->id, x->stage->name);
	if (!s) {
		s = xcalloc(1, sizeof(*s));
		s->api = xstrdup(x->api->id);
		s->stage = xstrdup(x->stage->name);
		s->next = c->stages;
		c->stages = s;
	}
	if (!s->lru || s->max_bytes != size_of(x->stage)) {
		lru_free(s->lru);
		s->max_bytes = size_of(x->stage);
		s->lru = lru_new(MAX_ENTRIES, s->max_bytes);
	}
	return s;
}

void cache_flush(struct cache *c, const char *api, const char *stage)
{
	for (struct stage_cache *s = c->stages; s; s = s->next)
		if (strcmp(s->api, api) == 0 && (!stage || strcmp(s->stage, stage) == 0))
			lru_drop_prefix(s->lru, (struct slice){0});
}

bool cache_counts(const struct cache *c, const char *api, const char *stage,
		  struct cache_counts *out)
{
	const struct stage_cache *s = stage_find(c, api, stage);
	if (!s)
		return false;
	*out = (struct cache_counts){
		.hits = s->hits,
		.misses = s->misses,
		.entries = lru_count(s->lru),
		.bytes = lru_bytes(s->lru),
		.max_bytes = s->max_bytes,
	};
	return true;
}

/* ---- keys ---- */

static void add_part(struct str *key, const char *text)
{
	str_add(key, text);
	str_addc(key, '\0');
}

/* Where the value of a cache key comes from: the integration request's parameters are mapped. */
static const char *source_of(const struct gw_integration *i, const char *name)
{
	if (!str_starts(name, "integration.request."))
		return name;
	for (size_t k = 0; k < i->param_count; k++)
		if (strcmp(i->params[k].to, name) == 0)
			return i->params[k].from;
	return NULL;
}

/* Values are told from missing ones, and one value from two. */
static void add_values(struct str *key, struct gw_exchange *x, const char *from)
{
	struct mapping_source source = {.body = x->request->body};
	struct mapping_values v = {.count = 0};
	if (!from || mapping_eval(x, &source, from, &v) != MAPPING_DONE)
		v.count = 0;
	for (size_t i = 0; i < v.count; i++) {
		str_addc(key, '\1');
		add_part(key, v.items[i]);
	}
	str_addc(key, '\2');
}

static void add_key(struct str *key, struct gw_exchange *x)
{
	const struct gw_integration *i = x->method->integration;
	bool own = x->canary && !(x->stage->canary && x->stage->canary->use_stage_cache);
	add_part(key, own && x->api->deployment ? x->api->deployment : "");
	add_part(key, i->cache_namespace ? i->cache_namespace : x->resource->id);
	add_part(key, x->request->method);
	for (size_t k = 0; k < i->cache_key_count; k++)
		add_values(key, x, source_of(i, i->cache_keys[k]));
}

/* ---- one answer as bytes ---- */

struct kept_head {
	int status;
	uint32_t headers; /* texts behind it: name NUL value NUL, then the body */
};

static void pack(struct str *out, const struct gw_response *r)
{
	struct kept_head head = {.status = r->status};
	for (size_t i = 0; i < r->headers.count; i++)
		head.headers += !gw_name_eq(r->headers.items[i].name, "X-Amzn-Trace-Id");
	str_addn(out, (const char *)&head, sizeof(head));
	for (size_t i = 0; i < r->headers.count; i++) {
		if (gw_name_eq(r->headers.items[i].name, "X-Amzn-Trace-Id"))
			continue;
		add_part(out, r->headers.items[i].name);
		add_part(out, r->headers.items[i].value);
	}
	str_addn(out, r->body.p, r->body.len);
}

static void unpack(struct gw_exchange *x, struct slice bytes)
{
	struct kept_head head;
	char *copy = arena_alloc(x->arena, bytes.len + 1);
	memcpy(copy, bytes.p, bytes.len);
	memcpy(&head, copy, sizeof(head));
	const char *p = copy + sizeof(head);
	x->response = (struct gw_response){.status = head.status};
	for (uint32_t i = 0; i < head.headers; i++) {
		const char *name = p;
		const char *value = name + strlen(name) + 1;
		gw_headers_add(x->arena, &x->response.headers, name, value);
		p = value + strlen(value) + 1;
	}
	x->response.body = (struct slice){p, (size_t)(copy + bytes.len - p)};
}

/* ---- settings and invalidation ---- */

/* The row for all methods turns caching on for GET alone; others need a row of their own. */
static bool has_own_row(const struct gw_exchange *x)
{
	for (size_t i = 0; i < x->stage->setting_count; i++) {
		const struct gw_settings *s = &x->stage->settings[i];
		if (s->caching == 1 && s->path && strcmp(s->path, x->resource->path) == 0 &&
		    str_eq(s->verb, x->method->verb))
			return true;
	}
	return false;
}

/* Seconds an answer of this method is kept; 0: it is not. */
static int ttl_of(const struct gw_exchange *x, const struct gw_settings *s)
{
	bool get = strcmp(x->request->method, "GET") == 0;
	int ttl = s->cache_ttl_s >= 0 ? s->cache_ttl_s : x->stage->cache_ttl_s;
	if (!x->stage->cache || !x->method->integration ||
	    !(get ? s->caching != 0 : has_own_row(x)))
		return 0;
	if (ttl < 0)
		ttl = DEFAULT_TTL_S;
	return ttl < MAX_CACHE_TTL_S ? ttl : MAX_CACHE_TTL_S;
}

/* Does the client ask for an answer that was not kept? */
static bool wants_fresh(const struct gw_exchange *x)
{
	size_t i = 0;
	const char *v;
	while ((v = gw_headers_next(&x->request->headers, "Cache-Control", &i))) {
		while (*(v += strspn(v, ", \t"))) {
			size_t n = strcspn(v, ", \t");
			if (n == 9 && strncasecmp(v, "max-age=0", n) == 0)
				return true;
			v += n;
		}
	}
	return false;
}

enum { FAIL_WITH_403, SUCCEED_WITH_HEADER, SUCCEED_WITHOUT_HEADER };

static bool may_invalidate(struct gw_exchange *x, const struct gw_settings *s)
{
	return !s->cache_auth ||
	       authorize_action(x, "execute-api:InvalidateCache", gw_method_arn(x));
}

static void warn(struct gw_exchange *x)
{
	gw_headers_set(x->arena, &x->response.headers, "Warning",
		       "199 - \"Unauthorized Cache-Control header ignored\"");
}

static struct gw_settings settings_of(const struct gw_exchange *x)
{
	return limits_settings(x->stage, x->resource->path, x->method->verb);
}

static enum cache_answer answer(struct gw_exchange *x, enum cache_answer a, enum gw_outcome outcome,
				const char *summary)
{
	gw_row(x, GW_STEP_CACHE, outcome, summary);
	return a;
}

static enum cache_answer look_up(struct stage_cache *sc, struct gw_exchange *x, struct slice key,
				 const struct gw_settings *s)
{
	bool fresh = wants_fresh(x);
	bool may = fresh && may_invalidate(x, s);
	struct slice kept;
	if (fresh && !may && s->cache_unauthorized == FAIL_WITH_403) {
		gw_fail(x, "ACCESS_DENIED",
			authorize_refusal(x, "execute-api:InvalidateCache", gw_method_arn(x),
					  false));
		return answer(x, CACHE_REFUSED, GW_REFUSED, "the caller may not invalidate it");
	}
	if (may)
		lru_drop(sc->lru, key);
	if (!lru_get(sc->lru, key, x->outside->limit_us(x->outside->ctx), &kept)) {
		sc->misses++;
		return answer(x, CACHE_MISS, GW_PASSED, may ? "invalidated" : "miss");
	}
	sc->hits++;
	unpack(x, kept);
	if (fresh && s->cache_unauthorized == SUCCEED_WITH_HEADER)
		warn(x);
	return answer(x, CACHE_HIT, GW_HIT, fresh ? "Cache-Control was ignored" : NULL);
}

/* What tells this answer from others, as people read it. */
static void show_key(struct gw_exchange *x, int ttl_s)
{
	const struct gw_integration *i = x->method->integration;
	struct mapping_source source = {.body = x->request->body};
	struct str text = {0};
	if (!x->trace.detailed)
		return;
	str_addf(&text, "%s %s", x->request->method,
		 i->cache_namespace ? i->cache_namespace : x->resource->path);
	for (size_t k = 0; k < i->cache_key_count; k++) {
		struct mapping_values v = {.count = 0};
		const char *from = source_of(i, i->cache_keys[k]);
		str_addf(&text, ", %s", i->cache_keys[k]);
		if (!from || mapping_eval(x, &source, from, &v) != MAPPING_DONE)
			v.count = 0;
		for (size_t n = 0; n < v.count; n++)
			str_addf(&text, "%s%s", n ? "," : "=", v.items[n]);
	}
	trace_detail(&x->trace, GW_STEP_CACHE, "key", gw_keep(x->arena, &text).p);
	trace_detailf(&x->trace, GW_STEP_CACHE, "kept", "for %d s", ttl_s);
}

enum cache_answer cache_lookup(struct cache *c, struct gw_exchange *x)
{
	struct gw_settings s = settings_of(x);
	if (!ttl_of(x, &s))
		return answer(x, CACHE_OFF, GW_NONE, NULL);
	struct str key = {0};
	add_key(&key, x);
	show_key(x, ttl_of(x, &s));
	enum cache_answer a = look_up(stage_cache(c, x), x, (struct slice){key.p, key.len}, &s);
	str_clear(&key);
	return a;
}

static bool may_keep(const struct gw_exchange *x)
{
	const struct gw_response *r = &x->response;
	size_t size = r->body.len;
	for (size_t i = 0; i < r->headers.count; i++)
		size += strlen(r->headers.items[i].name) + strlen(r->headers.items[i].value) + 4;
	return !x->error_type && r->status < 400 && !r->plain && size <= MAX_CACHE_ITEM;
}

void cache_store(struct cache *c, struct gw_exchange *x)
{
	struct gw_settings s = settings_of(x);
	int ttl_s = ttl_of(x, &s);
	if (ttl_s && may_keep(x)) {
		struct str key = {0}, value = {0};
		add_key(&key, x);
		pack(&value, &x->response);
		lru_put(stage_cache(c, x)->lru, (struct slice){key.p, key.len},
			(struct slice){value.p, value.len},
			x->outside->limit_us(x->outside->ctx) + ttl_s * INT64_C(1000000));
		str_clear(&key);
		str_clear(&value);
	}
	if (ttl_s && s.cache_unauthorized == SUCCEED_WITH_HEADER && wants_fresh(x) &&
	    !may_invalidate(x, &s))
		warn(x);
}
