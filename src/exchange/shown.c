/* shown.c -- see shown.h. */
#include "exchange/shown.h"

#include <stdlib.h>
#include <string.h>

struct shown {
	const char *text;
	uint64_t key;
	size_t place;
};

static uint64_t mix(uint64_t h, const char *s)
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3;
	return h;
}

static uint64_t finish_mix(uint64_t h)
{
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccd;
	return h ^ (h >> 33);
}

static int by_key(const void *a, const void *b)
{
	const struct shown *x = a, *y = b;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/* Sorted by a hash; what comes out as it was is turned by one. */
static void scatter(const char *id, const char **texts, size_t n)
{
	struct shown items[MAX_SHOWN];
	bool same = true;
	for (size_t i = 0; i < n; i++) {
		items[i].text = texts[i];
		items[i].key = finish_mix(mix(mix(0xcbf29ce484222325, id), items[i].text));
		items[i].place = i;
	}
	qsort(items, n, sizeof(*items), by_key);
	for (size_t i = 0; i < n; i++)
		same = same && items[i].place == i;
	for (size_t i = 0; same && i + 1 < n; i++) {
		struct shown swap = items[i];
		items[i] = items[i + 1];
		items[i + 1] = swap;
	}
	for (size_t i = 0; i < n; i++)
		texts[i] = items[i].text;
}

size_t shown_items(const struct card *c, const char *out[MAX_SHOWN])
{
	for (size_t i = 0; i < c->ordering.count; i++)
		out[i] = c->ordering.items[i];
	scatter(c->id, out, c->ordering.count);
	return c->ordering.count;
}

size_t shown_rights(const struct card *c, const char *out[MAX_SHOWN])
{
	size_t n = 0;
	for (size_t i = 0; i < c->matching.count + c->matching.decoy_count; i++) {
		const char *text = i < c->matching.count
					   ? c->matching.pairs[i].right
					   : c->matching.decoys[i - c->matching.count];
		size_t k = 0;
		while (k < n && strcmp(out[k], text) != 0)
			k++;
		if (k == n)
			out[n++] = text;
	}
	scatter(c->id, out, n);
	return n;
}
