/* t_traces.c -- whole-scheduler histories of two other schedulers, replayed: memory, state, step
 * and due date after every answer.
 *
 * ts-fsrs 5.4.2 counts elapsed days as the difference of UTC dates and does not fuzz here, which is
 * a study day that starts at midnight in UTC: its histories run through srs_apply from the first
 * answer to the last. py-fsrs 6.3.1 counts floor(elapsed / 24 h), which no day boundary gives, so
 * each of its answers is replayed on its own, from the row before, with last_day placed as many
 * days back as it counted. All rows and fields are compared, but for:
 *
 *	- an interval where Anki's rules for the buttons decide and the other's do not (never
 *	  below the previous interval when that lies within the fuzz; in py-fsrs also Hard < Good
 *	  < Easy): compared only where the rounded interval of the new memory is the answer here;
 *	- an answer without steps whose interval is below half a day: Anki keeps the card in
 *	  learning, the others make it a review of one day;
 *	- Hard on the first of several steps, half-way to the second: ts-fsrs rounds that to a
 *	  whole minute, so here within 30 s; and it keeps this delay for Hard on later steps, where
 *	  Anki repeats the step: not compared;
 *	- at the maximum interval ts-fsrs still sets Good a day above Hard and Easy above Good,
 *	  here the maximum wins;
 *	- py-fsrs's stability after Hard on the same day, which it does not keep from falling, and
 *	  beyond 36500 days, where it does not stop;
 *	- the time of a learning step that crosses into another study day, where only the day is
 *	  compared: Anki counts such steps in days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "srs/sched.h"
#include "vectors.h"

#define MS_PER_DAY INT64_C(86400000)

static void set_steps(int64_t *ms, int *count, const struct node *list, double unit_ms)
{
	if (!list)
		return;
	*count = 0;
	for (const struct node *i = list->child; i; i = i->next) {
		char *unit;
		double n = strtod(i->text, &unit); /* "10m", "2h", or minutes */
		ms[(*count)++] = (int64_t)(n * (*unit == 'h' ? 3600000 : unit_ms));
	}
}

static struct srs_preset preset_of(const struct node *config)
{
	static const char *const retention_keys[] = {"request_retention", "desired_retention"};
	static const char *const learn_keys[] = {"learning_steps", "learning_steps_min"};
	static const char *const relearn_keys[] = {"relearning_steps", "relearning_steps_min"};
	struct srs_preset p;
	srs_preset_default(&p);
	p.fuzz = false;
	p.leech_threshold = 0;
	for (int i = 0; i < 2; i++) {
		if (node_get(config, retention_keys[i]))
			p.retention = real_of(config, retention_keys[i]);
		set_steps(p.learn_ms, &p.learn_count, node_get(config, learn_keys[i]), 60000);
		set_steps(p.relearn_ms, &p.relearn_count, node_get(config, relearn_keys[i]), 60000);
	}
	if (node_get(config, "maximum_interval"))
		p.max_interval_d = (int)real_of(config, "maximum_interval");
	return p;
}

static struct moment moment_of(const struct node *row, const char *key)
{
	struct moment m;
	assert_true(moment_parse(node_text(row, key), 0, &m));
	return m;
}

static enum srs_state state_of(const struct node *row)
{
	static const char *const names[] = {"New", "Learning", "Review", "Relearning"};
	for (int s = SRS_NEW; s <= SRS_RELEARN; s++) {
		if (!strcmp(node_text(row, "state"), names[s]))
			return (enum srs_state)s;
	}
	fail_msg("state at line %d", row->line);
	return SRS_NEW;
}

static int step_count(const struct srs_preset *p, enum srs_state s)
{
	return s == SRS_LEARN ? p->learn_count : s == SRS_RELEARN ? p->relearn_count : 0;
}

struct tally {
	int rows, days, times, ruled; /* ruled: intervals that Anki's rules decided */
};

/* Anki's rule for cards without steps. */
static bool kept_short(const struct srs_preset *p, const struct srs_card *c)
{
	bool learning = c->state == SRS_LEARN || c->state == SRS_RELEARN;
	return learning && step_count(p, c->state) == 0 &&
	       fsrs_interval(&p->fsrs, c->stability_d, p->retention) < 0.5;
}

static void compare_state(const struct srs_preset *p, const struct srs_card *c,
			  const struct node *row)
{
	assert_int_equal(c->state, state_of(row));
	if (c->state != SRS_REVIEW)
		assert_int_equal(c->steps_left,
				 step_count(p, c->state) - (int)real_of(row, "step"));
}

/* lib_due_ms: when the other scheduler has the card due; lib_days: its interval; slack_ms: how
 * coarse its steps are. */
static void compare_due(const struct srs_preset *p, const struct srs_card *c, struct moment at,
			int64_t lib_due_ms, int lib_days, int64_t slack_ms, struct tally *t)
{
	if (c->state != SRS_REVIEW && !c->by_day) {
		assert_true(llabs(c->due_ms - lib_due_ms) <= slack_ms);
		t->times++;
		return;
	}
	if (c->state != SRS_REVIEW) {
		assert_int_equal(c->due_day,
				 day_of((struct moment){lib_due_ms, 0}, p->day_start_min));
		t->times++;
		return;
	}
	double raw = round(fsrs_interval(&p->fsrs, c->stability_d, p->retention));
	int plain = raw < 1 ? 1 : raw > p->max_interval_d ? p->max_interval_d : (int)raw;
	assert_int_equal(c->due_day, day_of(at, p->day_start_min) + c->interval_d);
	if (c->interval_d == plain) {
		int over = plain == p->max_interval_d && lib_days > plain ? lib_days - plain : 0;
		assert_true(over <= 2);
		assert_int_equal(lib_days - over, plain);
		t->days++;
	} else {
		assert_true(c->interval_d > plain);
		t->ruled++;
	}
}

/* Ts-fsrs */

static void replay_ts(const struct node *trace, struct tally *t)
{
	struct srs_preset p = preset_of(node_get(trace, "config"));
	struct srs_card c;
	p.day_start_min = 0;
	srs_card_init(&c);
	for (const struct node *r = node_get(trace, "rows")->child; r; r = r->next, t->rows++) {
		struct srs_event e = {SRS_OP_ANSWER, (int)real_of(r, "rating"), moment_of(r, "at")};
		int days = (int)real_of(r, "scheduled_days");
		int64_t slack_ms = e.arg == FSRS_HARD && real_of(r, "step") == 0 ? 30000 : 0;
		c = srs_apply(&p, c, &e, 1);
		assert_near(c.stability_d, real_of(r, "s"), 5e-7);
		assert_near(c.difficulty, real_of(r, "d"), 5e-7);
		assert_int_equal(c.lapses, real_of(r, "lapses"));
		if (kept_short(&p, &c)) {
			c.state = SRS_REVIEW;
			t->ruled++;
		} else {
			compare_state(&p, &c, r);
			if (e.arg != FSRS_HARD || c.steps_left == step_count(&p, c.state))
				compare_due(&p, &c, e.at, moment_of(r, "due").ms, days, slack_ms,
					    t);
		}
		if (c.state == SRS_REVIEW)
			c.interval_d = days; /* go on as the other did */
	}
}

static void test_ts(void **state)
{
	(void)state;
	struct vectors v;
	struct tally t = {0};
	if (!vectors_open(&v, "fsrs.json")) {
		vectors_close(&v);
		skip();
	}
	for (const struct node *n = node_get(v.root, "scheduler_traces_ts_fsrs")->child; n;
	     n = n->next)
		replay_ts(n, &t);
	print_message("# ts-fsrs: %d answers, %d intervals and %d steps equal, %d intervals "
		      "decided by Anki's rules\n",
		      t.rows, t.days, t.times, t.ruled);
	assert_true(t.rows >= 200 && t.ruled * 10 <= t.rows);
	vectors_close(&v);
}

/* Py-fsrs */

static struct srs_card card_before(const struct srs_preset *p, const struct node *row,
				   const struct node *before)
{
	struct srs_card c;
	srs_card_init(&c);
	if (!before)
		return c;
	int64_t at = moment_of(row, "at").ms, last = moment_of(before, "at").ms;
	c.state = state_of(before);
	c.stability_d = real_of(before, "s");
	c.difficulty = real_of(before, "d");
	c.reps = 1;
	c.last_ms = last;
	c.last_day = c.first_day = day_of((struct moment){at, 0}, p->day_start_min) -
				   (int32_t)((at - last) / MS_PER_DAY);
	c.interval_d = (int)(real_of(before, "due_in_s") / 86400);
	if (c.state != SRS_REVIEW)
		c.steps_left = step_count(p, c.state) - (int)real_of(before, "step");
	return c;
}

static void replay_py(const struct node *trace, struct tally *t)
{
	struct srs_preset p = preset_of(node_get(trace, "config"));
	const struct node *before = NULL;
	for (const struct node *r = node_get(trace, "rows")->child; r;
	     before = r, r = r->next, t->rows++) {
		struct srs_card c = card_before(&p, r, before);
		struct srs_event e = {SRS_OP_ANSWER, (int)real_of(r, "rating"), moment_of(r, "at")};
		double due_s = real_of(r, "due_in_s"), s = real_of(r, "s");
		bool same_day = before && c.last_day == day_of(e.at, p.day_start_min);
		bool unlike = (same_day && e.arg == FSRS_HARD && s < c.stability_d) ||
			      fmax(s, c.stability_d) > FSRS_STABILITY_MAX;
		if (before)
			assert_near(srs_recall(&p, &c, e.at), real_of(r, "r_before"), 1e-9);
		c = srs_apply(&p, c, &e, 1);
		assert_near(c.difficulty, real_of(r, "d"), 1e-9);
		t->ruled += kept_short(&p, &c);
		if (!kept_short(&p, &c))
			compare_state(&p, &c, r);
		if (unlike)
			continue;
		assert_near(c.stability_d, s, 1e-9);
		if (!kept_short(&p, &c))
			compare_due(&p, &c, e.at, e.at.ms + (int64_t)(due_s * 1000),
				    (int)(due_s / 86400), 0, t);
	}
}

static void test_py(void **state)
{
	(void)state;
	struct vectors v;
	struct tally t = {0};
	if (!vectors_open(&v, "fsrs_pyfsrs_traces.json")) {
		vectors_close(&v);
		skip();
	}
	for (const struct node *n = node_get(v.root, "traces")->child; n; n = n->next)
		replay_py(n, &t);
	print_message("# py-fsrs: %d answers, %d intervals and %d steps equal, %d intervals "
		      "decided by Anki's rules\n",
		      t.rows, t.days, t.times, t.ruled);
	assert_true(t.rows >= 600 && t.days + t.times >= t.rows * 9 / 10);
	vectors_close(&v);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ts),
		cmocka_unit_test(test_py),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
