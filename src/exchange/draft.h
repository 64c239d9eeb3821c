/* draft.h -- decks in the making: what the readers of all formats hand their cards to. A card is
 * checked as the loader and lint would check it, gets an id, and is written at once, so that memory
 * holds the text of the decks and little more. */
#ifndef EXCHANGE_DRAFT_H
#define EXCHANGE_DRAFT_H

#include "exchange/import.h"
#include "exchange/slug.h"

/* A card as written: its text runs to that of the next. */
struct draft_piece {
	size_t at;         /* of draft.cards */
	int64_t position;  /* where it wants to be among the others; cards with the same stay as
			      they came */
	struct node *held; /* kept back, because more may be learned about it: not yet written */
	const char *id;    /* of a held one */
};

struct draft {
	const char *key; /* what readers know the deck by */
	const char *slug, *title;
	const char *about;        /* NULL: none yet */
	bool settled;             /* tags and exam are known */
	struct node *tags, *exam; /* NULL: none */
	struct node *sources;     /* a map */
	struct node **source;     /* by number in source_ids */
	struct names source_ids, ids;
	struct str cards; /* YAML */
	struct draft_piece *pieces;
	size_t piece_cap;    /* there are count of them */
	int64_t place;       /* position of the last card */
	struct names tables; /* ids of tables that come cell by cell, as they were */
	size_t *table_piece; /* by number in tables */
	size_t counts[CARD_KIND_COUNT], count;
	struct import_answer *log;
	size_t log_count, log_cap;
};

struct drafts {
	const struct import_options *o; /* borrowed, as are the next two */
	struct import_report *report;
	struct diags *d;
	struct arena arena;
	struct draft **items;
	size_t count, cap;
	struct names slugs, keys; /* keys: numbers are those of items */
	struct names sound;       /* patterns, see fault.h */
	bool full;                /* a limit was met, and said */
	size_t renamed;           /* tags that had to be changed */
};
void drafts_clear(struct drafts *s);

/* The deck of this key, made when there is none: with this slug, or one made of the title; numbered
 * when another deck has it. */
struct draft *draft_deck(struct drafts *s, const char *key, const char *slug, const char *title);
/* The title of a deck by its path: "gatedrill::A::B" -> "A: B"; in the arena. */
const char *draft_path_title(struct arena *a, const char *path);
/* The deck for cards that name none: as the options say, or called like the file. */
struct draft *draft_default(struct drafts *s, const char *path);
/* Take over a deck's own keys (about, tags, exam, sources), once. Anything that is not as a deck
 * has it is left out. */
void draft_head(struct drafts *s, struct draft *k, const struct node *head);

struct draft_card {
	struct node *card;       /* a map of a card's keys, in an arena of the caller; changed */
	const struct node *head; /* of the deck it was in: its tags, exam and sources; NULL */
	struct pos pos;
	int64_t position; /* as in draft_piece */
	bool hold;        /* do not write it yet */
};
/* What became of it, in the drafts' arena. */
struct draft_added {
	const char *id;
	enum card_kind kind;
	size_t piece; /* its number in the deck's pieces */
};
/* Add a card. False: it was left out, with a warning (import-card) that says why, or a limit was
 * met (error, s->full). a: for scratch. */
bool draft_add(struct drafts *s, struct draft *k, struct arena *a, const struct draft_card *c,
	       struct draft_added *out);
/* A record gave no card: a warning with code import-card. Returns false. */
bool draft_skip(struct drafts *s, struct pos pos, const char *why);
/* One answer to be logged. ids as draft_added gave them; part is copied. */
void draft_log(struct drafts *s, struct draft *k, const struct import_answer *answer);
/* Finish all decks: out->decks, in out->arena; the drafts are empty then. */
bool drafts_finish(struct drafts *s, struct import *out);

/* -- building cards ------------------------------------------------------------------------------
 */

struct node *draft_map(struct arena *a, const char *kind); /* with key kind, unless NULL */
/* Set a text, unless it is NULL or blank; borrowed. */
void draft_text(struct arena *a, struct node *map, const char *key, const char *text);
void draft_item(struct arena *a, struct node *list, const char *text);
/* Copy a tree. */
struct node *draft_copy(struct arena *a, const struct node *n);
/* Tags of any program as slugs into the card's key tags, each once. */
void draft_tags(struct drafts *s, struct arena *a, struct node *card, const char *const *tags,
		size_t count);
/* Markdown on one line; in the arena. */
char *draft_line(struct arena *a, const char *md);
/* A pattern that matches this text and nothing else, upper and lower case aside. */
const char *draft_pattern(struct arena *a, const char *text);

#endif
