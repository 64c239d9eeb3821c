/* exam.h -- an exam being sat, as a pure state machine: its state is the replay of its events.
 * Whoever keeps the events keeps the exam. The clock counts time the exam was open; the caller says
 * how much with each event.
 *
 *	        open, choose, strike, match, move, flag, sure, goto, clock, away
 *	         +----+
 *	         v    |
 *	        RUNNING --submit--> ENDED        RUNNING --time is up--> ENDED
 *
 * Nothing here shows or grades an answer before the end. */
#ifndef QUIZ_EXAM_H
#define QUIZ_EXAM_H

#include "quiz/known.h"

/* What happened. The numbers are stored. */
enum exam_op {
	EXAM_OPENED, /* a run begins; arg: ms away since it was last open, at least 0 */
	EXAM_CHOOSE, /* arg: option as shown; toggles as ask_choose */
	EXAM_STRIKE, /* arg: option as shown; toggles as ask_strike */
	EXAM_MATCH,  /* arg: left * 16 + right + 1, right -1 clears */
	EXAM_MOVE,   /* arg: from * 16 + to */
	EXAM_FLAG,   /* arg: 1 flagged, 0 not */
	EXAM_SURE,   /* arg: enum sureness */
	EXAM_GOTO,   /* arg: item, 0-based: it is now in front */
	EXAM_CLOCK,  /* arg: 1 shown, 0 hidden */
	EXAM_AWAY,   /* arg: ms that passed while nothing ran, as with a lid closed; not counted */
	EXAM_WARNED, /* arg: minutes left, a warning was given for */
	EXAM_SUBMIT,
	EXAM_TIME_UP,
	EXAM_OP_COUNT
};
extern const char *const exam_op_names[EXAM_OP_COUNT];

struct exam_event {
	enum exam_op op;
	int64_t arg;
	int64_t open_ms; /* the exam's own clock at the event: never goes back */
	int64_t at_ms;   /* Unix time, only told to people */
};

enum exam_fill { EXAM_EMPTY, EXAM_PARTLY, EXAM_ANSWERED }; /* PARTLY: more must be chosen */

struct exam_item {
	struct ask ask; /* one question; never submitted before the end */
	bool visited;   /* was in front */
	bool flagged;
	enum sureness sure;
	bool touched;        /* anything was given, ever */
	bool was_right;      /* its full answer was once right */
	bool was_wrong;      /* its full answer was once wrong */
	int64_t spent_ms;    /* time in front */
	int64_t answered_ms; /* open_ms of the last change of the answer */
};

enum exam_end { EXAM_RUNNING, EXAM_SUBMITTED, EXAM_TIMED_OUT };

#define EXAM_WARNINGS 2
extern const int exam_warn_minutes[EXAM_WARNINGS]; /* 30, 5 */

struct exam {
	struct exam_item *items; /* heap */
	size_t count, at;        /* at: the item in front */
	int64_t limit_ms, open_ms;
	int64_t away_ms; /* in all */
	int runs, aways; /* times opened; times away, with gaps while it was open */
	bool clock_shown;
	bool warned[EXAM_WARNINGS];
	enum exam_end end;
	int64_t end_at_ms; /* Unix time of the end */
};

/* cards and parts: count of each, borrowed, must outlive the exam. Options are shuffled by seed and
 * keys[i] ("deck/id"). */
void exam_init(struct exam *e, const struct card *const *cards, const struct part *parts,
	       const char *const *keys, size_t count, uint64_t seed, int64_t limit_ms);
void exam_clear(struct exam *e); /* accepts a zeroed one */

/* Would this event make sense now? An argument out of range, an event after the end, or a clock
 * that goes back does not. */
bool exam_accepts(const struct exam *e, const struct exam_event *ev);
/* Apply it. False, and nothing changed, when it makes no sense. */
bool exam_apply(struct exam *e, const struct exam_event *ev);

enum exam_fill exam_fill(const struct exam_item *it);
/* How many items are answered, partly answered, empty, flagged. */
struct exam_counts {
	int answered, partly, empty, flagged;
};
struct exam_counts exam_counts(const struct exam *e);
/* The next item after `from` (cyclic, from itself last) that is not fully answered, or flagged; -1:
 * there is none. */
int exam_next_open(const struct exam *e, size_t from);
int exam_next_flagged(const struct exam *e, size_t from);

/* ms left on the clock at open_ms, at least 0. */
int64_t exam_left_ms(const struct exam *e, int64_t open_ms);
/* How far ahead (> 0) or behind (< 0) an even pace: the share of items answered times the limit,
 * minus the time used. ms. */
int64_t exam_pace_ms(const struct exam *e, int64_t open_ms);
/* The warning to give at open_ms: its index in exam_warn_minutes, -1: none is due. One that was
 * passed over because a later one is due as well counts as given; forms shorter than twice a
 * warning have none of it. */
int exam_warning_due(const struct exam *e, int64_t open_ms);

#endif
