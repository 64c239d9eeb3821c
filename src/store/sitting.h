/* sitting.h -- mock exams in the store: what was drawn, the events of each, and the clock. Numbers
 * and texts as given; what they mean is known to quiz/ and study/. */
#ifndef STORE_SITTING_H
#define STORE_SITTING_H

#include "store/store.h"

struct store_sitting {
	int64_t id;
	const char *form, *blueprint; /* ids */
	const char *code, *title;     /* of the blueprint */
	const char *blueprint_json;   /* the whole of it as it was; "" in lists */
	uint64_t seed;
	bool esl;
	int64_t limit_ms;
	struct moment began;
	int64_t open_ms, seen_ms; /* the clock as last told, and when (Unix ms) */
	int64_t ended_ms;         /* Unix ms, 0: it waits */
	bool timed_out;
	int items, answered; /* answered: as of the last event that said so */
	int correct, scored; /* of scored items; of ended ones */
	int reviews;         /* cards that come back because of it */
};
struct store_sitting_item {
	int64_t part_id;
	const char *key, *task; /* "deck/id"; task of the blueprint */
	int domain;
	bool scored;
	uint64_t hash;    /* card_hash as it was */
	const char *body; /* deck_card_json as it was */
};
struct store_sitting_event {
	int op;
	int64_t arg, open_ms, at_ms;
};

/* A new sitting with its items: one transaction. Of x only what is known at the start is read. */
bool store_sitting_add(struct store *s, const struct store_sitting *x,
		       const struct store_sitting_item *items, size_t count, int64_t *id,
		       struct diags *d);
/* *found false: there is none. Texts in the arena, as in all that follows. */
bool store_sitting(struct store *s, int64_t id, struct arena *a, struct store_sitting *out,
		   bool *found, struct diags *d);
bool store_sittings(struct store *s, struct arena *a, struct store_sitting **out, size_t *count,
		    struct diags *d); /* newest first */
bool store_sitting_items(struct store *s, int64_t id, struct arena *a,
			 struct store_sitting_item **out, size_t *count, struct diags *d);
bool store_sitting_events(struct store *s, int64_t id, struct arena *a,
			  struct store_sitting_event **out, size_t *count, struct diags *d);

/* Append an event; the clock goes on with it. answered: full answers after it. On disk when it
 * returns true. */
bool store_sitting_event(struct store *s, int64_t id, const struct store_sitting_event *e,
			 int answered, struct diags *d);
/* The clock alone. */
bool store_sitting_tick(struct store *s, int64_t id, int64_t open_ms, int64_t seen_ms,
			struct diags *d);
/* The last event, with the figures of the end and a row of the log for each answer: all of it or
 * nothing. end: id, open_ms, ended_ms, timed_out, answered, correct, scored, reviews. */
bool store_sitting_end(struct store *s, const struct store_sitting *end,
		       const struct store_sitting_event *e, const struct store_answer *answers,
		       size_t count, int64_t preset_id, struct diags *d);

/* How the card of an item stands now. gone: in no deck. */
bool store_sitting_card(struct store *s, int64_t part_id, bool *gone, uint64_t *hash,
			struct diags *d);

/* -- what can be drawn, and how it went ------------------------------------ */

/* A card that can be asked as a whole. */
struct store_pool_item {
	int64_t part_id;
	const char *key; /* "deck/id" */
	enum card_kind kind;
	const char *task; /* its first of the blueprint; NULL: none */
	uint64_t hash;    /* card_hash */
	int32_t last_day; /* study day of its last answer, SRS_NO_DAY: never */
};
/* All cards of these kinds (a bit each) that are in a deck, in no order that means anything. */
bool store_pool(struct store *s, unsigned kinds, const char *blueprint, struct arena *a,
		struct store_pool_item **out, size_t *count, struct diags *d);

/* The first answer ever to a card. task: its first of the blueprint, NULL: none; borrowed for the
 * call. */
struct store_try {
	int64_t part_id;
	int32_t day;
	bool right; /* grade > 1 */
	const char *task;
};
/* First answers from a study day on and until until_ms, to cards of these kinds. One that was
 * undone is no try, and what came after it is no first one. */
bool store_first_tries(struct store *s, unsigned kinds, const char *blueprint, int32_t from_day,
		       int64_t until_ms, void (*fn)(void *ctx, const struct store_try *t),
		       void *ctx, struct diags *d);

#endif
