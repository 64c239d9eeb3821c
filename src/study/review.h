/* review.h -- a review session: which card, how it is asked, what the answer does. One state
 * machine behind the TUI and plain mode. Each answer is on disk before the call that gives it
 * returns. */
#ifndef STUDY_REVIEW_H
#define STUDY_REVIEW_H

#include "quiz/ask.h"
#include "srs/queue.h"
#include "study/study.h"

struct review_options {
	const char *query; /* NULL or "": everything */
	int limit;         /* cards shown at most, < 0: no limit */
	int new_limit;     /* instead of what is left of new-per-day; < 0: as set */
	int ahead_d;       /* also what comes due in so many days */
	bool cram;         /* everything that matches, logged without rescheduling */
};

/* What is in front of the learner. Valid until the next call that moves on. */
struct review_card {
	struct store_item item;
	const struct card *card;
	struct part part;
	struct face face;
	struct ask ask;
	struct srs_card
		after[4]; /* what each grade would give, by grade - 1; cram: the state unchanged */
	const char *due_words[4]; /* "10 min", "2 days": under the buttons */
	double recall;            /* chance of recall when it was shown, 0 for new cards */
	int64_t shown_ms;
};

struct review_progress {
	int done, kept, lost; /* answers in this session, with grade > 1, with grade 1 */
	int cards, total;     /* cards answered, and with those to come: each counted once, however
				 often */
	bool once_more;       /* the current card was answered in this session before */
	struct queue_counts left; /* the current card included */
	int64_t took_ms;
};

struct review_outcome {
	struct srs_card state; /* after the answer */
	const char *next; /* "in 2 days (22 Nov)", "in 10 min": when it is due next. In the review's
			     memory, until the next call */
	bool became_leech;
};

struct review;
/* Takes the session lock. Nothing due is no error: review_current then gives NULL. */
bool review_open(struct review **out, struct study *s, const struct review_options *o,
		 struct diags *d);
/* How many cards a session over everything would show now: reviews and learning cards, and new
 * ones, after limits and with one of each family of siblings. Needs no lock. */
bool review_today(struct study *s, int *due, int *fresh, struct diags *d);
/* Also makes the daily backup; problems of that are added to d. Accepts NULL. */
void review_close(struct review *r, struct diags *d);

/* The card to show now; the same until it is answered or dropped. *out NULL: nothing is ready; see
 * review_wait_ms. False: the store failed. */
bool review_current(struct review *r, struct review_card **out, struct diags *d);
int64_t review_wait_ms(const struct review *r); /* as queue_wait_ms */
struct review_progress review_progress(const struct review *r);
/* Why a review of query (may be NULL) began with no card and what can be done, as a message. In the
 * arena. */
const char *review_none_due(struct study *s, const char *query, struct arena *a);
bool review_is_cram(const struct review *r);

/* Answer the current card with grade 1..4. On false nothing was logged and the card stays. */
bool review_rate(struct review *r, int grade, struct review_outcome *out, struct diags *d);
/* Undo the last thing done, also of an earlier session; the card comes back. *what says what was
 * undone ("good on ws-limits/idle"), NULL when there is nothing. */
bool review_undo(struct review *r, const char **what, struct diags *d);
bool review_redo(struct review *r, const char **what, struct diags *d);

/* What else can be done with the current card. Those that hide it move on. arg: flag number, leech
 * 1/0, days. */
bool review_do(struct review *r, enum srs_op op, int arg, struct diags *d);

/* The decks changed on disk (the card was edited): load them, show the same card again, asked anew.
 * *gone: it is no longer there. */
bool review_reload(struct review *r, bool *gone, struct diags *d);

/* For other screens: read a card with all its text. Everything it points to lives in a and deck. */
bool review_read_card(struct study *s, int64_t part_id, struct arena *a, struct deck *deck,
		      struct review_card *out, struct diags *d);

/* As store_row, with the title of what this part asks: "Billing · WebSocket API", not only the
 * table's title. For lists. */
bool review_row(struct study *s, int64_t part_id, struct arena *a, struct store_item *out,
		struct diags *d);

/* What a card shows after the answer besides the answer itself, as Markdown: why, lore. NULL when
 * there is none. In the arena. */
const char *review_notes(struct arena *a, const struct card *c);
/* "API Gateway quotas" and "checked 2026-11-18": one line per source, plain text; NULL when i is
 * past the end. */
const char *review_source(struct arena *a, const struct card *c, size_t i);
/* "in 2 days (22 Nov)", "in 10 min": when a card in this state is due. In the arena. */
const char *review_next_words(struct study *s, struct arena *a, const struct srs_card *c);
/* "4 reviews, last 6 days ago, recall was 88 %" or "new". In the arena. */
const char *review_history(struct arena *a, const struct review_card *rc, int32_t today);

#endif
