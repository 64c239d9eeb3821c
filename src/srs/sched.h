/* sched.h -- from answers to due dates: learning steps, day boundary, intervals, fuzz, button
 * order, lapses, leeches, in Anki 26.08's order of operations. Pure: card state and event in, card
 * state out. The review log replayed through srs_apply gives each card's state to the last bit. */
#ifndef SRS_SCHED_H
#define SRS_SCHED_H

#include "base/clock.h"
#include "srs/fsrs.h"

#define MAX_STEPS 16
#define SRS_NO_DAY INT32_MIN

/* The rules in force at an answer. */
struct srs_preset {
	struct fsrs_params fsrs;
	double retention; /* 0.70 .. 0.99, desired recall when a card comes due */
	int64_t learn_ms[MAX_STEPS], relearn_ms[MAX_STEPS];
	int learn_count, relearn_count; /* may be 0 */
	int max_interval_d;             /* 1 .. 36500 */
	int leech_threshold;            /* lapses; 0 = never */
	bool leech_suspend;             /* else only marked */
	bool fuzz;
	int day_start_min; /* minutes after local midnight, 0 .. 1439 */
};
/* Retention .9, steps 1m 10m / 10m, 36500, leech 8 suspend, fuzz, 240. */
void srs_preset_default(struct srs_preset *p);

enum srs_state { SRS_NEW, SRS_LEARN, SRS_REVIEW, SRS_RELEARN };

/* State of one review card ("part"). A zeroed struct with the day fields at SRS_NO_DAY is a new
 * card: use srs_card_init. */
struct srs_card {
	enum srs_state state;
	bool by_day; /* due_day counts, not due_ms: reviews, and steps that crossed the day */
	bool suspended, leech;
	int flag;       /* 0 none, 1..7 */
	int steps_left; /* learning and relearning: steps still ahead, as Anki's "remaining" */
	int interval_d; /* days in force; in relearning what it will leave with */
	int reps, lapses;
	double stability_d, difficulty; /* 0 = none yet */
	int64_t last_ms;                /* last answer that counted, 0 = never */
	int32_t last_day, first_day;    /* study days of the last and first answer */
	int64_t due_ms;                 /* learning within the day */
	int32_t due_day;
	int32_t buried_day; /* hidden while the study day is this one */
};
void srs_card_init(struct srs_card *c);

enum srs_op {
	SRS_OP_ANSWER, /* arg: grade 1..4 */
	SRS_OP_CRAM,   /* arg: grade; logged practice, changes nothing */
	SRS_OP_BURY,   /* until the next study day */
	SRS_OP_UNBURY,
	SRS_OP_SUSPEND,
	SRS_OP_UNSUSPEND,
	SRS_OP_FLAG,  /* arg: 0..7 */
	SRS_OP_LEECH, /* arg: 1 mark, 0 unmark */
	SRS_OP_RESET, /* back to new; counts to zero */
	SRS_OP_DUE,   /* arg: due in so many days (>= 0): a review card then, not hidden */
	SRS_OP_UNDO,  /* of another log row; never reaches srs_apply */
	SRS_OP_COUNT
};
extern const char *const srs_op_names[SRS_OP_COUNT]; /* "answer", "cram", ... as stored and shown */

struct srs_event {
	enum srs_op op;
	int arg;
	struct moment at;
};
/* The state after an event. fuzz_seed: constant per card. Events never go back in days: an answer
 * on an earlier study day than the last counts as the same day. */
struct srs_card srs_apply(const struct srs_preset *p, struct srs_card c, const struct srs_event *e,
			  uint64_t fuzz_seed);
/* The states the four buttons would give (index grade - 1): exactly what srs_apply gives for
 * SRS_OP_ANSWER. */
void srs_preview(const struct srs_preset *p, const struct srs_card *c, struct moment at,
		 uint64_t fuzz_seed, struct srs_card out[4]);
/* When a card is due, as ms from at (<= 0: now). For buttons and "next due". What counts in days is
 * whole days away: tomorrow's card is due in 24 h at any hour of today. New cards: 0. */
int64_t srs_due_in_ms(const struct srs_preset *p, const struct srs_card *c, struct moment at);
/* Chance of recall now; 0 for a card without memory. */
double srs_recall(const struct srs_preset *p, const struct srs_card *c, struct moment at);

/* Pieces with published test values. */
void srs_fuzz_bounds(double interval, int minimum, int maximum, int *lower, int *upper);
int srs_fuzzed(double interval, int minimum, int maximum, double f); /* f in [0,1) */
/* The least a review may get (rule 8): previous + 1, previous or 0. */
int srs_minimum_interval(double interval, int previous, int maximum);
bool srs_is_leech(int lapses, int threshold);
/* Delay of a button in learning, ms; 0 = graduates (Good on the last step). steps in ms, left =
 * steps still ahead (1..count). */
int64_t srs_step_delay(const int64_t *steps, int count, int left, enum fsrs_grade g);

#endif
