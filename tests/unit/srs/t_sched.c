/* t_sched.c -- Anki's order of operations, rule by rule, with fuzz off so that every date is exact;
 * then properties over random histories with fuzz on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/random.h"
#include "srs/sched.h"

#include <math.h>
#include <string.h>

#define MIN_MS INT64_C(60000)
#define HOUR_MS (60 * MIN_MS)
#define DAY_MS (24 * HOUR_MS)
#define NOON (20000 * DAY_MS + 12 * HOUR_MS) /* of study day 20000 in UTC */
#define TODAY 20000

static struct srs_preset exact(void)
{
	struct srs_preset p;
	srs_preset_default(&p);
	p.fuzz = false;
	return p;
}

static struct srs_card fresh(void)
{
	struct srs_card c;
	srs_card_init(&c);
	return c;
}

static struct srs_card apply(const struct srs_preset *p, struct srs_card c, enum srs_op op, int arg,
			     int64_t ms)
{
	struct srs_event e = {op, arg, {ms, 0}};
	return srs_apply(p, c, &e, 99);
}

static struct srs_card answer(const struct srs_preset *p, struct srs_card c, enum fsrs_grade g,
			      int64_t ms)
{
	return apply(p, c, SRS_OP_ANSWER, (int)g, ms);
}

/* A review card answered last on TODAY. */
static struct srs_card review_card(double stability, double difficulty, int interval)
{
	struct srs_card c = fresh();
	c.state = SRS_REVIEW;
	c.by_day = true;
	c.stability_d = stability;
	c.difficulty = difficulty;
	c.interval_d = interval;
	c.reps = 3;
	c.last_ms = NOON;
	c.last_day = c.first_day = TODAY;
	c.due_day = TODAY + interval;
	return c;
}

/* Pieces */

static void test_steps(void **state)
{
	(void)state; /* Anki, rslib/src/scheduler/states/steps.rs; minutes, seconds; 0: graduates */
	static const struct {
		int64_t steps[3];
		int count, left;
		int64_t again, hard, good;
	} rows[] = {
		{{10}, 1, 1, 600, 900, 0},
		{{4320}, 1, 1, 259200, 345600, 0},
		{{1, 10}, 2, 2, 60, 330, 600},
		{{1, 10}, 2, 1, 60, 600, 0},
		{{1, 10, 100}, 3, 3, 60, 330, 600},
		{{1, 10, 100}, 3, 2, 60, 600, 6000},
		{{1, 10, 100}, 3, 1, 60, 6000, 0},
		{{1, 10}, 2, 7, 60, 330, 600}, /* there were more steps when it was answered */
		{{1, 10}, 2, 0, 60, 600, 0},
		{{1, 5760}, 2, 2, 60, 172800, 345600}, /* two days and half a minute: whole days */
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t ms[3];
		for (int k = 0; k < 3; k++)
			ms[k] = rows[i].steps[k] * MIN_MS;
		assert_int_equal(srs_step_delay(ms, rows[i].count, rows[i].left, FSRS_AGAIN),
				 rows[i].again * 1000);
		assert_int_equal(srs_step_delay(ms, rows[i].count, rows[i].left, FSRS_HARD),
				 rows[i].hard * 1000);
		assert_int_equal(srs_step_delay(ms, rows[i].count, rows[i].left, FSRS_GOOD),
				 rows[i].good * 1000);
		assert_int_equal(srs_step_delay(ms, rows[i].count, rows[i].left, FSRS_EASY), 0);
	}
}

static void test_fuzz(void **state)
{
	(void)state; /* Anki, rslib/src/scheduler/states/fuzz.rs: interval, limits, values at 0, 0.5
			and 0.99 */
	static const struct {
		double interval;
		int min, max, low, middle, high;
	} rows[] = {
		{1, 1, 1000, 1, 1, 1},
		{2.49, 1, 1000, 2, 2, 2},
		{2.5, 1, 1000, 2, 3, 4},
		{7, 1, 1000, 5, 7, 9},
		{17, 1, 1000, 14, 17, 20},
		{37, 1, 1000, 33, 37, 41},
		{2, 2, 1000, 2, 2, 2},
		{2, 3, 1000, 3, 4, 4},
		{2, 3, 3, 3, 3, 3},
		{6.9, 3, 1000, 5, 7, 9},
		{19.9, 3, 1000, 17, 20, 23},
		{20.1, 3, 1000, 17, 20, 23},
		{100, 101, 1000, 101, 105, 108},
		{100, 1, 99, 92, 96, 99},
		{100, 97, 103, 97, 100, 103},
		{1, 3, 2, 2, 2, 2},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int lower, upper;
		srs_fuzz_bounds(rows[i].interval, rows[i].min, rows[i].max, &lower, &upper);
		assert_int_equal(lower, rows[i].low);
		assert_int_equal(upper, rows[i].high);
		assert_int_equal(srs_fuzzed(rows[i].interval, rows[i].min, rows[i].max, 0),
				 rows[i].low);
		assert_int_equal(srs_fuzzed(rows[i].interval, rows[i].min, rows[i].max, 0.5),
				 rows[i].middle);
		assert_int_equal(srs_fuzzed(rows[i].interval, rows[i].min, rows[i].max, 0.99),
				 rows[i].high);
	}
	/* minimum_review_fuzz_interval */
	assert_int_equal(srs_minimum_interval(2.7269483, 4, 36500), 4);
	assert_int_equal(srs_minimum_interval(2.7269483, 5, 36500), 0);
	assert_int_equal(srs_minimum_interval(4.591988, 4, 36500), 5);
}

static void test_leech_rule(void **state)
{
	(void)state; /* Anki, rslib/src/scheduler/states/review.rs */
	static const struct {
		int threshold;
		const char *at; /* x: leech, by lapses from 0 */
	} rows[] = {{3, "...x.x.x.x"},
		    {8, "........x...x...x"},
		    {1, ".xxx"},
		    {0, "......"},
		    {-1, "..."}};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (int n = 0; rows[i].at[n]; n++)
			assert_int_equal(srs_is_leech(n, rows[i].threshold), rows[i].at[n] == 'x');
	}
}

/* Learning */

static void test_new_card(void **state)
{
	(void)state;
	struct srs_preset p = exact();
	static const int64_t delay[] = {MIN_MS, 330000, 10 * MIN_MS};
	static const int left[] = {2, 2, 1};
	for (int g = 1; g <= 3; g++) {
		struct srs_card c = answer(&p, fresh(), (enum fsrs_grade)g, NOON);
		assert_int_equal(c.state, SRS_LEARN);
		assert_false(c.by_day);
		assert_int_equal(c.due_ms, NOON + delay[g - 1]);
		assert_int_equal(c.steps_left, left[g - 1]);
		assert_int_equal(c.reps, 1);
		assert_int_equal(c.first_day, TODAY);
		assert_int_equal(c.last_day, TODAY);
	}
	struct srs_card easy = answer(&p, fresh(), FSRS_EASY, NOON);
	assert_int_equal(easy.state, SRS_REVIEW);
	assert_int_equal(easy.interval_d, 8);
	assert_int_equal(easy.due_day, TODAY + 8);
	assert_true(easy.by_day);
}

static void test_graduation(void **state)
{
	(void)state;
	struct srs_preset p = exact();
	struct srs_card c = answer(&p, fresh(), FSRS_GOOD, NOON);
	c = answer(&p, c, FSRS_HARD, NOON + 10 * MIN_MS); /* the same step again */
	assert_int_equal(c.steps_left, 1);
	assert_int_equal(c.due_ms, NOON + 20 * MIN_MS);
	struct srs_card again = answer(&p, c, FSRS_AGAIN, NOON + 20 * MIN_MS);
	assert_int_equal(again.steps_left, 2);
	assert_int_equal(again.lapses, 0);
	c = answer(&p, c, FSRS_GOOD, NOON + 20 * MIN_MS);
	assert_int_equal(c.state, SRS_REVIEW);
	assert_int_equal(c.steps_left, 0);
	assert_int_equal(c.interval_d, 2);
	assert_int_equal(c.due_day, TODAY + 2);
}

static void test_easy_exceeds_good(void **state)
{
	(void)state;
	struct srs_preset p = exact();
	double w[FSRS_WEIGHTS];
	struct srs_card all[4], c = fresh();
	memcpy(w, fsrs_default_weights, sizeof(w));
	w[3] = w[2]; /* Good and Easy remember alike */
	assert_true(fsrs_params_set(&p.fsrs, w, FSRS_WEIGHTS, NULL));
	p.learn_count = 0;
	srs_preview(&p, &c, (struct moment){NOON, 0}, 1, all);
	assert_int_equal(all[2].interval_d, 2);
	assert_int_equal(all[3].interval_d, 3);
}

static void test_no_steps(void **state)
{
	(void)state; /* S 0.212 d is 18316.8 s; 1.2931 d is a day */
	struct srs_preset p = exact();
	p.learn_count = 0;
	struct srs_card c = answer(&p, fresh(), FSRS_AGAIN, NOON);
	assert_int_equal(c.state, SRS_LEARN);
	assert_int_equal(c.due_ms, NOON + 18316000);
	assert_int_equal(c.steps_left, 0);
	struct srs_card hard = answer(&p, fresh(), FSRS_HARD, NOON);
	assert_int_equal(hard.state, SRS_REVIEW);
	assert_int_equal(hard.interval_d, 1);
	double w[FSRS_WEIGHTS];
	memcpy(w, fsrs_default_weights, sizeof(w));
	w[17] = 0; /* no short-term memory model: at least a day */
	assert_true(fsrs_params_set(&p.fsrs, w, FSRS_WEIGHTS, NULL));
	c = answer(&p, fresh(), FSRS_AGAIN, NOON);
	assert_int_equal(c.state, SRS_REVIEW);
	assert_int_equal(c.interval_d, 1);
}

static void test_step_over_the_day(void **state)
{
	(void)state; /* the study day ends at 04:00 */
	struct srs_preset p = exact();
	int64_t late = 20001 * DAY_MS + 3 * HOUR_MS + 55 * MIN_MS; /* 03:55, still TODAY */
	struct srs_card c = answer(&p, fresh(), FSRS_AGAIN, late);
	assert_false(c.by_day);
	assert_int_equal(c.last_day, TODAY);
	c = answer(&p, fresh(), FSRS_HARD, late); /* 5.5 min */
	assert_true(c.by_day);
	assert_int_equal(c.state, SRS_LEARN);
	assert_int_equal(c.due_day, TODAY + 1);
	assert_int_equal(c.due_ms, 0);
	c = answer(&p, fresh(), FSRS_AGAIN, late + 4 * MIN_MS); /* exactly at the end */
	assert_true(c.by_day);
	p.learn_ms[0] = 3 * DAY_MS;
	p.learn_count = 1;
	c = answer(&p, fresh(), FSRS_AGAIN, NOON);
	assert_int_equal(c.due_day, TODAY + 3);
	assert_int_equal(srs_due_in_ms(&p, &c, (struct moment){NOON, 0}), 3 * DAY_MS);
	struct srs_card hard = answer(&p, fresh(), FSRS_HARD, NOON);
	assert_int_equal(hard.due_day, TODAY + 4); /* at most a day more than Again */
	c = answer(&p, c, FSRS_GOOD, NOON + 3 * DAY_MS);
	assert_int_equal(c.state, SRS_REVIEW);
}

static void test_local_day(void **state)
{
	(void)state; /* 02:30 UTC is 03:30 in Paris (still the day before) and 08:00 in India */
	struct srs_preset p = exact();
	int64_t ms = 20001 * DAY_MS + 2 * HOUR_MS + 30 * MIN_MS;
	struct srs_event paris = {SRS_OP_ANSWER, FSRS_EASY, {ms, 60}},
			 india = {SRS_OP_ANSWER, FSRS_EASY, {ms, 330}};
	assert_int_equal(srs_apply(&p, fresh(), &paris, 1).last_day, TODAY);
	assert_int_equal(srs_apply(&p, fresh(), &india, 1).last_day, TODAY + 1);
	p.day_start_min = 120;
	assert_int_equal(srs_apply(&p, fresh(), &paris, 1).last_day, TODAY + 1);
}

/* Reviews */

static void test_review_history(void **state)
{
	(void)state; /* py-fsrs, tests/test_basic.py, test_review_card; ts-fsrs, FSRS-6.test.ts */
	static const int grades[] = {3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3};
	static const int days[] = {0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21};
	struct srs_preset p = exact();
	struct srs_card c = fresh();
	int64_t ms = NOON;
	for (size_t i = 0; i < ARRAY_LEN(grades); i++) {
		c = answer(&p, c, (enum fsrs_grade)grades[i], ms);
		assert_int_equal(c.state == SRS_REVIEW ? c.interval_d : 0, days[i]);
		ms = c.by_day ? ms + days[i] * DAY_MS : c.due_ms;
	}
	assert_int_equal(c.lapses, 1);
	assert_int_equal(c.reps, 13);
}

static void test_same_study_day_not_24_hours(void **state)
{
	(void)state;
	struct srs_preset p = exact();
	struct srs_card c = review_card(10, 5, 10);
	int64_t evening = NOON + 15 * HOUR_MS + 30 * MIN_MS,
		morning = NOON + 17 * HOUR_MS; /* 03:30 and 05:00 */
	struct fsrs_memory m = {10, 5};
	assert_true(answer(&p, c, FSRS_GOOD, evening).stability_d ==
		    fsrs_next(&p.fsrs, m, FSRS_GOOD, 0).stability_d);
	assert_true(answer(&p, c, FSRS_GOOD, morning).stability_d ==
		    fsrs_next(&p.fsrs, m, FSRS_GOOD, 1).stability_d);
	/* A clock that was set back counts as the same day. */
	struct srs_card back = answer(&p, c, FSRS_GOOD, NOON - 5 * DAY_MS);
	assert_true(back.stability_d == fsrs_next(&p.fsrs, m, FSRS_GOOD, 0).stability_d);
	assert_int_equal(back.last_day, TODAY);
	assert_true(back.due_day > TODAY);
}

static void test_button_order(void **state)
{
	(void)state;
	struct srs_preset p = exact();
	double w[FSRS_WEIGHTS];
	memcpy(w, fsrs_default_weights, sizeof(w));
	w[8] = 0; /* hardly any growth: all buttons would round to the same interval */
	assert_true(fsrs_params_set(&p.fsrs, w, FSRS_WEIGHTS, NULL));
	struct srs_card all[4], c = review_card(10, 10, 10);
	srs_preview(&p, &c, (struct moment){NOON + 10 * DAY_MS, 0}, 1, all);
	double hard = round(fsrs_interval(&p.fsrs, all[1].stability_d, 0.9));
	assert_true(hard == 10); /* not above the previous interval, within its fuzz: kept at 10 */
	assert_int_equal(all[1].interval_d, 10);
	assert_int_equal(all[2].interval_d, 11);
	assert_int_equal(all[3].interval_d, 12);
	c.interval_d =
		11; /* the memory has shrunk since, still within the fuzz of 10: not below 11 */
	srs_preview(&p, &c, (struct moment){NOON + 10 * DAY_MS, 0}, 1, all);
	assert_int_equal(all[1].interval_d, 11);
	c.interval_d = 60; /* beyond the fuzz: free to fall */
	srs_preview(&p, &c, (struct moment){NOON + 10 * DAY_MS, 0}, 1, all);
	assert_int_equal(all[1].interval_d, 10);
	p.max_interval_d = 10; /* the maximum wins over the order */
	srs_preview(&p, &c, (struct moment){NOON + 10 * DAY_MS, 0}, 1, all);
	for (int g = 1; g < 4; g++)
		assert_int_equal(all[g].interval_d, 10);
}

static void test_retention(void **state)
{
	(void)state; /* multipliers with the default weights */
	static const double table[][2] = {{0.99, 0.069}, {0.97, 0.223}, {0.95, 0.403},
					  {0.90, 1},     {0.85, 1.91},  {0.80, 3.32},
					  {0.75, 5.57},  {0.70, 9.29}};
	struct srs_preset p = exact();
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		assert_true(fabs(fsrs_interval(&p.fsrs, 1, table[i][0]) - table[i][1]) < 0.005);
		p.retention = table[i][0];
		struct srs_card c =
			answer(&p, review_card(100, 5, 1), FSRS_GOOD, NOON + 100 * DAY_MS);
		assert_int_equal(c.interval_d,
				 round(fsrs_interval(&p.fsrs, c.stability_d, table[i][0])));
	}
}

static void test_lapse(void **state)
{
	(void)state;
	struct srs_preset p = exact();
	struct srs_card c = answer(&p, review_card(30, 5, 30), FSRS_AGAIN, NOON + 30 * DAY_MS);
	int interval = (int)round(c.stability_d);
	assert_int_equal(c.state, SRS_RELEARN);
	assert_int_equal(c.lapses, 1);
	assert_int_equal(c.steps_left, 1);
	assert_int_equal(c.due_ms, NOON + 30 * DAY_MS + 10 * MIN_MS);
	assert_int_equal(c.interval_d, interval < 1 ? 1 : interval);
	struct srs_card hard = answer(&p, c, FSRS_HARD, c.due_ms);
	assert_int_equal(hard.due_ms, c.due_ms + 15 * MIN_MS);
	assert_int_equal(hard.interval_d, c.interval_d);
	struct srs_card again = answer(&p, c, FSRS_AGAIN, c.due_ms);
	assert_int_equal(again.state, SRS_RELEARN);
	assert_int_equal(again.lapses, 1); /* only reviews lapse */
	struct srs_card good = answer(&p, c, FSRS_GOOD, c.due_ms),
			easy = answer(&p, c, FSRS_EASY, c.due_ms);
	assert_int_equal(good.state, SRS_REVIEW);
	assert_int_equal(good.due_day, TODAY + 30 + good.interval_d);
	assert_int_equal(easy.state, SRS_REVIEW);
	assert_true(easy.interval_d > good.interval_d);
}

static void test_lapse_without_steps(void **state)
{
	(void)state;
	struct srs_preset p = exact();
	p.relearn_count = 0;
	struct srs_card c = answer(&p, review_card(300, 5, 300), FSRS_AGAIN, NOON + 300 * DAY_MS);
	assert_int_equal(c.state, SRS_REVIEW);
	assert_int_equal(c.interval_d, round(c.stability_d));
	c = answer(&p, review_card(0.3, 9, 1), FSRS_AGAIN, NOON + DAY_MS); /* under half a day */
	assert_int_equal(c.state, SRS_RELEARN);
	assert_int_equal(c.due_ms, NOON + DAY_MS + (int64_t)(c.stability_d * 86400) * 1000);
	assert_int_equal(c.interval_d, 1);
}

static void test_leech(void **state)
{
	(void)state;
	struct srs_preset p = exact();
	struct srs_card c = review_card(5, 5, 5);
	c.lapses = 7;
	struct srs_card leech = answer(&p, c, FSRS_AGAIN, NOON + 5 * DAY_MS);
	assert_true(leech.leech && leech.suspended);
	assert_int_equal(leech.lapses, 8);
	p.leech_suspend = false;
	leech = answer(&p, c, FSRS_AGAIN, NOON + 5 * DAY_MS);
	assert_true(leech.leech && !leech.suspended);
	c.lapses = 8;
	assert_false(answer(&p, c, FSRS_AGAIN, NOON + 5 * DAY_MS).leech);
	assert_false(answer(&p, c, FSRS_GOOD, NOON + 5 * DAY_MS).leech);
}

/* What else happens to a card */

static void test_marks(void **state)
{
	(void)state;
	struct srs_preset p = exact();
	struct srs_card c = review_card(5, 5, 5), same;
	same = apply(&p, c, SRS_OP_CRAM, FSRS_AGAIN, NOON);
	assert_memory_equal(&same, &c, sizeof(c));
	assert_int_equal(apply(&p, c, SRS_OP_BURY, 0, NOON + DAY_MS).buried_day, TODAY + 1);
	assert_int_equal(
		apply(&p, apply(&p, c, SRS_OP_BURY, 0, NOON), SRS_OP_UNBURY, 0, NOON).buried_day,
		SRS_NO_DAY);
	assert_true(apply(&p, c, SRS_OP_SUSPEND, 0, NOON).suspended);
	assert_false(apply(&p, apply(&p, c, SRS_OP_SUSPEND, 0, NOON), SRS_OP_UNSUSPEND, 0, NOON)
			     .suspended);
	assert_int_equal(apply(&p, c, SRS_OP_FLAG, 4, NOON).flag, 4);
	assert_int_equal(apply(&p, c, SRS_OP_FLAG, 12, NOON).flag, 7);
	assert_true(apply(&p, c, SRS_OP_LEECH, 1, NOON).leech);
	assert_false(apply(&p, apply(&p, c, SRS_OP_LEECH, 1, NOON), SRS_OP_LEECH, 0, NOON).leech);
}

static void test_reset(void **state)
{
	(void)state;
	struct srs_preset p = exact();
	struct srs_card c = review_card(5, 5, 5), want = fresh();
	c.lapses = 9;
	c.leech = c.suspended = true;
	c.flag = want.flag = 3; /* a flag is the learner's own */
	struct srs_card got = apply(&p, c, SRS_OP_RESET, 0, NOON);
	assert_memory_equal(&got, &want, sizeof(want));
}

static void test_set_due(void **state)
{
	(void)state;
	struct srs_preset p = exact();
	struct srs_card c = apply(&p, fresh(), SRS_OP_DUE, 7, NOON);
	assert_int_equal(c.state, SRS_REVIEW);
	assert_int_equal(c.due_day, TODAY + 7);
	assert_int_equal(c.interval_d, 7);
	assert_true(c.by_day && c.stability_d == 0 && c.reps == 0);
	struct srs_card first =
		answer(&p, c, FSRS_GOOD, NOON + 7 * DAY_MS); /* the first answer makes the memory */
	assert_true(first.stability_d == fsrs_default_weights[2]);
	assert_int_equal(first.first_day, TODAY + 7);
	assert_int_equal(first.state, SRS_REVIEW);
	c = apply(&p, review_card(5, 5, 5), SRS_OP_DUE, 0, NOON + 3 * DAY_MS);
	assert_int_equal(c.due_day, TODAY + 3);
	assert_int_equal(c.interval_d, 3); /* what will have been waited */
	c = apply(&p, answer(&p, fresh(), FSRS_GOOD, NOON), SRS_OP_DUE, 2, NOON);
	assert_int_equal(c.state, SRS_REVIEW);
	assert_int_equal(c.steps_left, 0);
	assert_int_equal(c.due_ms, 0);
	c = apply(&p, fresh(), SRS_OP_DUE, 2000000000, NOON);
	assert_int_equal(c.due_day, TODAY + 36500);
	struct srs_card hidden =
		apply(&p, apply(&p, fresh(), SRS_OP_SUSPEND, 0, NOON), SRS_OP_DUE, 1, NOON);
	assert_false(hidden.suspended); /* it comes when the learner said */
}

static void test_due_and_recall(void **state)
{
	(void)state;
	struct srs_preset p = exact();
	struct srs_card c = review_card(5, 5, 5), none = fresh();
	struct moment noon = {NOON, 0}, later = {NOON + 7 * DAY_MS, 0};
	assert_int_equal(srs_due_in_ms(&p, &c, noon), 5 * DAY_MS);
	assert_int_equal(srs_due_in_ms(&p, &c, later), -2 * DAY_MS);
	assert_int_equal(srs_due_in_ms(&p, &none, noon), 0);
	assert_true(srs_recall(&p, &c, noon) == 1);
	assert_true(fabs(srs_recall(&p, &c, (struct moment){NOON + 5 * DAY_MS, 0}) - 0.9) < 1e-12);
	assert_true(srs_recall(&p, &none, noon) == 0);
	assert_true(srs_recall(&p, &c, (struct moment){0, 0}) == 1);
	struct srs_card learning = answer(&p, none, FSRS_GOOD, NOON);
	assert_int_equal(srs_due_in_ms(&p, &learning, (struct moment){NOON + MIN_MS, 0}),
			 9 * MIN_MS);
}

/* Properties */

static struct srs_preset any_preset(struct rng *r)
{
	struct srs_preset p;
	double w[FSRS_WEIGHTS];
	srs_preset_default(&p);
	for (size_t i = 0; i < FSRS_WEIGHTS; i++)
		w[i] = fsrs_default_weights[i] * (0.4 + 1.2 * rng_unit(r));
	assert_true(fsrs_params_set(&p.fsrs, w, FSRS_WEIGHTS, NULL));
	p.retention = 0.7 + 0.29 * rng_unit(r);
	p.learn_count = (int)rng_below(r, 4);
	p.relearn_count = (int)rng_below(r, 3);
	for (int i = 0; i < 4; i++)
		p.learn_ms[i] = p.relearn_ms[i] = MIN_MS << rng_below(r, 13);
	p.max_interval_d = 1 + (int)(rng_below(r, 3) ? 36499 : rng_below(r, 100));
	p.leech_threshold = (int)rng_below(r, 5);
	p.fuzz = rng_below(r, 4) != 0;
	p.day_start_min = (int)rng_below(r, 1440);
	return p;
}

static struct srs_event any_event(struct rng *r, int64_t *ms)
{
	struct srs_event e = {.op = rng_below(r, 5) ? SRS_OP_ANSWER
						    : (enum srs_op)rng_below(r, SRS_OP_UNDO)};
	*ms += rng_below(r, 3) ? (int64_t)rng_below(r, 60) * DAY_MS + rng_below(r, 86400000)
			       : (int64_t)rng_below(r, 3600000);
	e.at = (struct moment){*ms, (int)rng_below(r, 27) * 60 - 720};
	e.arg = e.op == SRS_OP_ANSWER || e.op == SRS_OP_CRAM ? 1 + (int)rng_below(r, 4)
							     : (int)rng_below(r, 400);
	return e;
}

static void check_answered(const struct srs_preset *p, const struct srs_card *c,
			   const struct srs_event *e)
{
	assert_true(c->interval_d >= 0 && c->interval_d <= p->max_interval_d);
	assert_true(c->state != SRS_NEW);
	assert_true(c->state != SRS_REVIEW ||
		    (c->interval_d >= 1 && c->by_day && c->steps_left == 0));
	assert_true(srs_due_in_ms(p, c, e->at) > 0);
	assert_true(c->by_day || c->due_ms < day_end_ms(e->at, p->day_start_min));
	assert_true(c->last_ms == e->at.ms);
}

static void check_buttons(const struct srs_preset *p, const struct srs_card *before,
			  const struct srs_card all[4])
{
	for (int g = FSRS_GOOD; g <= FSRS_EASY && before->state == SRS_REVIEW; g++) {
		int lower = all[g - 2].interval_d, upper = all[g - 1].interval_d;
		assert_true(upper > lower || (upper == p->max_interval_d && lower == upper));
	}
}

static void test_random_histories(void **state)
{
	(void)state;
	struct rng r = {42};
	for (int n = 0; n < 2000; n++) {
		struct srs_preset p = any_preset(&r);
		struct srs_card c = fresh(), replayed = fresh();
		struct srs_event events[40];
		uint64_t seed = rng_next(&r);
		int64_t ms = NOON;
		for (size_t i = 0; i < ARRAY_LEN(events); i++) {
			struct srs_card all[4], before = c;
			events[i] = any_event(&r, &ms);
			srs_preview(&p, &c, events[i].at, seed, all);
			c = srs_apply(&p, c, &events[i], seed);
			check_buttons(&p, &before, all);
			if (events[i].op != SRS_OP_ANSWER)
				continue;
			assert_memory_equal(&c, &all[events[i].arg - 1], sizeof(c));
			check_answered(&p, &c, &events[i]);
		}
		for (size_t i = 0; i < ARRAY_LEN(events); i++)
			replayed = srs_apply(&p, replayed, &events[i], seed);
		assert_memory_equal(&replayed, &c, sizeof(c));
	}
}

static void test_fuzz_spreads(void **state)
{
	(void)state; /* the bounds are reached by different cards, and the same card and answer
			count give the same day */
	struct srs_preset p;
	srs_preset_default(&p);
	struct srs_card c = review_card(100, 5, 100);
	struct srs_event e = {SRS_OP_ANSWER, FSRS_GOOD, {NOON + 100 * DAY_MS, 0}};
	struct fsrs_memory m = fsrs_next(&p.fsrs, (struct fsrs_memory){100, 5}, FSRS_GOOD, 100);
	int lower, upper, low = INT32_MAX, high = 0;
	srs_fuzz_bounds(m.stability_d, 1, 36500, &lower, &upper);
	for (uint64_t seed = 0; seed < 2000; seed++) {
		int days = srs_apply(&p, c, &e, seed).interval_d;
		assert_int_equal(days, srs_apply(&p, c, &e, seed).interval_d);
		low = days < low ? days : low;
		high = days > high ? days : high;
	}
	assert_int_equal(low, lower);
	assert_int_equal(high, upper);
	low = INT32_MAX, high = 0;
	for (c.reps = 3; c.reps < 50; c.reps++) { /* nor is a card always early, or always late */
		int days = srs_apply(&p, c, &e, 1).interval_d;
		low = days < low ? days : low;
		high = days > high ? days : high;
	}
	assert_true(high - low > (upper - lower) / 2);
	struct srs_event first = {SRS_OP_ANSWER, FSRS_GOOD, {NOON, 0}};
	int64_t longest = 0;
	for (uint64_t seed = 0; seed < 500; seed++) {
		int64_t delay = srs_apply(&p, fresh(), &first, seed).due_ms - NOON;
		assert_true(delay >= 10 * MIN_MS && delay < 10 * MIN_MS + 150000);
		longest = delay > longest ? delay : longest;
	}
	assert_true(longest > 12 * MIN_MS);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_fuzz),
		cmocka_unit_test(test_leech_rule),
		cmocka_unit_test(test_new_card),
		cmocka_unit_test(test_graduation),
		cmocka_unit_test(test_easy_exceeds_good),
		cmocka_unit_test(test_no_steps),
		cmocka_unit_test(test_step_over_the_day),
		cmocka_unit_test(test_local_day),
		cmocka_unit_test(test_review_history),
		cmocka_unit_test(test_same_study_day_not_24_hours),
		cmocka_unit_test(test_button_order),
		cmocka_unit_test(test_retention),
		cmocka_unit_test(test_lapse),
		cmocka_unit_test(test_lapse_without_steps),
		cmocka_unit_test(test_leech),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_set_due),
		cmocka_unit_test(test_due_and_recall),
		cmocka_unit_test(test_random_histories),
		cmocka_unit_test(test_fuzz_spreads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
