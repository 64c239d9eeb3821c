/* gauges.c -- how full things are: token buckets, quotas, caches. A bar beside figures that say the
 * same. */
#include "gateway/cache.h"
#include "gateway/limits.h"
#include "tui/sign.h"
#include "tui/trace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_GAUGES 64
#define NAME_COLS 24
#define BAR_COLS 12

struct gauges {
	struct gauge {
		char name[80];
		char text[96];
		double share;    /* of the bar that is full */
		double weight;   /* higher stands first */
		bool low, moves; /* nothing left; it fills up by itself */
	} items[MAX_GAUGES];
	size_t count;
	const struct gateway *gateway;
};

/* Zeroed; NULL: there are too many. */
static struct gauge *add(struct gauges *g)
{
	struct gauge *one = g->count < MAX_GAUGES ? &g->items[g->count++] : NULL;
	if (one)
		*one = (struct gauge){0};
	return one;
}

/* ---- buckets and quotas -------------------------------------------------------------- */

/* Plans are known by their names; the ids are made up. */
static const char *plan_name(const struct gateway *g, const char *id)
{
	for (size_t i = 0; id && i < g->plan_count; i++)
		if (str_eq(g->plans[i].id, id) && g->plans[i].name)
			return g->plans[i].name;
	return id ? id : "";
}

static void name_of(char *out, size_t size, const struct limit_gauge *l, const struct gateway *g)
{
	switch (l->kind) {
	case LIMIT_ACCOUNT:
		snprintf(out, size, "account");
		return;
	case LIMIT_CONNECT:
		snprintf(out, size, "new connections");
		return;
	case LIMIT_METHOD:
		snprintf(out, size, "%s%s%s", l->verb ? l->verb : "", l->verb ? " " : "",
			 l->path    ? l->path
			 : l->stage ? l->stage
				    : "");
		return;
	case LIMIT_PLAN:
		snprintf(out, size, "plan %s", plan_name(g, l->plan));
		return;
	case LIMIT_PLAN_METHOD:
		snprintf(out, size, "plan %s, %s", plan_name(g, l->plan), l->path ? l->path : "");
		return;
	}
}

static void refused_text(char *out, size_t size, uint64_t refused)
{
	out[0] = '\0';
	if (refused)
		snprintf(out, size, ", %llu refused", (unsigned long long)refused);
}

/* The buckets of the account are always in use, and hardly ever to the point. */
static bool idle(const struct limit_gauge *l)
{
	bool of_account = l->kind == LIMIT_ACCOUNT || l->kind == LIMIT_CONNECT;
	return of_account && !l->refused && l->tokens > l->burst / 2;
}

static void add_bucket(struct gauges *all, const struct limit_gauge *l)
{
	char refused[40];
	struct gauge *g = l->burst > 0 && !idle(l) ? add(all) : NULL;
	if (!g)
		return;
	refused_text(refused, sizeof(refused), l->refused);
	name_of(g->name, sizeof(g->name), l, all->gateway);
	snprintf(g->text, sizeof(g->text), "%.1f of %g tokens, %g/s%s", l->tokens, l->burst,
		 l->rate, refused);
	g->share = l->tokens / l->burst;
	g->weight = l->kind == LIMIT_ACCOUNT ? 0 : 1 + (double)l->refused;
	g->low = l->tokens < 1;
	g->moves = l->tokens < l->burst && l->rate > 0;
}

static void add_quota(struct gauges *all, const struct limit_gauge *l)
{
	struct gauge *g = l->quota > 0 ? add(all) : NULL;
	if (!g)
		return;
	snprintf(g->name, sizeof(g->name), "quota %s", plan_name(all->gateway, l->plan));
	snprintf(g->text, sizeof(g->text), "%ld of %ld used", l->used, l->quota);
	g->share = 1 - fmin((double)l->used / (double)l->quota, 1);
	g->weight = 1.5 + (l->used >= l->quota ? (double)l->refused : 0);
	g->low = l->used >= l->quota;
}

static void on_limit(void *ctx, const struct limit_gauge *l)
{
	add_bucket(ctx, l);
	add_quota(ctx, l);
}

/* ---- caches -------------------------------------------------------------------------- */

static void add_cache(struct gauges *all, const struct gw_api *api, const struct gw_stage *stage,
		      const struct cache_counts *c)
{
	struct gauge *g = add(all);
	double asked = (double)c->hits + (double)c->misses;
	if (!g)
		return;
	snprintf(g->name, sizeof(g->name), "cache %s %s", api->id, stage->name);
	snprintf(g->text, sizeof(g->text), "%llu %s, %llu %s, %zu kept, %.1f KB",
		 (unsigned long long)c->hits, str_plural((long)c->hits, "hit", "hits"),
		 (unsigned long long)c->misses, str_plural((long)c->misses, "miss", "misses"),
		 c->entries, (double)c->bytes / 1024);
	g->share = asked > 0 ? (double)c->hits / asked : 0;
	g->weight = 1.2;
}

static void find_caches(struct gauges *all, const struct gw_runtime *rt)
{
	struct cache_counts counts;
	for (size_t i = 0; rt->cache && i < rt->gateway->api_count; i++) {
		const struct gw_api *api = &rt->gateway->apis[i];
		for (size_t k = 0; k < api->stage_count; k++)
			if (cache_counts(rt->cache, api->id, api->stages[k].name, &counts))
				add_cache(all, api, &api->stages[k], &counts);
	}
}

/* ---- all of them --------------------------------------------------------------------- */

static int by_weight(const void *a, const void *b)
{
	const struct gauge *x = a, *y = b;
	return x->weight < y->weight ? 1 : x->weight > y->weight ? -1 : 0;
}

static void find(struct gauges *all, const struct gw_runtime *rt)
{
	const struct outside *o = rt->outside;
	all->count = 0;
	all->gateway = rt->gateway;
	if (rt->limits)
		limits_each(rt->limits, o->limit_us(o->ctx), o->limit_ms(o->ctx), on_limit, all);
	find_caches(all, rt);
	qsort(all->items, all->count, sizeof(all->items[0]), by_weight);
}

static void draw_gauge(struct page *p, const struct gauge *g)
{
	int name = p->width >= 60 ? NAME_COLS : 16;
	int bar = p->width >= 50 ? BAR_COLS : 0;
	int full = (int)lround(fmin(fmax(g->share, 0), 1) * bar);
	page_line(p);
	page_cut(p, STYLE_PLAIN, g->name, name - 1);
	page_pad(p, name);
	page_bar(p, g->low ? STYLE_WARN : STYLE_ACCENT, SIGN_BAR, full);
	page_bar(p, STYLE_DIM, SIGN_DOT, bar - full);
	page_pad(p, name + bar + (bar ? 2 : 0));
	page_add(p, g->low ? STYLE_WARN : STYLE_DIM, g->text);
}

bool gauges_draw(struct page *p, const struct gw_runtime *rt, int lines)
{
	struct gauges all;
	bool moves = false;
	find(&all, rt);
	for (size_t i = 0; i < all.count && (int)i < lines; i++) {
		draw_gauge(p, &all.items[i]);
		moves = moves || all.items[i].moves;
	}
	return moves;
}

int gauges_count(const struct gw_runtime *rt)
{
	struct gauges all;
	find(&all, rt);
	return (int)all.count;
}

bool gauges_move(const struct gw_runtime *rt)
{
	struct gauges all;
	find(&all, rt);
	for (size_t i = 0; i < all.count; i++)
		if (all.items[i].moves)
			return true;
	return false;
}
