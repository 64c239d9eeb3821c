/* part.h -- the review cards one card yields: cloze numbers, table cells or rows, both directions.
 * Each is scheduled on its own as deck/id or deck/id#part. */
#ifndef DECK_PART_H
#define DECK_PART_H

#include "deck/deck.h"

struct part {
	const char *name; /* "" for the card itself, else "reverse", "c2", "row", "row.col" */
	int cloze;        /* cloze number, else 0 */
	int row, col;     /* table: indexes, else -1 */
	bool reverse;
};
/* All parts in order, in the arena. At least one. */
size_t card_parts(struct arena *a, const struct card *c, struct part **out);
bool card_part_find(struct arena *a, const struct card *c, const char *name, struct part *out);

/* What is asked and what is answered, as Markdown. Cloze holes and revealed answers are marked with
 * MD_BLANK_ON/OFF (base/markdown.h). prompt of choice, matching and ordering is the question alone:
 * options are drawn by whoever asks. answer holds the answer alone, without why, lore and sources;
 * for choice the right option, or several as a list, for matching a list of "left → right", for
 * ordering a numbered list. Borrowed from the card or the arena. */
struct face {
	const char *prompt, *answer;
};
void card_face(struct arena *a, const struct card *c, const struct part *p, struct face *out);

/* The text that names a part in lists, as Markdown: what is asked, and of a table first the row and
 * column, then the table's title. */
const char *part_title(struct arena *a, const struct card *c, const struct part *p);

/* "deck/id" or "deck/id#part". */
char *part_key(struct arena *a, const char *deck, const char *card, const char *part);

#endif
