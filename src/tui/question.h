/* question.h -- a card as text on a page: the question in its kind, the answer with its reasons.
 * Shared by the review and by the view of one card. */
#ifndef TUI_QUESTION_H
#define TUI_QUESTION_H

#include "study/review.h"
#include "tui/frame.h"
#include "tui/line.h"

/* How far the learner is with an answer, besides what struct ask holds. */
struct pose {
	int at;           /* marked option, left text or place */
	bool picked;      /* order: the item there is being moved */
	bool striking;    /* choice: the next letter rules out */
	bool hint;        /* the hint was asked for */
	struct line line; /* typed */
};

void question_draw(struct canvas *c, const struct review_card *rc, const struct pose *p);
/* The question, a divider, the answer and its reasons and notes. The canvas' focus is the beginning
 * of the answer. airy: with empty lines between options. */
void answer_draw(struct canvas *c, const struct review_card *rc, bool airy);
/* Small print below an answer: with a history the first source and that line, without one all
 * sources. */
void answer_small_print(struct canvas *c, const struct review_card *rc, const char *history);
/* "Right.", "Wrong." and so on with its sign, on the page's last line; nothing without a verdict.
 */
void answer_verdict(struct page *p, enum verdict v);
/* "label   text" with the label in its own column. */
void small_print(struct page *p, const char *label, const char *text);
#define LABEL_COLS 9

#endif
