/* limits.c -- see limits.h. One table holds all buckets, found by the names of what they belong to:
 * definitions are read again while requests are served, and a learner who edits a file must not get
 * full buckets for it. A bucket is filled when it is looked at; nothing runs in between.
 *
 * A usage plan has a bucket and a quota for each of its keys, over all stages of the plan, and one
 * bucket for each method it limits. All buckets that a request needs of one kind are looked at
 * before any is taken from, so that a refused request costs no token. Throttling comes before the
 * quota: a call that is throttled does not use it up (assumed: the service does not say).
 *
 * Keys are found through a hash table of key values, plans through a list for each key; both are
 * made when a definition is loaded. */
#include "gateway/limits.h"

#include "base/clock.h"
#include "base/random.h"
#include "gateway/gwresponse.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_RATE 10000
#define DEFAULT_BURST 5000
#define CONNECT_RATE 500

/* api, stage, path, verb, plan, key */
enum { NAMES = 6 };
struct bucket_id {
	enum limit_kind kind;
	const char *names[NAMES]; /* NULL where they do not apply */
};
struct bucket {
	struct bucket *chain;
	uint64_t hash;
	struct bucket_id id; /* texts behind the struct */
	double rate, burst, tokens;
	int64_t last_us;
	uint64_t passed, refused;
	/* quota of a plan's key */
	long used, quota; /* quota < 0: none */
	enum gw_period period;
	int64_t start_ms; /* of the period used is of; 0: not counted yet */
};
/* A plan that holds a key. */
struct link {
	const struct gw_plan *plan;
	uint32_t next; /* in links, + 1; 0: the last */
};
struct limits {
	struct bucket **table;
	size_t mask, count;
	const struct gateway *g;
	uint32_t *slots; /* index of a key + 1, by hash of its value */
	size_t slot_mask;
	uint32_t *first; /* of a key, into links, + 1 */
	struct link *links;
};

struct limits *limits_new(void)
{
	struct limits *l = xcalloc(1, sizeof(*l));
	l->mask = 255;
	l->table = xcalloc(l->mask + 1, sizeof(*l->table));
	return l;
}

void limits_reset(struct limits *l)
{
	for (size_t i = 0; i <= l->mask; i++) {
		for (struct bucket *b = l->table[i], *next; b; b = next) {
			next = b->chain;
			free(b);
		}
		l->table[i] = NULL;
	}
	l->count = 0;
}

static void index_clear(struct limits *l)
{
	free(l->slots);
	free(l->first);
	free(l->links);
	l->slots = l->first = NULL;
	l->links = NULL;
	l->g = NULL;
}

void limits_free(struct limits *l)
{
	if (!l)
		return;
	limits_reset(l);
	index_clear(l);
	free(l->table);
	free(l);
}

/* ---- keys and plans ---- */

static uint32_t *slot_of(const struct limits *l, const struct gateway *g, const char *value)
{
	size_t at = hash_text(value) & l->slot_mask;
	while (l->slots[at] && strcmp(g->keys[l->slots[at] - 1].value, value) != 0)
		at = (at + 1) & l->slot_mask;
	return &l->slots[at];
}

void limits_load(struct limits *l, const struct gateway *g)
{
	size_t links = 0;
	index_clear(l);
	for (size_t p = 0; p < g->plan_count; p++)
		links += g->plans[p].key_count;
	l->slot_mask = 15;
	while (l->slot_mask < g->key_count * 2)
		l->slot_mask = l->slot_mask * 2 + 1;
	l->slots = xcalloc(l->slot_mask + 1, sizeof(*l->slots));
	l->first = xcalloc(g->key_count + 1, sizeof(*l->first));
	l->links = xcalloc(links + 1, sizeof(*l->links));
	for (size_t i = 0; i < g->key_count; i++) {
		uint32_t *slot = slot_of(l, g, g->keys[i].value);
		if (!*slot)
			*slot = (uint32_t)i + 1;
	}
	links = 0;
	for (size_t p = g->plan_count; p-- > 0;) {
		for (size_t k = 0; k < g->plans[p].key_count; k++) {
			uint32_t key = *slot_of(l, g, g->plans[p].keys[k]->value);
			if (!key)
				continue;
			l->links[links] = (struct link){&g->plans[p], l->first[key - 1]};
			l->first[key - 1] = (uint32_t)++links;
		}
	}
	l->g = g;
}

/* The plan that holds this key for a stage; NULL: none. */
static const struct gw_plan *plan_find(const struct limits *l, size_t key, const char *api,
				       const char *stage)
{
	for (uint32_t at = l->first[key]; at; at = l->links[at - 1].next) {
		const struct gw_plan *p = l->links[at - 1].plan;
		for (size_t i = 0; i < p->stage_count; i++)
			if (strcmp(p->stages[i].api, api) == 0 &&
			    strcmp(p->stages[i].stage, stage) == 0)
				return p;
	}
	return NULL;
}

/* ---- settings ---- */

static bool is_star(const char *s)
{
	return !s || strcmp(s, "*") == 0;
}

static const struct gw_settings *settings_row(const struct gw_stage *stage, const char *path,
					      const char *verb)
{
	for (size_t i = 0; i < stage->setting_count; i++) {
		const struct gw_settings *s = &stage->settings[i];
		if (s->path && strcmp(s->path, path) == 0 && str_eq(s->verb, verb))
			return s;
	}
	return NULL;
}

static const struct gw_settings *settings_all(const struct gw_stage *stage)
{
	for (size_t i = 0; i < stage->setting_count; i++)
		if (is_star(stage->settings[i].path) && is_star(stage->settings[i].verb))
			return &stage->settings[i];
	return NULL;
}

struct gw_settings limits_settings(const struct gw_stage *stage, const char *path, const char *verb)
{
	struct gw_settings s = {
		.rate = -1, .burst = -1, .caching = -1, .cache_ttl_s = -1, .log_level = -1};
	const struct gw_settings *all = stage ? settings_all(stage) : NULL;
	const struct gw_settings *own = stage && path ? settings_row(stage, path, verb) : NULL;
	if (all)
		s = *all;
	s.path = path;
	s.verb = verb;
	if (!own || own == all)
		return s;
	s.rate = own->rate >= 0 ? own->rate : s.rate;
	s.burst = own->burst >= 0 ? own->burst : s.burst;
	s.caching = own->caching >= 0 ? own->caching : s.caching;
	s.cache_ttl_s = own->cache_ttl_s >= 0 ? own->cache_ttl_s : s.cache_ttl_s;
	s.log_level = own->log_level >= 0 ? own->log_level : s.log_level;
	s.cache_auth = own->cache_auth;
	s.cache_unauthorized = own->cache_unauthorized;
	s.data_trace = own->data_trace;
	s.metrics = own->metrics;
	return s;
}

/* ---- buckets ---- */

static uint64_t id_hash(const struct bucket_id *id)
{
	uint64_t h = (uint64_t)id->kind + 1;
	for (size_t i = 0; i < NAMES; i++)
		if (id->names[i])
			h = hash_bytes(id->names[i], strlen(id->names[i]), h + i);
	return h;
}

static bool id_equal(const struct bucket_id *a, const struct bucket_id *b)
{
	for (size_t i = 0; i < NAMES; i++)
		if (!str_eq(a->names[i], b->names[i]))
			return false;
	return a->kind == b->kind;
}

static double tokens_at(const struct bucket *b, int64_t now_us)
{
	double more = now_us > b->last_us ? b->rate * (double)(now_us - b->last_us) / 1e6 : 0;
	return b->tokens + more < b->burst ? b->tokens + more : b->burst;
}

/* Drop the buckets that say no more than new ones would. */
static void sweep(struct limits *l, int64_t now_us)
{
	for (size_t i = 0; i <= l->mask; i++) {
		for (struct bucket **at = &l->table[i]; *at;) {
			struct bucket *b = *at;
			if (b->quota >= 0 || tokens_at(b, now_us) < b->burst) {
				at = &b->chain;
				continue;
			}
			*at = b->chain;
			free(b);
			l->count--;
		}
	}
}

static void grow(struct limits *l)
{
	size_t mask = l->mask * 2 + 1;
	struct bucket **table = xcalloc(mask + 1, sizeof(*table));
	for (size_t i = 0; i <= l->mask; i++) {
		for (struct bucket *b = l->table[i], *next; b; b = next) {
			next = b->chain;
			b->chain = table[b->hash & mask];
			table[b->hash & mask] = b;
		}
	}
	free(l->table);
	l->table = table;
	l->mask = mask;
}

static struct bucket *bucket_make(struct limits *l, const struct bucket_id *id, uint64_t hash)
{
	size_t size = sizeof(struct bucket);
	for (size_t i = 0; i < NAMES; i++)
		size += id->names[i] ? strlen(id->names[i]) + 1 : 0;
	struct bucket *b = xcalloc(1, size);
	char *text = (char *)(b + 1);
	b->hash = hash;
	b->id.kind = id->kind;
	b->quota = -1;
	for (size_t i = 0; i < NAMES; i++) {
		if (!id->names[i])
			continue;
		size_t n = strlen(id->names[i]) + 1;
		b->id.names[i] = memcpy(text, id->names[i], n);
		text += n;
	}
	if (l->count > l->mask)
		grow(l);
	b->chain = l->table[hash & l->mask];
	l->table[hash & l->mask] = b;
	l->count++;
	return b;
}

/* The bucket, filled up to now, with this rate and burst; a new one is full. NULL: there are too
 * many. */
static struct bucket *bucket_at(struct limits *l, const struct bucket_id *id, double rate,
				double burst, int64_t now_us)
{
	uint64_t hash = id_hash(id);
	struct bucket *b = l->table[hash & l->mask];
	while (b && (b->hash != hash || !id_equal(&b->id, id)))
		b = b->chain;
	if (!b) {
		if (l->count >= MAX_BUCKETS)
			sweep(l, now_us);
		if (l->count >= MAX_BUCKETS)
			return NULL;
		b = bucket_make(l, id, hash);
		b->tokens = burst;
	} else {
		b->tokens = tokens_at(b, now_us);
	}
	b->rate = rate;
	b->burst = burst;
	b->tokens = b->tokens < burst ? b->tokens : burst;
	b->last_us = now_us;
	return b;
}

/* Is there a token, but for what doubles lose? A rate or burst of 0 lets nothing pass. */
static bool has_token(const struct bucket *b)
{
	return b->rate > 0 && b->tokens >= 1 - 1e-9;
}

static void take(struct bucket *b)
{
	b->tokens = b->tokens > 1 ? b->tokens - 1 : 0;
	b->passed++;
}

/* Take one of each, or of none. Returns the first that has none, NULL if all had. */
static struct bucket *take_all(struct bucket **buckets, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (has_token(buckets[i]))
			continue;
		buckets[i]->refused++;
		return buckets[i];
	}
	for (size_t i = 0; i < n; i++)
		take(buckets[i]);
	return NULL;
}

static struct bucket *account_bucket(struct limits *l, const struct gateway *g, int64_t now_us)
{
	static const struct bucket_id id = {.kind = LIMIT_ACCOUNT};
	bool set = g->account_rate > 0 || g->account_burst > 0;
	return bucket_at(l, &id, set ? g->account_rate : DEFAULT_RATE,
			 set ? g->account_burst : DEFAULT_BURST, now_us);
}

/* Where only one of the two is set, the other is the account's. */
static double rate_of(const struct gateway *g, double rate)
{
	return rate >= 0 ? rate : (g->account_rate > 0 ? g->account_rate : DEFAULT_RATE);
}

static double burst_of(const struct gateway *g, double burst)
{
	return burst >= 0 ? burst : (g->account_burst > 0 ? g->account_burst : DEFAULT_BURST);
}

/* ---- methods, routes, the account ---- */

static bool throttled(struct gw_exchange *x, enum gw_step step, const char *what)
{
	trace_row(&x->trace, x->outside->now_us(x->outside->ctx), step, GW_REFUSED, what);
	gw_fail(x, "THROTTLED", "Too Many Requests");
	return false;
}

static void passed(struct gw_exchange *x, enum gw_step step, const char *what)
{
	trace_row(&x->trace, x->outside->now_us(x->outside->ctx), step, GW_PASSED, what);
}

/* What a method or route is called in settings. */
static void called(const struct gw_exchange *x, const char **path, const char **verb)
{
	*path = x->resource ? x->resource->path : (x->route ? x->route->key : NULL);
	*verb = x->resource && x->method ? x->method->verb : NULL;
}

/* "5", "0.01". Printing a fraction takes a microsecond, and most are none. */
static const char *number_text(struct arena *a, double n)
{
	long whole = n < 1e15 ? (long)n : 0;
	return (double)whole == n ? arena_printf(a, "%ld", whole) : arena_printf(a, "%g", n);
}

static void show_tokens(struct gw_exchange *x, enum gw_step step, const char *name,
			const struct bucket *b)
{
	if (!x->trace.detailed)
		return;
	long hundredths = b->tokens < 1e12 ? (long)(b->tokens * 100 + 0.5) : 0;
	trace_detailf(&x->trace, step, name, "%ld.%02ld of %s left, %s a second", hundredths / 100,
		      hundredths % 100, number_text(x->arena, b->burst),
		      number_text(x->arena, b->rate));
}

bool limits_take(struct limits *l, struct gw_exchange *x)
{
	int64_t now_us = x->outside->limit_us(x->outside->ctx);
	struct bucket_id id = {.kind = LIMIT_METHOD};
	struct bucket *buckets[2];
	size_t n = 0;
	called(x, &id.names[2], &id.names[3]);
	struct gw_settings s = limits_settings(x->stage, id.names[2], id.names[3]);
	if (id.names[2] && (s.rate >= 0 || s.burst >= 0)) {
		id.names[0] = x->api->id;
		id.names[1] = x->stage->name;
		buckets[n++] = bucket_at(l, &id, rate_of(x->gateway, s.rate),
					 burst_of(x->gateway, s.burst), now_us);
	}
	buckets[n++] = account_bucket(l, x->gateway, now_us);
	if (!buckets[0] || !buckets[n - 1])
		return throttled(x, GW_STEP_THROTTLE, "there are too many buckets");
	struct bucket *empty = take_all(buckets, n);
	if (n > 1)
		show_tokens(x, GW_STEP_THROTTLE, "tokens", buckets[0]);
	show_tokens(x, GW_STEP_THROTTLE, "tokens of the account", buckets[n - 1]);
	if (empty)
		return throttled(x, GW_STEP_THROTTLE,
				 n > 1 && empty == buckets[0]
					 ? (x->resource ? "no token left for the method"
							: "no token left for the route")
					 : "no token left for the account");
	passed(x, GW_STEP_THROTTLE, NULL);
	return true;
}

bool limits_take_account(struct limits *l, struct gw_exchange *x)
{
	struct bucket *b = account_bucket(l, x->gateway, x->outside->limit_us(x->outside->ctx));
	bool empty = !b || take_all(&b, 1);
	if (b)
		show_tokens(x, GW_STEP_THROTTLE, "tokens of the account", b);
	if (empty)
		return throttled(x, GW_STEP_THROTTLE, "no token left for the account");
	passed(x, GW_STEP_THROTTLE, NULL);
	return true;
}

bool limits_take_connection(struct limits *l, struct gw_exchange *x)
{
	static const struct bucket_id id = {.kind = LIMIT_CONNECT};
	struct bucket *b = bucket_at(l, &id, CONNECT_RATE, CONNECT_RATE,
				     x->outside->limit_us(x->outside->ctx));
	bool empty = !b || take_all(&b, 1);
	if (b)
		show_tokens(x, GW_STEP_THROTTLE, "tokens for connections", b);
	if (empty)
		return throttled(x, GW_STEP_THROTTLE, "more than 500 new connections a second");
	passed(x, GW_STEP_THROTTLE, NULL);
	return true;
}

/* ---- quotas ---- */

static const int64_t day_ms = INT64_C(86400000);

int64_t quota_start_ms(enum gw_period period, int64_t now_ms)
{
	int32_t day = (int32_t)(now_ms / day_ms);
	int year, month, mday;
	switch (period) {
	case GW_DAY:
		break;
	case GW_WEEK:
		day -= (day + 3) % 7; /* day 0 was a Thursday */
		break;
	case GW_MONTH:
		day_to_date(day, &year, &month, &mday);
		day -= mday - 1;
		break;
	}
	return day * day_ms;
}

int64_t quota_end_ms(enum gw_period period, int64_t now_ms)
{
	static const int days[] = {[GW_DAY] = 1, [GW_WEEK] = 7, [GW_MONTH] = 31};
	int64_t start = quota_start_ms(period, now_ms);
	/* no month has more days, and the next has more than what is too much */
	return quota_start_ms(period, start + days[period] * day_ms);
}

/* Count of the period that holds now_ms; the offset is deducted in the first one. */
static void quota_turn(struct bucket *b, const struct gw_plan *p, int64_t now_ms)
{
	int64_t start = quota_start_ms(p->period, now_ms);
	if (b->start_ms != start || b->period != p->period)
		b->used = b->start_ms ? 0 : p->offset;
	b->quota = p->quota;
	b->period = p->period;
	b->start_ms = start;
}

/* ---- usage plans ---- */

static bool needs_key(const struct gw_exchange *x)
{
	return (x->method && x->method->api_key) || (!x->method && x->route && x->route->api_key);
}

/* What the caller presents as its key; NULL or "": nothing. */
static const char *presented_key(struct gw_exchange *x)
{
	static const char from_header[] = "$request.header.";
	const char *select = x->api->type == GW_WEBSOCKET ? x->api->api_key_selection : NULL;
	bool authorizer = x->api->key_from_authorizer ||
			  (select && strstr(select, "usageIdentifierKey") != NULL);
	if (authorizer)
		return x->identity.api_key;
	const char *name = select && str_starts(select, from_header)
				   ? select + sizeof(from_header) - 1
				   : "x-api-key";
	return gw_headers_first(&x->request->headers, name);
}

static bool refuse_key(struct gw_exchange *x, const char *why)
{
	x->identity.api_key = x->identity.api_key_id = NULL;
	trace_row(&x->trace, x->outside->now_us(x->outside->ctx), GW_STEP_API_KEY, GW_REFUSED, why);
	gw_fail(x, "INVALID_API_KEY", "Forbidden");
	return false;
}

static const struct gw_method_throttle *plan_method(const struct gw_plan *p,
						    const struct gw_exchange *x)
{
	const char *path, *verb;
	called(x, &path, &verb);
	for (size_t i = 0; path && i < p->method_count; i++) {
		const struct gw_method_throttle *m = &p->methods[i];
		if (strcmp(m->api, x->api->id) == 0 && strcmp(m->stage, x->stage->name) == 0 &&
		    strcmp(m->path, path) == 0 &&
		    (is_star(m->verb) || (verb && strcmp(m->verb, verb) == 0)))
			return m;
	}
	return NULL;
}

static void show_quota(struct gw_exchange *x, const struct bucket *b, const struct gw_plan *p)
{
	static const char *const periods[] = {
		[GW_DAY] = "day", [GW_WEEK] = "week", [GW_MONTH] = "month"};
	trace_detailf(&x->trace, GW_STEP_API_KEY, "quota", "%ld of %ld used this %s", b->used,
		      p->quota, periods[p->period]);
}

/* Throttle and quota of a key in its plan. */
static bool plan_take(struct limits *l, struct gw_exchange *x, const struct gw_plan *p,
		      const struct gw_api_key *key)
{
	int64_t now_us = x->outside->limit_us(x->outside->ctx);
	const struct gw_method_throttle *m = plan_method(p, x);
	struct bucket_id id = {.kind = LIMIT_PLAN, .names = {[4] = p->id, [5] = key->id}};
	struct bucket *buckets[2];
	bool free_plan = p->rate < 0 && p->burst < 0;
	struct bucket *plan = bucket_at(l, &id, free_plan ? 1e9 : rate_of(x->gateway, p->rate),
					free_plan ? 1e9 : burst_of(x->gateway, p->burst), now_us);
	size_t n = 0;
	if (m) {
		struct bucket_id own = {
			LIMIT_PLAN_METHOD,
			{x->api->id, x->stage->name, m->path, m->verb, p->id, key->id}};
		buckets[n++] = bucket_at(l, &own, rate_of(x->gateway, m->rate),
					 burst_of(x->gateway, m->burst), now_us);
	}
	buckets[n++] = plan;
	if (!buckets[0] || !plan)
		return throttled(x, GW_STEP_API_KEY, "there are too many buckets");
	quota_turn(plan, p, x->outside->limit_ms(x->outside->ctx));
	struct bucket *empty = take_all(buckets, n);
	if (m)
		show_tokens(x, GW_STEP_API_KEY, "tokens for the method", buckets[0]);
	if (!free_plan)
		show_tokens(x, GW_STEP_API_KEY, "tokens of the plan", plan);
	if (empty)
		return throttled(x, GW_STEP_API_KEY,
				 empty == plan ? "no token left in the usage plan"
					       : "no token left for the method in the usage plan");
	if (p->quota >= 0 && plan->used >= p->quota) {
		plan->passed--;
		plan->refused++;
		show_quota(x, plan, p);
		trace_row(&x->trace, x->outside->now_us(x->outside->ctx), GW_STEP_API_KEY,
			  GW_REFUSED, "the quota is used up");
		gw_fail(x, "QUOTA_EXCEEDED", "Limit Exceeded");
		return false;
	}
	plan->used++;
	if (p->quota >= 0)
		show_quota(x, plan, p);
	return true;
}

bool plans_admit(struct limits *l, struct gw_exchange *x)
{
	int64_t now_us = x->outside->now_us(x->outside->ctx);
	if (!needs_key(x)) {
		trace_row(&x->trace, now_us, GW_STEP_API_KEY, GW_NONE, NULL);
		return true;
	}
	if (l->g != x->gateway)
		limits_load(l, x->gateway);
	const char *value = presented_key(x);
	if (!value || !*value)
		return refuse_key(x, "no API key was sent");
	trace_detail(&x->trace, GW_STEP_API_KEY, "sent", value);
	uint32_t at = *slot_of(l, x->gateway, value);
	const struct gw_api_key *key = at ? &x->gateway->keys[at - 1] : NULL;
	if (!key)
		return refuse_key(x, "there is no such API key");
	if (!key->enabled)
		return refuse_key(x, "the API key is disabled");
	const struct gw_plan *p = plan_find(l, at - 1, x->api->id, x->stage->name);
	if (!p)
		return refuse_key(x, "the API key is in no usage plan of this stage");
	x->identity.api_key = key->value;
	x->identity.api_key_id = key->id;
	if (x->trace.detailed) {
		trace_detail(&x->trace, GW_STEP_API_KEY, "key", key->name ? key->name : key->id);
		trace_detail(&x->trace, GW_STEP_API_KEY, "usage plan", p->name ? p->name : p->id);
	}
	if (!plan_take(l, x, p, key))
		return false;
	passed(x, GW_STEP_API_KEY, NULL);
	return true;
}

/* ---- gauges ---- */

void limits_each(const struct limits *l, int64_t limit_us, int64_t now_ms,
		 void (*each)(void *ctx, const struct limit_gauge *g), void *ctx)
{
	for (size_t i = 0; i <= l->mask; i++) {
		for (const struct bucket *b = l->table[i]; b; b = b->chain) {
			const char *const *n = b->id.names;
			struct limit_gauge g = {
				.kind = b->id.kind,
				.api = n[0],
				.stage = n[1],
				.path = n[2],
				.verb = n[3],
				.plan = n[4],
				.key = n[5],
				.rate = b->rate,
				.burst = b->burst,
				.tokens = tokens_at(b, limit_us),
				.passed = b->passed,
				.refused = b->refused,
				.quota = b->quota,
			};
			if (b->quota >= 0) {
				bool same = b->start_ms == quota_start_ms(b->period, now_ms);
				g.used = same ? b->used : 0;
				g.resets_ms = quota_end_ms(b->period, now_ms);
			}
			each(ctx, &g);
		}
	}
}
