/* exam.h -- sitting a mock exam: drawing its form, answering, the clock, the result. The state is
 * quiz/exam.h; here every event is on disk before the call that makes it returns, so a kill loses
 * nothing. One state machine behind the TUI and plain mode.
 *
 *	sitting_plan ---> sitting_start ---> RUNNING <--> sitting_close ... sitting_resume
 *	                                        |
 *	              sitting_submit, or time is up in sitting_tick
 *	                                        v
 *	                                     ENDED ---> sitting_result, sitting_review
 *
 * The clock counts the time a sitting is open. Time away (closed, killed, suspended, stopped) does
 * not count; it is recorded and shown. The wall clock has no part in it. */
#ifndef STUDY_EXAM_H
#define STUDY_EXAM_H

#include "quiz/exam.h"
#include "quiz/form.h"
#include "study/study.h"

/* What the command line or a screen asked for. */
struct exam_options {
	const char *exam; /* "dva-c03", a form id "dva-c03.4711.2", or NULL: the setting `exam`,
			     else the blueprint in use today */
	bool has_seed;
	uint64_t seed; /* of the series: form number 1 of it. Without: one that avoids items seen
			  lately */
	bool esl;      /* the blueprint's extra minutes; also when the setting `esl` is on */
	bool is_short; /* the largest form that the decks can fill, in proportion */
	bool resume;   /* go on with the waiting sitting of this id, 0: the newest */
	int64_t id;    /* of resume, and of result */
	bool result;   /* the result of an ended sitting; id 0: the newest */
	bool list;     /* the screen starts on the list of sittings */
};

/* ---- before -------------------------------------------------------------------------- */

/* What a new sitting would be. Texts are in the plan's arena. */
struct sitting_plan {
	struct arena arena;
	struct blueprint blueprint; /* owned */
	struct form_id form;
	const char *form_text; /* "dva-c03.4711.2" */
	struct form_need need; /* what it takes */
	int pool[MAX_DOMAINS]; /* what the decks have, by domain */
	int minutes;           /* esl included */
	int late;              /* items of this form that were seen in the last EXAM_LATE_DAYS */
	bool fits;             /* the decks hold enough of every domain */
	int largest;           /* when not: scored items of the largest form; 0: none at all */
	/* When it does not fit: a line per domain that lacks items, "Security: 9 of 17 items", and
	 * what can be done about it. */
	const char **missing;
	size_t missing_count;
	/* Said once per learner: when the exam retires and what replaces it. NULL: nothing to say,
	 * or told before; sitting_start remembers that it was told. */
	const char *notice;
	int waiting; /* sittings that wait to be resumed */
};
#define EXAM_LATE_DAYS 28
/* False: no such exam (exam-unknown, with a suggestion), a bad form id, no blueprints, or the store
 * failed. A plan that does not fit is no failure. Reads only. */
bool sitting_plan(struct sitting_plan *out, struct study *s, const struct exam_options *o,
		  struct diags *d);
void sitting_plan_clear(struct sitting_plan *p); /* accepts a zeroed one */

/* ---- the session --------------------------------------------------------------------- */

struct sitting; /* an exam being sat, or ended */
/* Begin the plan's form: takes the session lock, keeps a snapshot of its items, starts the clock.
 * exam-too-small when the plan does not fit. */
bool sitting_start(struct sitting **out, struct study *s, const struct sitting_plan *plan,
		   struct diags *d);
/* Go on with a waiting sitting; id 0: the one that was open last. Takes the lock. exam-none: there
 * is none (of this id, or it has ended). */
bool sitting_resume(struct sitting **out, struct study *s, int64_t id, struct diags *d);
/* An ended one, to look at; id 0: the newest. Needs no lock. exam-none. */
bool sitting_view(struct sitting **out, struct study *s, int64_t id, struct diags *d);
/* The exam waits, unless it has ended. Also makes the daily backup after an ended one. Accepts
 * NULL. */
void sitting_close(struct sitting *x, struct diags *d);

/* All sittings, newest first. Texts in the arena. */
struct sitting_row {
	int64_t id;
	const char *form, *code, *title; /* "dva-c03.4711.2", "DVA-C03", the blueprint's title */
	struct moment began;
	int64_t ended_ms; /* Unix time; 0: it waits */
	bool timed_out;
	int items, answered; /* answered: full answers */
	int right, scored;   /* of ended ones */
	int64_t left_ms, open_ms, limit_ms;
};
bool sitting_list(struct study *s, struct arena *a, struct sitting_row **out, size_t *count,
		  struct diags *d);

/* What stays the same through a sitting. Borrowed from it. */
struct sitting_info {
	int64_t id;
	const char *form, *code, *title;
	const struct blueprint *blueprint; /* as it was at the start: domains, weights, pass line */
	struct moment began;
	int minutes, scored, unscored;
	bool esl, is_short;
};
const struct sitting_info *sitting_info(const struct sitting *x);

/* The exam's state, to be read: items, at, counts with exam_counts(). The items' asks are shown
 * only by sitting_review. */
const struct exam *sitting_exam(const struct sitting *x);

/* The item in front, or any other. Texts are Markdown, borrowed from the sitting. */
struct sitting_item {
	size_t number;                /* 0-based */
	const struct exam_item *item; /* its ask: options, chosen, struck, need */
	const struct card *card;
	const char *prompt; /* the question */
	enum exam_fill fill;
};
struct sitting_item sitting_item(const struct sitting *x, size_t number);
struct sitting_item sitting_current(const struct sitting *x);

/* ---- what the learner does ----------------------------------------------------------- */

/* Each is on disk when it returns true. False: it was not accepted (a full disk), nothing changed
 * and d says why; or the exam has just ended because time is up (exam-over, a note: look at
 * sitting_exam()->end). i, left, right: as shown. */
bool sitting_choose(struct sitting *x, size_t i, struct diags *d);
bool sitting_strike(struct sitting *x, size_t i, struct diags *d);
bool sitting_match(struct sitting *x, size_t left, int right, struct diags *d);
bool sitting_move(struct sitting *x, size_t from, size_t to, struct diags *d);
/* Plain mode: the answer as typed, see ask_parse; replaces what was chosen. *why: what would make
 * sense, a literal, when the line does not; then false without a diagnostic. NULL otherwise. */
bool sitting_answer(struct sitting *x, const char *line, const char **why, struct diags *d);
bool sitting_flag(struct sitting *x, struct diags *d); /* toggles */
bool sitting_sure(struct sitting *x, enum sureness sure, struct diags *d);
bool sitting_goto(struct sitting *x, size_t number, struct diags *d);
bool sitting_next(struct sitting *x, struct diags *d); /* stays on the last */
bool sitting_prev(struct sitting *x, struct diags *d); /* stays on the first */
/* To the next item that is not fully answered, or flagged. *found false: there is none. */
bool sitting_next_open(struct sitting *x, bool *found, struct diags *d);
bool sitting_next_flagged(struct sitting *x, bool *found, struct diags *d);
bool sitting_clock(struct sitting *x, bool shown, struct diags *d);
/* End it and grade it: wrong answers become reviews. Ask first when exam_counts() has blanks. */
bool sitting_submit(struct sitting *x, struct diags *d);

/* ---- the clock ----------------------------------------------------------------------- */

/* To be called about once a second, and before anything that shows the time: counts the time that
 * passed, keeps it on disk every few seconds, ends the exam when time is up. *warn: minutes left
 * that the learner must be told of now (30 or 5), else 0; each comes once. */
bool sitting_tick(struct sitting *x, int *warn, struct diags *d);
#define SITTING_KEEP_MS 5000 /* how often the clock is kept: what a kill may give back */
#define SITTING_GAP_MS 30000 /* a longer silence between two ticks was time away */
/* As of the last tick or event. */
int64_t sitting_left_ms(const struct sitting *x);
int64_t sitting_pace_ms(const struct sitting *x); /* > 0 ahead, see exam_pace_ms */
/* "1:28:04" for ms left. In the arena. */
const char *sitting_time_text(struct arena *a, int64_t ms);
/* "2 minutes ahead", "on pace", "5 minutes behind". In the arena. */
const char *sitting_pace_text(struct arena *a, int64_t pace_ms);
/* Time away in all, and how often. */
int64_t sitting_away_ms(const struct sitting *x);

#endif
