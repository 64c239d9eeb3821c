/* question.h -- a card as text on a page: the question in its kind, the answer with its reasons.
 * Shared by review, quiz and exam, and by the view of one card. */
#ifndef TUI_QUESTION_H
#define TUI_QUESTION_H

#include "study/review.h"
#include "tui/frame.h"
#include "tui/line.h"

/* A question as it is drawn. All borrowed. */
struct posed {
	const struct card *card;
	const struct ask *ask;
	const char *prompt, *answer; /* Markdown; answer: where the kind has no options or items */
};
static inline struct posed posed_card(const struct review_card *rc)
{
	return (struct posed){rc->card, &rc->ask, rc->face.prompt, rc->face.answer};
}

/* How far the learner is with an answer, besides what struct ask holds. */
struct pose {
	int at;           /* marked option, left text or place; -1: none, of options only */
	bool picked;      /* order: the item there is being moved */
	bool striking;    /* choice: the next letter rules out */
	bool hint;        /* the hint was asked for */
	struct line line; /* typed */
};

/* The same where one of several is chosen and no struct ask holds it: cases of trees and drills. */
#define MAX_MARKS 16
struct marks {
	int at, chosen; /* option as shown; -1: none */
	bool struck[MAX_MARKS], striking;
};
/* "[ ] " and so on with its letter, and the style of the option behind it. */
enum style marks_draw(struct page *p, const struct marks *m, int i);

/* Of keys on a question: the option or text that a letter means, -1: there is none; how many
 * options are chosen; the left text to fill after `at`, itself when all are; what is missing before
 * an answer can be given. */
int question_letter(const char *arg, size_t count);
int question_chosen(const struct ask *q);
int question_next_unmatched(const struct ask *q, int at);
const char *question_missing(const struct ask *q);

/* below: rows that the caller adds to the foot afterwards. As airy as fits. */
void question_draw(struct canvas *c, const struct posed *q, const struct pose *p, int below);
/* The question, a divider, the answer and its reasons and notes. The canvas' focus is the beginning
 * of the answer. airy: with empty lines between options. */
void answer_draw(struct canvas *c, const struct posed *q, bool airy);
/* Small print below an answer: with a history the first source and that line, without one all
 * sources; and that there is a proof. */
void answer_small_print(struct canvas *c, const struct card *card, const char *history);
/* "Right.", "Wrong." and so on with its sign, on the page's last line; nothing without a verdict.
 */
void answer_verdict(struct page *p, enum verdict v);
/* "label   text" with the label in its own column. */
void small_print(struct page *p, const char *label, const char *text);
#define LABEL_COLS 9
/* A line of a summary: "label   text". */
void figure_line(struct page *p, const char *label, enum style style, const char *text);

#endif
