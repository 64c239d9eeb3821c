/* random.c -- see random.h.
 *
 * splitmix64 rather than a longer generator: one word of state is one column in the store and one
 * number on a command line, and the shuffles and drawings here use far fewer than its 2^64 outputs.
 * Only the seeding asks the system.
 */
#include "base/random.h"

#include <assert.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_SHUFFLED_SIZE = 64 };

static const uint64_t GOLDEN = 0x9e3779b97f4a7c15u;

static uint64_t finish(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint64_t rng_next(struct rng *r)
{
	return finish(r->state += GOLDEN);
}

/* Lemire 2019, "Fast random integer generation in an interval": the upper half of a product,
 * without the few low values that would favour some numbers. */
uint32_t rng_below(struct rng *r, uint32_t n)
{
	assert(n > 0);
	uint32_t least = -n % n;
	uint64_t product;
	do
		product = (rng_next(r) >> 32) * n;
	while ((uint32_t)product < least);
	return (uint32_t)(product >> 32);
}

double rng_unit(struct rng *r)
{
	return (double)(rng_next(r) >> 11) * 0x1p-53;
}

void rng_shuffle(struct rng *r, void *items, size_t n, size_t size)
{
	char *base = items, swap[MAX_SHUFFLED_SIZE];
	assert(size <= sizeof(swap) && n <= UINT32_MAX);
	for (size_t i = n; i > 1; i--) {
		char *a = base + (i - 1) * size, *b = base + rng_below(r, (uint32_t)i) * size;
		if (a == b)
			continue;
		memcpy(swap, a, size);
		memcpy(a, b, size);
		memcpy(b, swap, size);
	}
}

uint64_t rng_system_seed(void)
{
	uint64_t seed;
	struct timespec now;
	if (getentropy(&seed, sizeof(seed)) == 0)
		return seed;
	clock_gettime(CLOCK_REALTIME, &now);
	return hash_mix((uint64_t)now.tv_sec, hash_mix((uint64_t)now.tv_nsec, (uint64_t)getpid()));
}

uint64_t hash_bytes(const void *p, size_t n, uint64_t seed)
{
	const unsigned char *s = p;
	uint64_t h = 0xcbf29ce484222325u ^ seed;
	for (size_t i = 0; i < n; i++)
		h = (h ^ s[i]) * 0x100000001b3u;
	return finish(h);
}

uint64_t hash_text(const char *s)
{
	return hash_bytes(s, strlen(s), 0);
}

uint64_t hash_mix(uint64_t a, uint64_t b)
{
	return finish(finish(a + GOLDEN) ^ b);
}
