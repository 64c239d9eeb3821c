/* cache.h -- the response cache of REST stages: keys, time to live, size, invalidation. */
#ifndef GATEWAY_CACHE_H
#define GATEWAY_CACHE_H

#include "gateway/exchange.h"

#define MAX_CACHE_ITEM 1048576 /* bytes of a response; a larger one is not kept */
#define MAX_CACHE_TTL_S 3600
#define MAX_CACHE_REAL ((size_t)64 << 20) /* bytes kept by a stage, whatever size it is set to */

/* One for a gateway; each stage has its own room in it. */
struct cache;
struct cache *cache_new(void);
void cache_free(struct cache *c); /* accepts NULL */

enum cache_answer {
	CACHE_OFF, /* not cached here: neither hit nor miss is counted */
	CACHE_MISS,
	CACHE_HIT,    /* x->response is the kept method response, in the exchange's arena */
	CACHE_REFUSED /* invalidation without leave: gw_fail() was called */
};
/* Before the integration request. Cache-Control: max-age=0 invalidates what is kept, if the caller
 * may. Writes the row GW_STEP_CACHE. */
enum cache_answer cache_lookup(struct cache *c, struct gw_exchange *x);
/* After the method response of a CACHE_MISS: keep it if it may be kept (no error, status below 400,
 * not too large). Adds the Warning header where an invalidation was ignored. x->path_params, query
 * and headers are as they were. */
void cache_store(struct cache *c, struct gw_exchange *x);
/* Everything of a stage; stage NULL: of the API. */
void cache_flush(struct cache *c, const char *api, const char *stage);

struct cache_counts {
	uint64_t hits, misses;
	size_t entries, bytes, max_bytes;
};
/* False: nothing was ever asked of that stage's cache. */
bool cache_counts(const struct cache *c, const char *api, const char *stage,
		  struct cache_counts *out);

#endif
