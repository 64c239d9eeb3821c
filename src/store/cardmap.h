/* cardmap.h -- cards and their review cards as arrays, for searches: which parts a card has, and
 * what is small and often asked about it. Read once, kept until the cards change. */
#ifndef STORE_CARDMAP_H
#define STORE_CARDMAP_H

#include "base/diag.h"
#include "base/idset.h"

struct store;

struct card_facts {
	uint32_t card, deck, label; /* ids */
	uint8_t kind;
};
/* Zeroed: nothing read. Set-aside cards and parts are not in it. */
struct cardmap {
	bool has_parts, has_cards;
	int64_t version; /* PRAGMA data_version it was read at */
	uint32_t *start; /* card id -> index of its first part; cards + 1 of them */
	size_t cards;    /* highest card id + 1 */
	uint32_t *parts; /* part ids, by card */
	struct card_facts *facts;
	size_t fact_count;
};
void cardmap_clear(struct cardmap *m);
/* Have parts (and, asked for, facts) of the cards as they are now. */
bool cardmap_ready(struct store *s, bool facts, struct diags *d);
/* Add all parts of a card. */
void cardmap_add(const struct cardmap *m, int64_t card_id, struct idset *out);

#endif
