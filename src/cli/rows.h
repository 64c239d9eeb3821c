/* rows.h -- aligned columns of text, and cards printed as rows, as a whole, and as JSON. */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include "cli/cli.h"
#include "study/review.h"

#define MAX_COLUMNS 8

struct rows {
	struct arena arena;
	const char **cells;
	size_t count, cap, columns;
	bool number[MAX_COLUMNS]; /* set right */
	int width[MAX_COLUMNS];
};
void rows_init(struct rows *r, const char *const *headings,
	       size_t columns);                   /* columns <= MAX_COLUMNS */
void rows_text(struct rows *r, const char *text); /* the next cell; made safe */
void rows_number(struct rows *r, long long n);
void rows_print(const struct rows *r,
		FILE *out); /* two spaces between columns, none at line ends */
void rows_clear(struct rows *r);

/* Cards by part id, at most limit (< 0: all): a row each, or with --json a list of objects. */
bool cards_print(struct call *c, struct study *s, const struct idset *ids, int limit,
		 struct diags *d);
/* One card with all its text, its state and its history; or as an object with --json. */
bool card_print(struct call *c, struct study *s, int64_t part_id, struct diags *d);
/* A prompt or an answer without the marks of its holes. Those of a cloze's answer, which the screen
 * sets off, are put in brackets, as in "A frame may hold [32 KB]". In the arena. */
const char *card_prompt_text(struct arena *a, const struct review_card *rc);
const char *card_answer_text(struct arena *a, const struct review_card *rc);
/* "new", "learning", "due today", "in 5 days (25 Nov)", "suspended": for lists. In the arena. */
const char *card_due_words(struct arena *a, const struct study *s, const struct srs_card *c);

#endif
