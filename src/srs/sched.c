/* sched.c -- see sched.h. One answer is worked out in this order, which is Anki 26.08's: the study
 * day, the days since the last answer, the memory after the button, then by the state the card was
 * in: the next learning step, or the interval it graduates with, or the interval of a review, or a
 * lapse.
 *
 *	NEW ---> LEARN ---------> REVIEW ---------> RELEARN
 *	          | ^    Good,     | ^ ^   Again      | | ^
 *	          +-+    Easy      +-+ |              | +-+
 *	        a step            Hard +--------------+ a step
 *	                   Good, Easy     Good, Easy
 *
 * Good leaves learning and relearning after the last step. An interval is a function of the card,
 * the button and the fuzz factor; the factor depends on the card's seed and its number of answers
 * alone. So a preview is the answer itself, and a log replayed gives the same bits. A button that
 * must exceed another (Good must exceed Hard) computes the smaller one again instead of keeping
 * it. */
#include "srs/sched.h"

#include "base/random.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define MS_PER_S INT64_C(1000)
#define MS_PER_MIN (60 * MS_PER_S)
#define MS_PER_DAY (24 * 60 * MS_PER_MIN)
#define SHORT_TERM_D 0.5 /* without steps, shorter intervals stay within the day */
#define MAX_LEARN_FUZZ_MS (300 * MS_PER_S)
#define MAX_DUE_DAYS 36500

const char *const srs_op_names[SRS_OP_COUNT] = {
	[SRS_OP_ANSWER] = "answer", [SRS_OP_CRAM] = "cram",       [SRS_OP_BURY] = "bury",
	[SRS_OP_UNBURY] = "unbury", [SRS_OP_SUSPEND] = "suspend", [SRS_OP_UNSUSPEND] = "unsuspend",
	[SRS_OP_FLAG] = "flag",     [SRS_OP_LEECH] = "leech",     [SRS_OP_RESET] = "reset",
	[SRS_OP_DUE] = "due",       [SRS_OP_UNDO] = "undo",
};

void srs_preset_default(struct srs_preset *p)
{
	*p = (struct srs_preset){
		.retention = 0.9,
		.learn_ms = {1 * MS_PER_MIN, 10 * MS_PER_MIN},
		.learn_count = 2,
		.relearn_ms = {10 * MS_PER_MIN},
		.relearn_count = 1,
		.max_interval_d = 36500,
		.leech_threshold = 8,
		.leech_suspend = true,
		.fuzz = true,
		.day_start_min = 240,
	};
	fsrs_params_set(&p->fsrs, NULL, 0, NULL);
}

void srs_card_init(struct srs_card *c)
{
	memset(c, 0, sizeof(*c));
	c->last_day = c->first_day = c->due_day = c->buried_day = SRS_NO_DAY;
}

/* Intervals and their fuzz */

/* Each day of an interval counts for its range; one day of fuzz comes on top. */
static const struct {
	double start, end, factor;
} fuzz_ranges[] = {
	{2.5, 7, 0.15},
	{7, 20, 0.10},
	{20, INFINITY, 0.05},
};

static double fuzz_delta(double interval)
{
	if (interval < fuzz_ranges[0].start)
		return 0;
	double delta = 1;
	for (size_t i = 0; i < ARRAY_LEN(fuzz_ranges); i++)
		delta += fuzz_ranges[i].factor *
			 fmax(fmin(interval, fuzz_ranges[i].end) - fuzz_ranges[i].start, 0);
	return delta;
}

static int clamp_int(double v, int low, int high)
{
	return v > low ? v < high ? (int)v : high : low;
}

void srs_fuzz_bounds(double interval, int minimum, int maximum, int *lower, int *upper)
{
	if (minimum > maximum)
		minimum = maximum;
	double i = fmin(fmax(interval, minimum), maximum);
	double delta = fuzz_delta(i);
	*lower = clamp_int(round(i - delta), minimum, maximum);
	*upper = clamp_int(round(i + delta), minimum, maximum);
	if (*upper == *lower && *upper > 2 && *upper < maximum)
		*upper = *lower + 1;
}

int srs_fuzzed(double interval, int minimum, int maximum, double f)
{
	int lower, upper;
	srs_fuzz_bounds(interval, minimum, maximum, &lower, &upper);
	return (int)floor(lower + f * (1 + upper - lower));
}

int srs_minimum_interval(double interval, int previous, int maximum)
{
	int lower, upper;
	if (round(interval) > previous)
		return previous + 1;
	srs_fuzz_bounds(interval, 1, maximum, &lower, &upper);
	return previous <= upper ? previous : 0;
}

bool srs_is_leech(int lapses, int threshold)
{
	if (threshold <= 0 || lapses < threshold)
		return false;
	int half = (threshold + 1) / 2;
	return (lapses - threshold) % half == 0;
}

/* Steps */

/* Index of the current step. left may come from a time when there were more steps, or fewer. */
static int step_index(int count, int left)
{
	int i = count - left;
	return i < 0 ? 0 : i >= count ? count - 1 : i;
}

/* Hard on the first step: between it and the second, or half as long again but at most a day more.
 */
static int64_t hard_first_delay(const int64_t *steps, int count)
{
	int64_t half = steps[0] / 2 < MS_PER_DAY ? steps[0] / 2 : MS_PER_DAY;
	int64_t ms = count > 1 ? (steps[0] + steps[1]) / 2 : steps[0] + half;
	return ms > MS_PER_DAY ? (ms + MS_PER_DAY / 2) / MS_PER_DAY * MS_PER_DAY : ms;
}

int64_t srs_step_delay(const int64_t *steps, int count, int left, enum fsrs_grade g)
{
	int i = step_index(count, left);
	switch (g) {
	case FSRS_AGAIN:
		return steps[0];
	case FSRS_HARD:
		return i == 0 ? hard_first_delay(steps, count) : steps[i];
	case FSRS_GOOD:
		return i + 1 < count ? steps[i + 1] : 0;
	case FSRS_EASY:
		break;
	}
	return 0;
}

/* An answer */

/* What an answer is worked out from. */
struct answer {
	const struct srs_preset *p;
	const struct srs_card *card; /* before it */
	struct moment at;
	int32_t today;    /* never before the card's last day */
	double elapsed_d; /* whole study days since the last answer */
	double f;         /* fuzz factor, [0, 1) */
};

static struct answer answer_begin(const struct srs_preset *p, const struct srs_card *c,
				  struct moment at, uint64_t fuzz_seed)
{
	int32_t day = day_of(at, p->day_start_min);
	struct rng r = {hash_mix(fuzz_seed, (uint64_t)c->reps)};
	struct answer a = {
		.p = p, .card = c, .at = at, .today = day > c->last_day ? day : c->last_day};
	a.elapsed_d = c->last_day == SRS_NO_DAY ? 0 : (double)a.today - c->last_day;
	a.f = p->fuzz ? rng_unit(&r) : 0;
	return a;
}

static struct fsrs_memory memory_after(const struct answer *a, enum fsrs_grade g)
{
	struct fsrs_memory m = {a->card->stability_d, a->card->difficulty};
	return fsrs_next(&a->p->fsrs, m, g, a->elapsed_d);
}

/* The interval that a button's memory asks for: days, not rounded. */
static double raw_interval(const struct answer *a, enum fsrs_grade g)
{
	return fsrs_interval(&a->p->fsrs, memory_after(a, g).stability_d, a->p->retention);
}

/* raw as an interval in days within [minimum, the preset's maximum]; the maximum wins. */
static int settle(const struct answer *a, double raw, int minimum)
{
	int max = a->p->max_interval_d;
	if (minimum > max)
		minimum = max;
	return a->p->fuzz ? srs_fuzzed(raw, minimum, max, a->f)
			  : clamp_int(round(raw), minimum, max);
}

static double whole_days(double raw)
{
	return fmax(round(raw), 1);
}

/* The interval a button leaves learning or relearning with. Easy stays above Good. */
static int graduating_interval(const struct answer *a, enum fsrs_grade g)
{
	if (g != FSRS_EASY)
		return settle(a, whole_days(raw_interval(a, g)), 1);
	int good = settle(a, whole_days(raw_interval(a, FSRS_GOOD)), 1);
	return settle(a, whole_days(raw_interval(a, FSRS_EASY)), good + 1);
}

/* The interval of a review that was recalled: never shorter than what the memory allows, each
 * button longer than the one before. */
static int passing_interval(const struct answer *a, enum fsrs_grade g)
{
	int interval = 0;
	for (int k = FSRS_HARD; k <= (int)g; k++) {
		double raw = raw_interval(a, (enum fsrs_grade)k);
		int least = srs_minimum_interval(raw, a->card->interval_d, a->p->max_interval_d);
		interval = settle(a, raw, least > interval + 1 ? least : interval + 1);
	}
	return interval;
}

static void become_review(const struct answer *a, struct srs_card *c, int interval)
{
	c->state = SRS_REVIEW;
	c->steps_left = 0;
	c->interval_d = interval;
	c->by_day = true;
	c->due_day = a->today + interval;
	c->due_ms = 0;
}

/* Up to a quarter more, and at most five minutes, so that cards learnt together come apart. */
static int64_t learn_fuzz(const struct answer *a, int64_t delay_ms)
{
	int64_t most = delay_ms / 4 < MAX_LEARN_FUZZ_MS ? delay_ms / 4 : MAX_LEARN_FUZZ_MS;
	return (int64_t)(a->f * (double)most);
}

/* A step that reaches into another study day is counted in days. */
static void become_learning(const struct answer *a, struct srs_card *c, enum srs_state state,
			    int left, int64_t delay_ms)
{
	int64_t rest_ms = day_end_ms(a->at, a->p->day_start_min) - a->at.ms;
	int64_t fuzzed_ms = delay_ms + learn_fuzz(a, delay_ms);
	c->state = state;
	c->steps_left = left;
	c->by_day = fuzzed_ms >= rest_ms;
	c->due_ms = c->by_day ? 0 : a->at.ms + fuzzed_ms;
	c->due_day = SRS_NO_DAY;
	if (c->by_day)
		c->due_day =
			a->today + 1 +
			(delay_ms > rest_ms ? (int32_t)((delay_ms - rest_ms) / MS_PER_DAY) : 0);
}

/* Without steps, the memory model itself may ask for less than half a day: the delay then, ms, else
 * 0. */
static int64_t short_term_delay(const struct answer *a, int steps, enum fsrs_grade g)
{
	const double *w = a->p->fsrs.w;
	if (steps > 0 || w[17] <= 0 || w[18] <= 0)
		return 0;
	double raw = raw_interval(a, g);
	return raw < SHORT_TERM_D ? (int64_t)fmax(floor(raw * 86400), 1) * MS_PER_S : 0;
}

static int left_after(int count, int left, enum fsrs_grade g)
{
	if (count == 0)
		return 0;
	if (g == FSRS_AGAIN)
		return count;
	return count - step_index(count, left) - (g == FSRS_GOOD);
}

/* New, learning and relearning cards. */
static void answer_learning(const struct answer *a, struct srs_card *c, enum fsrs_grade g)
{
	bool again = a->card->state == SRS_RELEARN;
	const int64_t *steps = again ? a->p->relearn_ms : a->p->learn_ms;
	int count = again ? a->p->relearn_count : a->p->learn_count;
	int left = a->card->state == SRS_NEW ? count : a->card->steps_left;
	int64_t delay_ms = 0;
	if (g != FSRS_EASY)
		delay_ms = count ? srs_step_delay(steps, count, left, g)
				 : short_term_delay(a, count, g);
	if (delay_ms <= 0) {
		become_review(a, c, graduating_interval(a, g));
		return;
	}
	become_learning(a, c, again ? SRS_RELEARN : SRS_LEARN, left_after(count, left, g),
			delay_ms);
	if (again && g == FSRS_AGAIN)
		c->interval_d = clamp_int(round(raw_interval(a, g)), 1, a->p->max_interval_d);
}

static void lapse(const struct answer *a, struct srs_card *c)
{
	const struct srs_preset *p = a->p;
	int count = p->relearn_count;
	int64_t delay_ms = count ? p->relearn_ms[0] : short_term_delay(a, count, FSRS_AGAIN);
	int interval = clamp_int(round(raw_interval(a, FSRS_AGAIN)), 1, p->max_interval_d);
	c->lapses++;
	if (srs_is_leech(c->lapses, p->leech_threshold)) {
		c->leech = true;
		c->suspended = c->suspended || p->leech_suspend;
	}
	if (delay_ms <= 0) {
		become_review(a, c, interval);
		return;
	}
	become_learning(a, c, SRS_RELEARN, count, delay_ms);
	c->interval_d = interval;
}

static struct srs_card answered(const struct answer *a, enum fsrs_grade g)
{
	struct srs_card c = *a->card;
	struct fsrs_memory m = memory_after(a, g);
	c.stability_d = m.stability_d;
	c.difficulty = m.difficulty;
	c.reps++;
	c.last_ms = a->at.ms;
	c.last_day = a->today;
	if (c.first_day == SRS_NO_DAY)
		c.first_day = a->today;
	c.buried_day = SRS_NO_DAY;
	if (a->card->state != SRS_REVIEW)
		answer_learning(a, &c, g);
	else if (g == FSRS_AGAIN)
		lapse(a, &c);
	else
		become_review(a, &c, passing_interval(a, g));
	return c;
}

/* Events */

/* The learner gave the date: the interval becomes the days from the last answer to it, so that the
 * next one is judged by what was really waited. */
static void set_due(const struct srs_preset *p, struct srs_card *c, struct moment at, int days)
{
	struct answer a = answer_begin(p, c, at, 0);
	int wait = days < 0 ? 0 : days > MAX_DUE_DAYS ? MAX_DUE_DAYS : days;
	become_review(&a, c, clamp_int(a.elapsed_d + wait, 1, p->max_interval_d));
	c->due_day = a.today + wait;
	c->suspended = false;
	c->buried_day = SRS_NO_DAY;
}

static void reset(struct srs_card *c)
{
	int flag = c->flag;
	srs_card_init(c);
	c->flag = flag;
}

struct srs_card srs_apply(const struct srs_preset *p, struct srs_card c, const struct srs_event *e,
			  uint64_t fuzz_seed)
{
	switch (e->op) {
	case SRS_OP_ANSWER: {
		struct answer a = answer_begin(p, &c, e->at, fuzz_seed);
		return answered(&a, (enum fsrs_grade)clamp_int(e->arg, FSRS_AGAIN, FSRS_EASY));
	}
	case SRS_OP_BURY:
		c.buried_day = day_of(e->at, p->day_start_min);
		break;
	case SRS_OP_UNBURY:
		c.buried_day = SRS_NO_DAY;
		break;
	case SRS_OP_SUSPEND:
		c.suspended = true;
		break;
	case SRS_OP_UNSUSPEND:
		c.suspended = false;
		break;
	case SRS_OP_FLAG:
		c.flag = clamp_int(e->arg, 0, 7);
		break;
	case SRS_OP_LEECH:
		c.leech = e->arg != 0;
		break;
	case SRS_OP_RESET:
		reset(&c);
		break;
	case SRS_OP_DUE:
		set_due(p, &c, e->at, e->arg);
		break;
	case SRS_OP_CRAM:
		break;
	case SRS_OP_UNDO:
	case SRS_OP_COUNT:
		assert(!"not an event of a card");
		break;
	}
	return c;
}

void srs_preview(const struct srs_preset *p, const struct srs_card *c, struct moment at,
		 uint64_t fuzz_seed, struct srs_card out[4])
{
	struct answer a = answer_begin(p, c, at, fuzz_seed);
	for (int g = FSRS_AGAIN; g <= FSRS_EASY; g++)
		out[g - 1] = answered(&a, (enum fsrs_grade)g);
}

int64_t srs_due_in_ms(const struct srs_preset *p, const struct srs_card *c, struct moment at)
{
	if (c->state == SRS_NEW)
		return 0;
	if (!c->by_day)
		return c->due_ms - at.ms;
	return ((int64_t)c->due_day - day_of(at, p->day_start_min)) * MS_PER_DAY;
}

double srs_recall(const struct srs_preset *p, const struct srs_card *c, struct moment at)
{
	int32_t today = day_of(at, p->day_start_min);
	if (c->stability_d <= 0 || c->last_day == SRS_NO_DAY)
		return 0;
	return fsrs_recall(&p->fsrs, c->stability_d,
			   today > c->last_day ? (double)today - c->last_day : 0);
}
