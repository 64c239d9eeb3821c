/* put.h -- one card into the store, out of its deck, or gone: what sync.c is made of. */
#ifndef STORE_PUT_H
#define STORE_PUT_H

#include "store/inside.h"

#define LABEL_MEMO 256

/* A run of changes within one transaction. Zeroed but for store, now and report is ready. */
struct loader {
	struct store *s;
	struct moment now;
	int64_t load; /* number of this load: what it sets aside or adds carries it */
	struct store_sync *report;
	struct str body, title, words, tags, tasks;
	struct arena scratch; /* of a few cards */
	struct {
		uint64_t hash;
		int64_t id;
	} labels[LABEL_MEMO];
};
void loader_clear(struct loader *l);

/* A card as the store has it. */
struct known {
	const char *slug;
	int64_t id, label, set_aside, position;
	uint64_t hash, body_hash; /* 0: not looked up, the card is written anew */
	int line;
	bool keep; /* it is in the deck file, under this name or a new one */
};
/* Where a card belongs now. */
struct place {
	const struct deck *deck;
	const struct card *card;
	int64_t deck_id, position;
	int line;
};
/* Make the store's card what p says; old NULL: a card the store has never seen. Writes only what
 * differs. *rewritten: more than its place changed. */
bool put_card(struct loader *l, const struct known *old, const struct place *p, bool *rewritten,
	      struct diags *d);
/* Its history waits for its return. */
bool put_aside(struct loader *l, int64_t card_id, struct diags *d);
/* For a card without history only. */
bool put_delete(struct loader *l, int64_t card_id, struct diags *d);
bool put_has_log(struct loader *l, int64_t card_id, bool *has, struct diags *d);

#endif
