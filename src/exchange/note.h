/* note.h -- a card as Anki sees it: one or more notes with fields of HTML, and what a note carries
 * so that the card can come back from it unchanged.
 *
 * HTML alone cannot tell a choice from a question with a list in it, nor which sources were checked
 * when, nor how the Markdown was written. So the last field of a note ends in one comment, which
 * nobody sees:
 *
 *	<!-- gatedrill {"v":1,"seen":"89ab...","part":"row.col","place":7,"head":{...},"card":{...}}
 *-->
 *
 * card is the card as deck_card_json writes it, a deck of one card. head, on the first note of each
 * deck, is the deck's own keys without its cards (about, sources no card uses, their order). part,
 * with a note per table cell, says which cell; then only the note of the first cell has the card.
 * place is that of the card in its deck, from 1: with a file per note type they would come back
 *apart. seen is note_seen() of the fields as they were written; when it is not that of the fields
 *as they are now, somebody edited the note in Anki, and the visible text wins. The JSON is inert:
 *see note_inert. */
#ifndef EXCHANGE_NOTE_H
#define EXCHANGE_NOTE_H

#include "deck/part.h"

/* What becomes of a note in Anki: how many cards it yields, and from which fields. */
enum note_type {
	NOTE_BASIC,    /* front -> back */
	NOTE_REVERSED, /* and back -> front */
	NOTE_CLOZE,    /* front: text with {{c1::holes}}; back is "" */
	NOTE_TYPED,    /* front -> back, typed and compared: back is plain text as HTML */
	NOTE_TYPE_COUNT
};
/* Anki's own names in an English profile; text files write these (or what the user says instead):
 * "Basic", "Basic (and reversed card)", "Cloze", "Basic". */
extern const char *const note_stock_names[NOTE_TYPE_COUNT];
/* The words --split puts into file names: "basic", "reversed", "cloze", "basic". */
extern const char *const note_type_words[NOTE_TYPE_COUNT];

#define NOTE_GUID_PREFIX "gd-"       /* and then part_key: "gd-deck/card", "gd-deck/card#row.col" */
#define NOTE_DECK_PARENT "gatedrill" /* all decks lie below it: "gatedrill::Caching" */
#define NOTE_DATA_BEGIN "<!-- gatedrill {" /* the comment: from here ... */
#define NOTE_DATA_END "} -->"              /* ... to here */

/* Fields, in order. Stock types: front, back (with the extra below a rule) -- cloze: text, extra.
 * Own types: front, back, extra, id -- cloze: text, extra, id. The last one ends in the comment. */
#define MAX_NOTE_FIELDS 4
struct note {
	enum note_type type;
	const char *guid;
	const char *deck;  /* path with "::" */
	const char **tags; /* of the card and of its deck, then "dva-c02::1.1" for each exam task */
	size_t tag_count;
	struct slice fields[MAX_NOTE_FIELDS]; /* HTML, NUL-terminated */
	size_t field_count;
	size_t first_part, part_count; /* the card's parts (card_parts) that its Anki cards are, in
					  Anki's order; 0: they do not correspond (a whole table) */
};

struct note_options {
	bool own;                /* fields of our own note types, else of Anki's stock ones */
	bool cells;              /* a note per table cell instead of one per table */
	size_t place;            /* of the card in its deck, from 1; 0: not said */
	const struct deck *head; /* whose head goes into the first note's data; NULL: none */
	const char *path;        /* of the deck: note_deck_path */
	struct slice json;       /* deck_card_json of the card, if it is at hand; else empty */
};
/* The notes of a card, in the arena. deck is the card's. At least one. */
size_t card_notes(struct arena *a, const struct deck *deck, const struct card *card,
		  const struct note_options *o, struct note **out);
/* "gatedrill::Title", "::" in the title made harmless; in the arena. With slug when two decks share
 * a title: "gatedrill::Title (slug)". */
const char *note_deck_path(struct arena *a, const char *title, const char *slug);
/* The visible tags of a card, as in struct note; in the arena. */
size_t note_tags(struct arena *a, const struct card *card, const char ***tags);

/* Classes of the blocks below the answer, so that they can be styled and told apart:
 *	<div class="gd-why">, <div class="gd-lore">, <div class="gd-source">, <ol
 *class="gd-reasons">, <details class="gd-hint">, <details class="gd-more"> (all of them, of a stock
 *reversed note). */

/* Hash of what is read in these fields: the text without tags and comments, entities decoded, white
 * space left out. Field boundaries do not count. Any bytes. */
uint64_t note_seen(const struct slice *fields, size_t count);
/* Append that text of one field, white space as blanks. */
void note_text(struct str *out, struct slice html);

/* Append the comment. json: deck_card_json of the card; head: NULL or a deck whose own keys go in.
 */
struct note_data_out {
	uint64_t seen;
	const char *part;
	size_t place;      /* of the card in its deck, from 1; 0: not said */
	struct slice json; /* empty: none goes in */
	const struct deck *head;
};
void note_data_write(struct str *out, const struct note_data_out *data);

/* Append JSON so that nothing in it can end a comment of HTML or begin a tag, an entity or a hole:
 * in its strings '<' '>' '&' and the second of "--" and "{{" become \u00xx. */
void note_inert(struct str *out, const char *json, size_t n);

/* What a field's comment says. */
struct note_data {
	uint64_t seen;
	const char *part;        /* "" when it is of the whole card */
	long long place;         /* of the card in its deck, from 1; 0: not said */
	const struct node *head; /* NULL when there is none */
	const struct node *card; /* a deck of one card: for deck_from_node; NULL only with a part */
	size_t at;               /* where in the field the comment begins */
};
/* Find and read the last such comment of a field (n bytes, any bytes). False: there is none, or it
 * is damaged; *damaged tells which. Nothing else is promised of the trees: deck_from_node checks
 * them. Into the arena. */
bool note_data_read(struct arena *a, const char *html, size_t n, struct note_data *out,
		    bool *damaged);

#endif
