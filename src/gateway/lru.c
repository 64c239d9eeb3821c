/* lru.c -- see lru.h. An entry is one allocation: links, key, value. A hash table with chains finds
 * it, a ring orders all by last use. Entries whose time is over go when they are asked for, or when
 * room is needed: they count as entries until then. Keys hold what clients send, so the hash has a
 * seed of its own in each process. */
#include "gateway/lru.h"

#include "base/random.h"

#include <stdlib.h>
#include <string.h>

struct entry {
	struct entry *chain;
	struct entry *newer, *older; /* ring, with lru.ring as its start */
	uint64_t hash;
	int64_t expires_us;
	size_t key_len, value_len;
	char bytes[]; /* key, value */
};
struct lru {
	struct entry **table;
	size_t mask, count, bytes, max_entries, max_bytes;
	uint64_t seed;
	struct entry ring; /* .older: the newest; .newer: the oldest */
};

struct lru *lru_new(size_t max_entries, size_t max_bytes)
{
	struct lru *l = xcalloc(1, sizeof(*l));
	l->mask = 63;
	l->table = xcalloc(l->mask + 1, sizeof(*l->table));
	l->max_entries = max_entries;
	l->max_bytes = max_bytes;
	l->seed = rng_system_seed();
	l->ring.older = l->ring.newer = &l->ring;
	return l;
}

static size_t entry_bytes(const struct entry *e)
{
	return sizeof(*e) + e->key_len + e->value_len;
}

static struct entry **find(struct lru *l, struct slice key, uint64_t hash)
{
	struct entry **at = &l->table[hash & l->mask];
	while (*at && ((*at)->hash != hash || (*at)->key_len != key.len ||
		       memcmp((*at)->bytes, key.p, key.len) != 0))
		at = &(*at)->chain;
	return at;
}

static void unlink_ring(struct entry *e)
{
	e->newer->older = e->older;
	e->older->newer = e->newer;
}

static void link_newest(struct lru *l, struct entry *e)
{
	e->older = l->ring.older;
	e->newer = &l->ring;
	l->ring.older->newer = e;
	l->ring.older = e;
}

/* Take out what *at points to. */
static void take_out(struct lru *l, struct entry **at)
{
	struct entry *e = *at;
	*at = e->chain;
	unlink_ring(e);
	l->count--;
	l->bytes -= entry_bytes(e);
	free(e);
}

static void drop_entry(struct lru *l, const struct entry *e)
{
	struct entry **at = &l->table[e->hash & l->mask];
	while (*at != e)
		at = &(*at)->chain;
	take_out(l, at);
}

static void grow(struct lru *l)
{
	size_t mask = l->mask * 2 + 1;
	struct entry **table = xcalloc(mask + 1, sizeof(*table));
	for (size_t i = 0; i <= l->mask; i++) {
		for (struct entry *e = l->table[i], *next; e; e = next) {
			next = e->chain;
			e->chain = table[e->hash & mask];
			table[e->hash & mask] = e;
		}
	}
	free(l->table);
	l->table = table;
	l->mask = mask;
}

bool lru_get(struct lru *l, struct slice key, int64_t now_us, struct slice *value)
{
	struct entry **at = find(l, key, hash_bytes(key.p, key.len, l->seed));
	if (!*at)
		return false;
	if ((*at)->expires_us <= now_us) {
		take_out(l, at);
		return false;
	}
	struct entry *e = *at;
	unlink_ring(e);
	link_newest(l, e);
	*value = (struct slice){e->bytes + e->key_len, e->value_len};
	return true;
}

void lru_put(struct lru *l, struct slice key, struct slice value, int64_t expires_us)
{
	uint64_t hash = hash_bytes(key.p, key.len, l->seed);
	struct entry **at = find(l, key, hash);
	if (*at)
		take_out(l, at);
	size_t size = sizeof(struct entry) + key.len + value.len;
	if (size > l->max_bytes || !l->max_entries)
		return;
	while (l->count && (l->count >= l->max_entries || l->bytes + size > l->max_bytes))
		drop_entry(l, l->ring.newer);
	if (l->count > l->mask)
		grow(l);
	struct entry *e = xmalloc(size);
	*e = (struct entry){.hash = hash,
			    .expires_us = expires_us,
			    .key_len = key.len,
			    .value_len = value.len,
			    .chain = l->table[hash & l->mask]};
	if (key.len)
		memcpy(e->bytes, key.p, key.len);
	if (value.len)
		memcpy(e->bytes + key.len, value.p, value.len);
	l->table[hash & l->mask] = e;
	link_newest(l, e);
	l->count++;
	l->bytes += size;
}

bool lru_drop(struct lru *l, struct slice key)
{
	struct entry **at = find(l, key, hash_bytes(key.p, key.len, l->seed));
	bool there = *at != NULL;
	if (there)
		take_out(l, at);
	return there;
}

void lru_drop_prefix(struct lru *l, struct slice prefix)
{
	for (struct entry *e = l->ring.older, *next; e != &l->ring; e = next) {
		next = e->older;
		if (e->key_len >= prefix.len &&
		    (!prefix.len || memcmp(e->bytes, prefix.p, prefix.len) == 0))
			drop_entry(l, e);
	}
}

void lru_free(struct lru *l)
{
	if (!l)
		return;
	lru_drop_prefix(l, (struct slice){0});
	free(l->table);
	free(l);
}

size_t lru_count(const struct lru *l)
{
	return l->count;
}

size_t lru_bytes(const struct lru *l)
{
	return l->bytes;
}
