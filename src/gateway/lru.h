/* lru.h -- bytes by key, each kept for a time: what the response cache and the cache of authorizers
 * are made of. The one that was not asked for longest goes first when there is no room. */
#ifndef GATEWAY_LRU_H
#define GATEWAY_LRU_H

#include "base/str.h"

#include <stdint.h>

struct lru;
struct lru *lru_new(size_t max_entries, size_t max_bytes);
void lru_free(struct lru *l); /* accepts NULL */
/* False: not there, or its time is over. value is borrowed until the next call that changes l. */
bool lru_get(struct lru *l, struct slice key, int64_t now_us, struct slice *value);
/* Copies both; what was kept under the key is replaced. Larger than max_bytes: not kept. */
void lru_put(struct lru *l, struct slice key, struct slice value, int64_t expires_us);
bool lru_drop(struct lru *l, struct slice key);        /* was it there? */
void lru_drop_prefix(struct lru *l, struct slice key); /* all whose key begins so; "": all */
size_t lru_count(const struct lru *l);
size_t lru_bytes(const struct lru *l); /* of keys and values, and what keeping them takes */

#endif
