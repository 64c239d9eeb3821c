/* lintrule.h -- inside of deck lint, for lint.c and the files of its rules alone.
 *
 * A rule is a row of lint_rules[] (code, level, help) and a check that reports it. Checks look at
 * one text, one card or one deck; lint.c walks and calls them. */
#ifndef DECK_LINTRULE_H
#define DECK_LINTRULE_H

#include "base/regex.h"
#include "deck/lint.h"

enum lint_id {
	/* sources and mappings */
	LINT_NO_SOURCE,
	LINT_UNUSED_SOURCE,
	LINT_SOURCE_UNCHECKED,
	LINT_SOURCE_STALE,
	LINT_SOURCE_FUTURE,
	LINT_URL,
	LINT_EXAM,
	LINT_EXAM_TASK,
	LINT_EXAM_LINK,
	LINT_UNTAGGED,
	/* questions and options */
	LINT_NO_WHY,
	LINT_FEW_OPTIONS,
	LINT_DUPLICATE_OPTION,
	LINT_ALL_OF_THE_ABOVE,
	LINT_OPTION_ORDER_WORDS,
	LINT_NEGATION,
	LINT_LONG,
	LINT_MUCH_LONGER_RIGHT,
	/* a deck as a whole */
	LINT_LONGEST_RIGHT,
	LINT_POSITION,
	LINT_TRUEFALSE_BALANCE,
	LINT_DUPLICATE,
	/* all questions of a run */
	LINT_GUESS_LONGEST,
	LINT_GUESS_SPECIFIC,
	LINT_GUESS_POSITION,
	LINT_REUSED_OPTION,
	/* notation of cards */
	LINT_CLOZE_GAP,
	LINT_PATTERN,
	LINT_PATTERN_LIMIT,
	LINT_SHOW_MISMATCH,
	/* any text */
	LINT_CONTROL,
	LINT_MOJIBAKE,
	LINT_HTML,
	LINT_COUNT
};

struct lint {
	const struct lint_options *options;
	struct diags *d;
	const char *file;            /* being looked at */
	const struct deck *deck;     /* the same when it is a deck */
	struct arena arena;          /* for one card; cleared after each */
	struct regex *above, *order; /* see lintchoice.c */
	bool failed;                 /* a rule of level error fired */
};

void lint_report(struct lint *l, enum lint_id id, struct pos at, const char *fmt, ...) PRINTF(4, 5);
/* Where the value of a card's key stands; the card when it has no such key. */
struct pos lint_at(const struct lint *l, const struct card *c, const char *key);
/* The same for the i-th entry of a list, and for a key of it when key is not NULL. */
struct pos lint_at_entry(const struct lint *l, const struct card *c, const char *list, size_t i,
			 const char *key);
/* md without its code spans and code blocks, which become spaces; in the arena. */
char *lint_prose(struct arena *a, const char *md);
size_t lint_length(const char *text); /* code points */
/* The options that are right. */
size_t lint_rights(const struct card *c);

/* lintsource.c */
void lint_no_source(struct lint *l, const struct card *c);
void lint_source_list(struct lint *l, const struct source *sources, size_t n);
void lint_sources(struct lint *l, const struct deck *deck);
void lint_unused_sources(struct lint *l, const struct deck *deck);
void lint_exam(struct lint *l, const struct deck *deck);
void lint_untagged(struct lint *l, const struct deck *deck);

/* lintexam.c */
void lint_exam_task(struct lint *l, const struct deck *deck);
void lint_tasks(struct lint *l, const struct node *map); /* of exams to tasks; may be NULL */
void lint_exam_link(struct lint *l, const struct blueprint *b);

/* lintguess.c */
void lint_guessing(struct lint *l, const struct deck *const *decks, size_t n);
/* How specific a text is: its numbers, code spans, and words with a capital that no sentence
 * begins with. */
size_t lint_specifics(struct arena *a, const char *md);

/* lintchoice.c */
void lint_choice_begin(struct lint *l);
void lint_choice_end(struct lint *l);
void lint_no_why(struct lint *l, const struct card *c);
void lint_few_options(struct lint *l, const struct card *c);
void lint_duplicate_option(struct lint *l, const struct card *c);
void lint_all_of_the_above(struct lint *l, const struct card *c);
void lint_option_order_words(struct lint *l, const struct card *c);
void lint_negation(struct lint *l, const struct card *c);
void lint_long(struct lint *l, const struct card *c);
void lint_much_longer_right(struct lint *l, const struct card *c);

/* lintbias.c */
void lint_longest_right(struct lint *l, const struct deck *deck);
void lint_position(struct lint *l, const struct deck *deck);
void lint_truefalse_balance(struct lint *l, const struct deck *deck);
void lint_duplicates(struct lint *l, const struct deck *const *decks, size_t n);

/* lintcard.c */
void lint_cloze_gap(struct lint *l, const struct card *c);
void lint_typed(struct lint *l, const struct card *c);

/* linttext.c: shown means that learners read it as Markdown. */
/* Apply them to all scalars from n down, keys of maps too. */
void lint_texts(struct lint *l, const struct node *n, bool shown);
void lint_control(struct lint *l, const struct node *text, bool shown);
void lint_mojibake(struct lint *l, const struct node *text, bool shown);
void lint_html(struct lint *l, const struct node *text, bool shown);

#endif
