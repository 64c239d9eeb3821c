/* idset.c -- see idset.h. Ids are row numbers of a store, so they are dense and a plain bit array
 * beats any tree: a hundred thousand cards are 12 KiB, and a whole query is a few passes over that.
 */
#include "base/idset.h"

#include <stdlib.h>
#include <string.h>

static void reserve(struct idset *s, size_t words)
{
	if (words <= s->words)
		return;
	size_t old = s->words;
	s->bits = array_grow(s->bits, &s->words, words, sizeof(*s->bits));
	memset(s->bits + old, 0, (s->words - old) * sizeof(*s->bits));
}

void idset_clear(struct idset *s)
{
	free(s->bits);
	*s = (struct idset){0};
}

void idset_add(struct idset *s, int64_t id)
{
	if (id <= 0 || id >= MAX_IDSET)
		return;
	reserve(s, (size_t)id / 64 + 1);
	s->bits[id / 64] |= UINT64_C(1) << (id % 64);
}

bool idset_has(const struct idset *s, int64_t id)
{
	return id > 0 && (size_t)id / 64 < s->words && (s->bits[id / 64] >> (id % 64) & 1);
}

void idset_and(struct idset *s, const struct idset *other)
{
	for (size_t i = 0; i < s->words; i++)
		s->bits[i] &= i < other->words ? other->bits[i] : 0;
}

void idset_or(struct idset *s, const struct idset *other)
{
	reserve(s, other->words);
	for (size_t i = 0; i < other->words; i++)
		s->bits[i] |= other->bits[i];
}

void idset_subtract(struct idset *s, const struct idset *other)
{
	for (size_t i = 0; i < s->words && i < other->words; i++)
		s->bits[i] &= ~other->bits[i];
}

void idset_copy(struct idset *s, const struct idset *other)
{
	if (s->words)
		memset(s->bits, 0, s->words * sizeof(*s->bits));
	idset_or(s, other);
}

size_t idset_count(const struct idset *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->words; i++)
		n += (size_t)__builtin_popcountll(s->bits[i]);
	return n;
}

int64_t idset_next(const struct idset *s, int64_t after)
{
	int64_t id = after + 1;
	for (size_t w = (size_t)id / 64; w < s->words; w++) {
		uint64_t bits = s->bits[w];
		if (w == (size_t)id / 64)
			bits &= ~UINT64_C(0) << (id % 64);
		if (bits)
			return (int64_t)w * 64 + __builtin_ctzll(bits);
	}
	return 0;
}
