/* load.h -- inside of the deck loader, for load.c, fields.c and kinds.c alone.
 *
 * fields.c reads one map by the table of keys: which may stand there, which must, and whether each
 * value is of its type. What it hands on is checked, so load.c (deck, sources, what all cards have)
 * and kinds.c (what each kind has) only convert. */
#ifndef DECK_LOAD_H
#define DECK_LOAD_H

#include "deck/keys.h"

/* The values of one map by key; NULL when absent or not of its type. */
struct fields {
	const struct node *v[DECK_KEY_COUNT];
};

struct id {
	uint64_t hash; /* compared first: texts are scattered over the whole tree */
	const char *text;
	size_t index;
};
/* Ids with a number each, sorted when they are all there: no input makes that slow, and it needs no
 * secret seed as a hash would. */
struct ids {
	struct id *items;
	size_t count;
};

struct loader {
	struct deck *deck; /* being filled; everything is allocated in its arena */
	struct diags *d;
	bool ok; /* no error yet */
	struct ids cards, sources, former;
	bool sources_bad; /* the key sources was refused: no card's source can be known */
	int suggestions;  /* made for unknown sources; bounded, since each looks at all of them */
};

struct pos load_pos(const struct loader *l, const struct node *n);
/* An error where node stands; false, so that callers write: return LOAD_ERROR(l, node, code,
 * format, ...). */
#define LOAD_ERROR(l, node, ...) ((l)->ok = diag_error((l)->d, load_pos(l, node), __VA_ARGS__))
const char *load_brief(struct loader *l,
		       const char *text); /* start of it on one line, for messages; in the arena */

/* Read a map. kind as in deck_key_find. False if an error was added. */
bool load_fields(struct loader *l, const struct node *map, enum key_place place,
		 enum card_kind kind, struct fields *f);

enum text_rule { TEXT_ANY, TEXT_LINE /* no line break */, TEXT_SLUG };
/* Is n a scalar, not blank, not over the limits, and what the rule asks? name is the key, for
 * messages; max is code points, 0: any. */
bool load_text_ok(struct loader *l, const struct node *n, const char *name, enum text_rule rule,
		  size_t max);
/* A list of texts, or one text as a list of one. False if an error was added. */
bool load_texts_ok(struct loader *l, const struct node *n, const struct deck_key *key,
		   enum text_rule rule);
/* A list or a map (kind) with a number of entries that the key allows. */
bool load_nodes_ok(struct loader *l, const struct node *n, const struct deck_key *key,
		   enum node_kind kind);

/* Convert what was checked. */
const char *load_text(const struct node *n); /* NULL for NULL */
const char **load_texts(struct loader *l, const struct node *n,
			size_t *count); /* NULL and 0 for NULL */

/* The part of a card that its kind decides. False if an error was added. */
bool load_kind(struct loader *l, const struct fields *f, struct card *c);

#endif
