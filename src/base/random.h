/* random.h -- seeded random numbers and hashing: the same seed gives the same numbers on every
 * machine. Not for secrets. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* splitmix64 (Steele, Lea, Flood 2014): any state is a good state. */
struct rng {
	uint64_t state;
};
uint64_t rng_next(struct rng *r);
uint32_t rng_below(struct rng *r, uint32_t n); /* uniform in 0..n-1 without modulo bias; n > 0 */
double rng_unit(struct rng *r);                /* [0, 1) */
void rng_shuffle(struct rng *r, void *items, size_t n,
		 size_t size);  /* Fisher-Yates; size <= 64 bytes */
uint64_t rng_system_seed(void); /* from the operating system */

/* 64-bit hash of bytes: FNV-1a, then a splitmix64 finish. For change detection and seeds, never
 * against an adversary. */
uint64_t hash_bytes(const void *p, size_t n, uint64_t seed);
uint64_t hash_text(const char *s);
uint64_t hash_mix(uint64_t a, uint64_t b);

#endif
