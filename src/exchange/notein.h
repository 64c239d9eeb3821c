/* notein.h -- Anki's notes to cards. */
#ifndef EXCHANGE_NOTEIN_H
#define EXCHANGE_NOTEIN_H

#include "exchange/cardtmpl.h"
#include "exchange/draft.h"
#include "exchange/note.h"

#define MAX_NOTE_TEMPLATES 64 /* of a note type that are looked at: ords are bits of one word */

/* What becomes of the fields of a note. */
struct note_kind {
	bool cloze;
	const struct tmpl *templates;
	size_t template_count;
	size_t optional; /* a field that must hold something for the second template; none: SIZE_MAX
			  */
};
/* Of Anki's stock note types, by name: Basic, Cloze and the like, in several languages; others are
 * taken for front and back. Static. */
const struct note_kind *note_kind_named(const char *name);

struct note_in {
	struct pos pos;
	const char *deck; /* path with "::"; NULL: it names none */
	const char *file; /* path of the file, to name a deck for it then */
	const char *guid; /* NULL: none. One of ours names the card */
	bool has_tags;
	const char *const *tags;
	size_t tag_count;
	const struct slice *fields; /* HTML */
	size_t field_count;
	const struct note_kind *kind; /* NULL: by the look of its fields */
	uint64_t ords;                /* templates that have a card, as bits; 0: not known */
	int64_t position; /* among the cards of its deck; 0: as its comment says, else behind the
			     one before it */
};
/* What a note became, for its history: of each ord a card and the name of its part. */
struct note_made {
	struct draft *deck;
	const char *ids[MAX_NOTE_TEMPLATES]; /* by ord; NULL: none. Cloze: [0] for all */
	bool cloze, reversed;                /* the ord says which part */
	const char *part; /* the part all cards of the note are of, in the drafts' arena; "" */
};
/* Hand the cards of a note to the drafts. a: scratch, of this note alone. made may be NULL. False:
 * it gave none; said. */
bool note_take(struct drafts *s, struct arena *a, const struct note_in *n, struct note_made *made);

/* edited.c: an own note whose visible fields are no longer what they were: put what is seen now
 * into card, as far as it can be read; it may become a basic card. A sentence about what could not
 * be read, or NULL. */
const char *note_edited(struct arena *a, const struct note_in *n, const struct note_data *data,
			struct node *card, struct html_report *report);

#endif
