/* keys.h -- the table of keys a deck file may hold: the loader, the schema, the manual and "did you
 * mean" all read it. */
#ifndef DECK_KEYS_H
#define DECK_KEYS_H

#include "deck/deck.h"

enum key_place { KEY_DECK, KEY_SOURCE, KEY_CARD, KEY_OPTION, KEY_PAIR, KEY_PLACE_COUNT };
enum key_type {
	KEY_SLUG,     /* an id */
	KEY_LINE,     /* one line of text */
	KEY_MARKDOWN, /* text, may have several lines */
	KEY_WORD,     /* one of a fixed set: see words */
	KEY_NUMBER,
	KEY_DATE, /* YYYY-MM-DD */
	KEY_URL,
	KEY_SLUGS,    /* list of ids, or one */
	KEY_LINES,    /* list of texts */
	KEY_TASKS,    /* map of blueprint -> task or list of tasks */
	KEY_NODES,    /* list or map with a reader and schema of its own: sources, cards, options,
			 pairs, columns, rows */
	KEY_CARD_REF, /* a card: id, or deck/id */
	KEY_PROOF,    /* a request of a lab or of a file of proofs: name/request */
};

/* Rows of deck_keys[], which stand by place, and in each place in the order that deck fmt writes.
 */
enum deck_key_id {
	K_DECK_DECK,
	K_DECK_TITLE,
	K_DECK_ABOUT,
	K_DECK_FORMAT,
	K_DECK_EXAM,
	K_DECK_TAGS,
	K_DECK_SOURCES,
	K_DECK_CARDS,
	K_SOURCE_TITLE,
	K_SOURCE_URL,
	K_SOURCE_CHECKED,
	K_ID,
	K_KIND,
	K_TAGS,
	K_EXAM,
	K_FRONT,
	K_BACK,
	K_TEXT,
	K_TITLE,
	K_COLUMNS,
	K_ROWS,
	K_ASK,
	K_STATEMENT,
	K_ANSWER,
	K_QUESTION,
	K_CHOOSE,
	K_OPTIONS,
	K_PAIRS,
	K_DECOYS,
	K_ITEMS,
	K_ACCEPT,
	K_SHOW,
	K_HINT,
	K_WHY,
	K_LORE,
	K_PROOF,
	K_SOURCE,
	K_CLAIMS,
	K_WAS,
	K_OPTION_TEXT,
	K_OPTION_RIGHT,
	K_OPTION_WHY,
	K_PAIR_LEFT,
	K_PAIR_RIGHT,
	DECK_KEY_COUNT
};

struct deck_key {
	const char *name;
	enum key_place place;
	enum key_type type;
	unsigned kinds;           /* cards: bit per kind that may have it; 0 elsewhere */
	unsigned required;        /* cards: bit per kind that must; elsewhere nonzero = must */
	const char *const *words; /* KEY_WORD: NULL-terminated */
	const char *help;         /* one sentence, for the manual and for editors */
	size_t min, max;          /* lists and maps: entries; KEY_LINE: max is code points, 0 leaves
				     MAX_CARD_TEXT alone */
};
extern const struct deck_key deck_keys[];
extern const size_t deck_key_count;
extern const char *const key_place_names[KEY_PLACE_COUNT]; /* "deck", "source", ... */

/* The rows of a place: first <= row < end. */
void deck_key_range(enum key_place place, size_t *first, size_t *end);
/* kind counts only for KEY_CARD; CARD_KIND_COUNT there means any kind. NULL: no such key. */
const struct deck_key *deck_key_find(enum key_place place, enum card_kind kind, const char *name);
/* The nearest allowed key, or NULL. */
const char *deck_key_suggest(enum key_place place, enum card_kind kind, const char *name);

/* JSON Schema (draft 2020-12) of deck files, indented, ending in a newline: what
 * data/schema/deck.schema.json holds. */
void deck_schema(struct str *out);
/* mdoc list of all keys, for the manual. */
void deck_keys_mdoc(struct str *out);
/* A deck to start from: every kind once, commented. slug and title are valid. */
void deck_template(struct str *out, const char *slug, const char *title, const char *today);

#endif
