/* prices.h -- what calls cost, as data: data/prices.yaml. Prices of one region, in US dollars, with
 * their source and the day they were looked up. Free tier and transfer are not counted. */
#ifndef DECK_PRICES_H
#define DECK_PRICES_H

#include "deck/spec.h"

enum price_item {
	PRICE_REST,     /* requests */
	PRICE_HTTP,     /* requests, metered in 512 KB */
	PRICE_MESSAGES, /* WebSocket messages, metered in 32 KB */
	PRICE_MINUTES,  /* connection minutes */
	PRICE_CACHE,    /* hours of a cache, by size: see cache_* */
	PRICE_ITEM_COUNT
};
#define MAX_PRICES_BYTES ((size_t)1 << 20) /* of a file */
#define MAX_PRICE_TIERS 8
#define MAX_PRICE_CACHES 12

struct price_tier {
	double up_to;   /* units a month, in all; the last: infinity */
	double dollars; /* for `per` units */
};
struct prices {
	struct arena arena;
	const char *file;
	const char *region; /* "us-east-1" */
	struct {
		double per;         /* units that a price is for: 1,000,000 */
		double meter_bytes; /* a unit is begun for so many bytes; 0: size does not count */
		struct price_tier tiers[MAX_PRICE_TIERS];
		size_t tier_count;
	} item[PRICE_ITEM_COUNT];
	struct {
		double gigabytes, dollars_an_hour;
	} caches[MAX_PRICE_CACHES];
	size_t cache_count;
	struct source *sources;
	size_t source_count;
	const struct source **cited;
	size_t cited_count;
	struct node *root;
};
/* Read a list. On false out holds nothing and d has at least one error with a position. out need
 * not be initialised. Codes: those of yaml.h and spec.h, and prices-tiers (not rising). */
bool prices_read(struct prices *out, const char *file, const char *bytes, size_t n,
		 struct diags *d);
bool prices_read_file(struct prices *out, const char *path, struct diags *d);
void prices_clear(struct prices *p);
/* Dollars for so many units in a month, tier by tier. Not for PRICE_CACHE. */
double prices_cost(const struct prices *p, enum price_item item, double units);
double prices_cache_cost(const struct prices *p, double gigabytes,
			 double hours); /* 0: no such size */
/* Units that a request or a message of so many bytes counts for: 1 at least. */
double prices_units(const struct prices *p, enum price_item item, double bytes);
void prices_schema(struct str *out);
void prices_keys_mdoc(struct str *out);

#endif
