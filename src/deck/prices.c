/* prices.c -- a price list: its keys as tables, and sums tier by tier; see prices.h.
 *
 * Prices change and differ by region, so they are data, and no other file of the program names one.
 * A tier's price is for the units between the tier below and its own end, not for all of a month.
 */
#include "deck/prices.h"

#include "base/file.h"
#include "base/yaml.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define MAX_DOLLARS 100000
#define MAX_UNITS 1000000000000 /* a month */
#define MAX_METER_KB 1048576

static const char *const item_keys[PRICE_ITEM_COUNT] = {
	[PRICE_REST] = "rest",       [PRICE_HTTP] = "http",   [PRICE_MESSAGES] = "messages",
	[PRICE_MINUTES] = "minutes", [PRICE_CACHE] = "cache",
};
static const char *const format_words[] = {"1", NULL};

/* -- keys -------------------------------------------------------------------------------------- */

/* clang-format off */
#define SOURCE_KEY \
	{.name = "source", .type = SPEC_LIST, .required = true, .one = true, .min = 1, \
		.max = MAX_TAGS, .value = &spec_slug_value, \
		.help = "Id of the source of these prices, or a list of ids."}

static const struct spec_key tier_keys[] = {
	{.name = "up-to", .type = SPEC_NUMBER, .min = 1, .max = MAX_UNITS,
		.help = "Where the tier ends: units a month, counted from the first. "
			"Every tier has it but the last, which has no end."},
	{.name = "dollars", .type = SPEC_AMOUNT, .required = true, .max = MAX_DOLLARS,
		.help = "Price in US dollars."},
};
static const struct spec_place tier_place = {
	"tier", "Keys of a tier", tier_keys, ARRAY_LEN(tier_keys)};
static const struct spec_key tier_value = {
	.name = "tier", .type = SPEC_PLACE, .place = &tier_place};

static const struct spec_key price_keys[] = {
	{.name = "per", .type = SPEC_NUMBER, .required = true, .min = 1, .max = MAX_UNITS,
		.help = "How many units a price is for, as 1000000."},
	{.name = "meter", .type = SPEC_NUMBER, .min = 1, .max = MAX_METER_KB,
		.help = "Kilobytes for which a unit is counted that has been begun; if absent, "
			"size does not count."},
	{.name = "tiers", .type = SPEC_LIST, .required = true, .one = true, .min = 1,
		.max = MAX_PRICE_TIERS, .value = &tier_value, .help = "The tiers, rising."},
	SOURCE_KEY,
};
static const struct spec_place price_place = {
	"price", "Keys of a price", price_keys, ARRAY_LEN(price_keys)};

static const struct spec_key size_keys[] = {
	{.name = "gigabytes", .type = SPEC_AMOUNT, .required = true, .max = 1000,
		.help = "Size of the cache."},
	{.name = "dollars", .type = SPEC_AMOUNT, .required = true, .max = MAX_DOLLARS,
		.help = "Price of an hour in US dollars."},
};
static const struct spec_place size_place = {
	"cache size", "Keys of a cache size", size_keys, ARRAY_LEN(size_keys)};
static const struct spec_key size_value = {
	.name = "size", .type = SPEC_PLACE, .place = &size_place};

static const struct spec_key cache_keys[] = {
	{.name = "sizes", .type = SPEC_LIST, .required = true, .min = 1, .max = MAX_PRICE_CACHES,
		.value = &size_value, .help = "The sizes, rising."},
	SOURCE_KEY,
};
static const struct spec_place cache_place = {
	"cache price", "Keys of the price of a cache", cache_keys, ARRAY_LEN(cache_keys)};

static const struct spec_key list_keys[] = {
	{.name = "prices", .type = SPEC_SLUG, .required = true,
		.help = "The region whose prices these are, as us-east-1."},
	{.name = "title", .type = SPEC_LINE, .required = true, .max = MAX_TITLE,
		.help = "Title of the list."},
	{.name = "format", .type = SPEC_WORD, .required = true, .words = format_words,
		.help = "Version of the format."},
	{.name = "sources", .type = SPEC_MAP, .required = true, .min = 1, .max = MAX_SOURCES,
		.value = &spec_source_value,
		.help = "Where the prices come from: a map of source ids. "
			"The key checked says on which day they were looked up."},
	{.name = "rest", .type = SPEC_PLACE, .required = true, .place = &price_place,
		.help = "Requests of REST APIs."},
	{.name = "http", .type = SPEC_PLACE, .required = true, .place = &price_place,
		.help = "Requests of HTTP APIs."},
	{.name = "messages", .type = SPEC_PLACE, .required = true, .place = &price_place,
		.help = "Messages of WebSocket APIs, in both directions."},
	{.name = "minutes", .type = SPEC_PLACE, .required = true, .place = &price_place,
		.help = "Minutes for which WebSockets are open."},
	{.name = "cache", .type = SPEC_PLACE, .required = true, .place = &cache_place,
		.help = "Hours of the cache of a stage."},
};
static const struct spec_place list_place = {
	"price list", "Keys of a price list", list_keys, ARRAY_LEN(list_keys)};
/* clang-format on */

/* -- reading ----------------------------------------------------------------------------------- */

static double number_of(const struct node *map, const char *key, double absent)
{
	const struct node *n = node_get(map, key);
	double v = absent;
	if (n)
		str_to_double(n->text, 0, 1e15, &v);
	return v;
}

/* Every tier ends above the one before; the last has no end. */
static void check_tiers(struct spec_reader *r, const struct prices *p, enum price_item item,
			const struct node *tiers)
{
	bool list = tiers->kind == NODE_LIST;
	double last = 0;
	size_t i = 0;
	for (const struct node *e = list ? tiers->child : tiers; e; e = list ? e->next : NULL) {
		double end = p->item[item].tiers[i++].up_to;
		if (i < p->item[item].tier_count && isinf(end))
			SPEC_ERROR(r, e, "prices-tiers", "only the last tier is without \"up-to\"");
		else if (i == p->item[item].tier_count && !isinf(end))
			SPEC_ERROR(r, e, "prices-tiers", "the last tier has no \"up-to\"");
		else if (end <= last)
			SPEC_ERROR(r, e, "prices-tiers",
				   "this tier ends at or below the one before");
		last = end;
	}
}

static void read_item(struct spec_reader *r, struct prices *p, enum price_item item,
		      const struct node *n)
{
	const struct node *tiers = node_get(n, "tiers");
	bool list = tiers->kind == NODE_LIST;
	size_t *count = &p->item[item].tier_count;
	p->item[item].per = number_of(n, "per", 1);
	p->item[item].meter_bytes = number_of(n, "meter", 0) * 1024;
	for (const struct node *e = list ? tiers->child : tiers; e; e = list ? e->next : NULL)
		p->item[item].tiers[(*count)++] = (struct price_tier){
			number_of(e, "up-to", INFINITY), number_of(e, "dollars", 0)};
	check_tiers(r, p, item, tiers);
}

static void read_caches(struct spec_reader *r, struct prices *p, const struct node *sizes)
{
	for (const struct node *e = sizes->child; e; e = e->next) {
		double gigabytes = number_of(e, "gigabytes", 0);
		if (p->cache_count && gigabytes <= p->caches[p->cache_count - 1].gigabytes)
			SPEC_ERROR(r, e, "prices-tiers", "this size is not above the one before");
		p->caches[p->cache_count].gigabytes = gigabytes;
		p->caches[p->cache_count++].dollars_an_hour = number_of(e, "dollars", 0);
	}
}

/* What the items cite, each source once. */
static void read_cited(struct spec_reader *r, struct prices *p, const struct node *root)
{
	p->cited = arena_alloc(r->arena, (p->source_count + 1) * sizeof(*p->cited));
	for (int item = 0; item < PRICE_ITEM_COUNT; item++) {
		size_t n, k;
		const struct source **cited =
			spec_cited(r, node_get(node_get(root, item_keys[item]), "source"),
				   p->sources, p->source_count, &n);
		for (size_t i = 0; i < n; i++) {
			for (k = 0; k < p->cited_count && p->cited[k] != cited[i]; k++)
				;
			if (k == p->cited_count)
				p->cited[p->cited_count++] = cited[i];
		}
	}
}

static void read_list(struct spec_reader *r, struct prices *p, const struct node *root)
{
	p->region = node_text(root, "prices");
	p->sources = spec_sources(r, node_get(root, "sources"), &p->source_count);
	read_cited(r, p, root);
	for (int item = 0; item < PRICE_CACHE; item++)
		read_item(r, p, (enum price_item)item, node_get(root, item_keys[item]));
	read_caches(r, p, node_get(node_get(root, item_keys[PRICE_CACHE]), "sizes"));
}

bool prices_read(struct prices *out, const char *file, const char *bytes, size_t n, struct diags *d)
{
	*out = (struct prices){0};
	struct spec_reader r = {.arena = &out->arena, .d = d, .ok = true};
	struct node *root = NULL;
	out->file = r.file = arena_strdup(&out->arena, file);
	bool ok = yaml_read(&out->arena, out->file, bytes, n, &root, d) &&
		  spec_check_root(&r, root, &list_place);
	if (ok) {
		out->root = root;
		read_list(&r, out, root);
	}
	if (!ok || !r.ok) {
		prices_clear(out);
		return false;
	}
	return true;
}

bool prices_read_file(struct prices *out, const char *path, struct diags *d)
{
	struct str bytes = {0};
	*out = (struct prices){0};
	bool ok = file_read(path, MAX_PRICES_BYTES, &bytes, d) &&
		  prices_read(out, path, str_c(&bytes), bytes.len, d);
	str_clear(&bytes);
	return ok;
}

void prices_clear(struct prices *p)
{
	arena_clear(&p->arena);
	*p = (struct prices){0};
}

/* -- sums -------------------------------------------------------------------------------------- */

double prices_cost(const struct prices *p, enum price_item item, double units)
{
	double dollars = 0, from = 0;
	assert(item < PRICE_CACHE);
	for (size_t i = 0; i < p->item[item].tier_count && units > from; i++) {
		const struct price_tier *t = &p->item[item].tiers[i];
		dollars += (fmin(units, t->up_to) - from) / p->item[item].per * t->dollars;
		from = t->up_to;
	}
	return dollars;
}

double prices_cache_cost(const struct prices *p, double gigabytes, double hours)
{
	for (size_t i = 0; i < p->cache_count; i++)
		if (fabs(p->caches[i].gigabytes - gigabytes) < 0.005)
			return p->caches[i].dollars_an_hour * hours;
	return 0;
}

double prices_units(const struct prices *p, enum price_item item, double bytes)
{
	double meter = p->item[item].meter_bytes;
	return meter > 0 && bytes > meter ? ceil(bytes / meter) : 1;
}

/* -- what is printed --------------------------------------------------------------------------- */

void prices_schema(struct str *out)
{
	spec_schema(out, &list_place, "gatedrill prices",
		    "What calls cost in a region. Generated from the program's table of keys; see "
		    "gatedrill-lab(5).");
}

void prices_keys_mdoc(struct str *out)
{
	static const struct spec_place *const places[] = {&list_place, &price_place, &tier_place,
							  &cache_place, &size_place};
	spec_mdoc(out, places, ARRAY_LEN(places));
}
