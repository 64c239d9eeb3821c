/* ask.h -- one question being asked: each kind as its kind. A pure state machine that the TUI and
 * plain mode both drive:
 *
 *      ASKING --choose, type, match, move--> ASKING
 *      ASKING --ask_submit--> SHOWN (graded)        ASKING --ask_reveal--> SHOWN (not graded)
 *
 * Options are shown in an order drawn from a seed; numbers in this interface are positions as
 * shown, 0-based. */
#ifndef QUIZ_ASK_H
#define QUIZ_ASK_H

#include "deck/part.h"

enum ask_mode {
	ASK_RECALL, /* think, then turn the card: basic, reversed, cloze, table */
	ASK_TYPE,   /* typed */
	ASK_ONE,    /* choice with one right option; true/false (options "True", "False", never
		       shuffled) */
	ASK_SOME,   /* choice with several: exactly `choose` of them */
	ASK_MATCH,  /* give each left text a right text */
	ASK_ORDER,  /* put items in order */
};
enum verdict {
	VERDICT_NONE, /* not graded: the learner judges */
	VERDICT_RIGHT,
	VERDICT_WRONG,
	VERDICT_ALMOST, /* typed: differs only by a small slip (distance 1 to the model answer, over
			   4 letters); not right */
};

struct ask {
	const struct card *card; /* borrowed: must outlive the ask */
	struct part part;
	enum ask_mode mode;
	size_t count;           /* options, lefts or items */
	int order[MAX_OPTIONS]; /* shown position -> index in the card (options, rights, or items as
				   first shown) */
	bool chosen[MAX_OPTIONS]; /* ASK_ONE, ASK_SOME */
	bool struck[MAX_OPTIONS]; /* ruled out by the learner */
	int need;                 /* how many to choose: 1 or `choose` */
	/* ASK_MATCH: lefts keep the card's order. rights are the distinct right texts and decoys,
	 * shuffled. */
	const char *rights[MAX_OPTIONS];
	size_t right_count;
	int matched[MAX_OPTIONS];  /* left -> shown right, or -1 */
	int arranged[MAX_OPTIONS]; /* ASK_ORDER: place -> index in the card's right order; starts as
				      order[] */
	struct str typed;
	bool shown;
	enum verdict verdict;
};
void ask_init(struct ask *q, const struct card *card, const struct part *part, uint64_t seed);
void ask_clear(struct ask *q); /* accepts a zeroed ask */

/* Texts of what is shown at position i: an option, a left, or the item now at place i. Borrowed,
 * Markdown. */
const char *ask_text(const struct ask *q, size_t i);
const char *ask_why(const struct ask *q,
		    size_t i);                    /* reason of option i; NULL when there is none */
bool ask_is_right(const struct ask *q, size_t i); /* option i belongs to the key; left i is matched
						     right; item at place i is where it belongs */
const char *ask_right_text(const struct ask *q,
			   size_t i); /* ASK_MATCH: the right text of left i. ASK_ORDER: the item
					 that belongs at place i */

void ask_choose(struct ask *q, size_t i); /* toggles; ASK_ONE replaces; a struck option is unstruck
					     first; ASK_SOME beyond need: ignored */
void ask_strike(struct ask *q, size_t i); /* toggles; a chosen option is unchosen first */
void ask_match(struct ask *q, size_t left,
	       int right); /* right -1 clears; a right may serve several lefts */
void ask_move(struct ask *q, size_t from,
	      size_t to); /* ASK_ORDER: the item at place from goes to place to, others shift */
void ask_type(
	struct ask *q,
	const char *text); /* replaces; at most 1000 bytes are kept, cut between code points */

/* Enough given to be graded: something chosen in the right number, all lefts matched, text not
 * blank. ASK_ORDER always. */
bool ask_complete(const struct ask *q);
/* Grade and show. ASK_RECALL gives VERDICT_NONE. Incomplete answers are graded as they are (wrong).
 * Idempotent. */
enum verdict ask_submit(struct ask *q);
void ask_reveal(struct ask *q); /* show without an answer: VERDICT_NONE, the learner gave up or
				   prefers to judge */
/* The grade to offer first: right 3 (good), wrong and almost 1 (again); without a verdict 3 where
 * no answer was asked for, and 1 where it was given up. */
int ask_grade(const struct ask *q);
/* What was answered, as compact JSON for the log, by index in the card:
 * {"chosen":[1],"typed":"..."}; "" when nothing was given. Heap, taken. */
char *ask_given(const struct ask *q);
/* Plain mode: read an answer typed as text: letters or numbers for options ("b", "a,c", "A C"),
 * "true"/"t"/"yes"... for true/false, pairs "1b 2a 3c", an order "3 1 2", or the typed text itself.
 * False (and nothing changed) when it makes no sense; *why then says what would, a literal. */
bool ask_parse(struct ask *q, const char *line, const char **why);

/* Grading alone, for other callers. */
enum verdict grade_typed(const struct card *c, const char *text);

#endif
