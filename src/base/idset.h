/* idset.h -- sets of small positive ids as bits: what queries are computed with. */
#ifndef BASE_IDSET_H
#define BASE_IDSET_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

#define MAX_IDSET ((int64_t)1 << 26)

/* Zeroed is empty. */
struct idset {
	uint64_t *bits;
	size_t words; /* allocated */
};
void idset_clear(struct idset *s);           /* frees */
void idset_add(struct idset *s, int64_t id); /* 0 < id < MAX_IDSET, else ignored */
bool idset_has(const struct idset *s, int64_t id);
void idset_and(struct idset *s, const struct idset *other);
void idset_or(struct idset *s, const struct idset *other);
void idset_subtract(struct idset *s, const struct idset *other);
void idset_copy(struct idset *s, const struct idset *other);
size_t idset_count(const struct idset *s);
int64_t idset_next(const struct idset *s,
		   int64_t after); /* smallest id > after, 0 if none; start with 0 */

#endif
