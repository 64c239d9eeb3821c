/* deck.h -- a deck of cards as loaded from YAML. Everything a deck points to lives in its arena. */
#ifndef DECK_DECK_H
#define DECK_DECK_H

#include "base/str.h"
#include "base/tree.h"

#include <stdint.h>

enum card_kind {
	CARD_BASIC,
	CARD_REVERSED,
	CARD_CLOZE,
	CARD_TABLE,
	CARD_TRUEFALSE,
	CARD_CHOICE,
	CARD_MATCHING,
	CARD_ORDERING,
	CARD_TYPED,
	CARD_KIND_COUNT
};
extern const char *const card_kind_names[CARD_KIND_COUNT];

enum table_ask { TABLE_CELL, TABLE_ROW, TABLE_ALL };

#define MAX_DECK_BYTES ((size_t)256 << 20)
#define MAX_SLUG 64              /* bytes of a deck, card, row, column or source id and of a tag */
#define MAX_TITLE 200            /* code points of a title */
#define MAX_CARD_TEXT (64 << 10) /* bytes of one text of a card */
/* Options of a choice, pairs and decoys of a matching, items of an ordering: 2 .. 10. */
#define MAX_OPTIONS 10
#define MAX_CELLS 20 /* columns of a table */
#define MAX_ROWS 60
#define MAX_CLOZE 20 /* highest cloze number */
#define MAX_ACCEPT 20
#define MAX_CARDS 200000 /* of one deck */
#define MAX_SOURCES 2000 /* of one deck */
#define MAX_TAGS 50      /* of a deck or of a card; also a card's sources, claims and exam tasks */

struct source {
	const char *id, *title, *url;
	bool has_checked;
	int32_t checked_day; /* study-day number of the date, see date_parse */
	struct pos pos;
};

/* A task of an exam blueprint: {"dva-c02", "1.1"}. */
struct exam_task {
	const char *blueprint, *task;
};

struct option {
	const char *text, *why; /* why NULL when absent */
	bool right;
	struct pos pos; /* of the text */
};

struct pair {
	const char *left, *right;
};

struct row {
	const char *id, *heading;
	const char **cells; /* one per column */
};

struct card {
	const char *id;
	enum card_kind kind;
	struct pos pos;          /* of the card's first key */
	const struct node *node; /* the card as read */
	const char **tags;       /* its own, then the deck's, without repeats: the first is the most
				    telling, and what reviews are interleaved by */
	size_t tag_count;
	struct exam_task *tasks; /* own where given, else the deck's, per blueprint */
	size_t task_count;
	const struct source **sources;
	size_t source_count;
	const char *lore, *why, *hint, *was; /* NULL when absent */
	const char
		*proof; /* "cache/second": a request that settles the question; NULL when absent */
	const char **claims;
	size_t claim_count;
	union {
		struct {
			const char *front, *back;
		} basic; /* CARD_BASIC and CARD_REVERSED */
		struct {
			const char *text, *filled;
		} cloze; /* filled: text with the answers in place of the holes */
		struct {
			const char *title;
			const char **column_ids, **columns; /* headings */
			size_t column_count;
			struct row *rows;
			size_t row_count;
			enum table_ask ask;
		} table;
		struct {
			const char *statement;
			bool answer;
		} truefalse;
		struct {
			const char *question;
			struct option *options;
			size_t count;
			int choose;
		} choice;
		struct {
			const char *question;
			struct pair *pairs;
			size_t count;
			const char **decoys;
			size_t decoy_count;
		} matching;
		struct {
			const char *question;
			const char **items;
			size_t count;
		} ordering;
		struct {
			const char *question;
			const char **accept;
			struct pos *accept_pos;
			size_t count;
			const char *show;
		} typed;
	};
};

struct deck {
	struct arena arena;
	const char *file;                 /* as given to the reader; used in positions */
	const char *slug, *title, *about; /* about NULL when absent */
	const char **tags;
	size_t tag_count;
	struct exam_task *tasks;
	size_t task_count;
	struct source *sources;
	size_t source_count;
	struct card *cards;
	size_t card_count;
	struct node *root;
	struct pos pos;
};

/* Read a deck. On false out holds nothing and d has at least one error with a position. out need
 * not be initialised. All errors of a file are reported, not only the first. Codes: those of yaml.h
 * and deck-unknown-key, deck-missing-key, deck-type, deck-value, deck-slug, deck-duplicate-id,
 * deck-unknown-source, deck-format, deck-too-many, deck-too-long, deck-cloze, deck-choose,
 * deck-no-right, deck-table-cells. */
bool deck_read(struct deck *out, const char *file, const char *bytes, size_t n, struct diags *d);
bool deck_read_file(struct deck *out, const char *path, struct diags *d);
/* Its head alone, without the cost of its cards: all but the cards of out is as deck_read makes it.
 * Cards may be left out or not. */
bool deck_read_head(struct deck *out, const char *file, const char *bytes, size_t n,
		    struct diags *d);
/* The same from a tree made elsewhere (root stays in its own arena, which must outlive out). */
bool deck_from_node(struct deck *out, const char *file, struct node *root, struct diags *d);
void deck_clear(struct deck *deck); /* accepts a zeroed deck */
/* The deck of a card given as deck/id; NULL: not among these. */
const struct deck *deck_of_card(const char *card, const struct deck *const *decks, size_t n);
bool deck_has(const struct deck *deck, const char *id);

/* One card with what it needs of its deck, as a JSON deck of one card: what the store keeps.
 * deck_read_card reads it back (card 0 of out). */
void deck_card_json(struct str *out, const struct deck *deck, const struct card *card);
bool deck_read_card(struct deck *out, const char *json, size_t n, struct diags *d);
/* A whole deck as JSON: the members of its head, all but the cards, into an object that is open,
 * and one card as an object into a list that is open, as it was read, key by key, but for the keys
 * left out (bits 1 << enum deck_key_id). */
struct json_out;
void deck_json_head(struct json_out *j, const struct deck *deck);
void deck_json_card(struct json_out *j, const struct card *card, uint64_t left_out);

bool slug_valid(const char *s); /* [a-z0-9][a-z0-9-]*, at most MAX_SLUG bytes */
bool url_valid(const char *s);  /* http:// or https://, and no white space after it */
bool task_valid(const char *s); /* "2.1": numbers with dots between them, at most 16 bytes */
/* The text that names the card in lists: front, text (holes filled in), title, statement or
 * question, as Markdown. Borrowed. */
const char *card_title(const struct card *c);
/* All words of a card, for search: every text field, tags, ids and patterns left out. Appends one
 * line, without a newline at its end. */
void card_words(struct str *out, const struct card *c);
/* Hash of all that a learner sees (not of tags, sources, proofs, claims, patterns): changes when
 * the card is reworded. */
uint64_t card_hash(const struct card *c);

#endif
