/* ring.h -- the last traces, kept when their requests are gone: what the inspector shows and
 * /_gatedrill/requests lists. Bounded in number and in bytes. */
#ifndef GATEWAY_RING_H
#define GATEWAY_RING_H

#include "gateway/trace.h"

#define RING_TRACES 256 /* more would not stay in a processor's cache, and cost each request */
#define MAX_RING_TRACE ((size_t)256 << 10) /* texts of one; details beyond are left out */
#define MAX_RING_BYTES ((size_t)32 << 20)  /* of all; the oldest go first */

struct ring;
struct ring *ring_new(size_t traces);
void ring_free(struct ring *r); /* accepts NULL */
/* Keep a copy. t->number becomes the next number, from 1 on. */
void ring_add(struct ring *r, struct gw_trace *t);
uint64_t ring_last(const struct ring *r); /* number of the newest, 0: none yet */
/* NULL: there was none, or it is gone. Valid until the next ring_add(). Its log is a text the ring
 * owns. */
const struct gw_trace *ring_get(const struct ring *r, uint64_t number);
/* Of the kept ones, how many there are with that number or a later one. */
size_t ring_count(const struct ring *r, uint64_t from);
/* A copy of a trace with all its texts in the arena, for who looks at it when the ring is gone. */
struct gw_trace *ring_copy(const struct gw_trace *t, struct arena *a);

#endif
