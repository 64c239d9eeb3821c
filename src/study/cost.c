/* cost.c -- see cost.h. */
#include "study/cost.h"
#include "gateway/api.h"
#include "gateway/runtime.h"
#include "gateway/usage.h"

#define MANY_CALLS 1e6

/* A cache is paid for by the hour, used or not. */
static double cache_dollars(const struct prices *p, const struct gateway *g, double hours,
			    double *units)
{
	double dollars = 0;
	for (size_t i = 0; i < g->api_count; i++)
		for (size_t k = 0; k < g->apis[i].stage_count; k++) {
			const struct gw_stage *stage = &g->apis[i].stages[k];
			if (!stage->cache)
				continue;
			*units += hours;
			dollars += prices_cache_cost(p, stage->cache_gb, hours);
		}
	return dollars;
}

void cost_read(struct cost *out, const struct prices *p, const struct serve *s)
{
	struct usage u;
	serve_usage(s, &u);
	*out = (struct cost){.units = {[PRICE_REST] = (double)u.rest,
				       [PRICE_HTTP] = (double)u.http,
				       [PRICE_MESSAGES] = (double)u.messages,
				       [PRICE_MINUTES] = u.minutes}};
	double calls = out->units[PRICE_REST] + out->units[PRICE_HTTP] + out->units[PRICE_MESSAGES];
	for (int i = 0; i < PRICE_CACHE; i++) {
		double n = out->units[i];
		out->dollars[i] = prices_cost(p, (enum price_item)i, n);
		if (calls > 0)
			out->million += prices_cost(p, (enum price_item)i, n / calls * MANY_CALLS);
	}
	out->dollars[PRICE_CACHE] = cache_dollars(p, serve_runtime(s)->gateway, u.running_hours,
						  &out->units[PRICE_CACHE]);
	for (int i = 0; i < PRICE_ITEM_COUNT; i++)
		out->total += out->dollars[i];
}
