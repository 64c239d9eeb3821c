/* t_vectors.c -- the files of published numbers, one row after the other: what fsrs-rs 6.5.0 and
 * ts-fsrs 5.4.2 compute, and the formulas in double precision ("ref").
 *
 * Tolerances: 1e-9 to ref; 1e-5 to fsrs-rs, which computes in single precision; 5e-7 to ts-fsrs,
 * which rounds to 8 decimals at each step. One exception, of fsrs-rs's own making: after a lapse it
 * takes (S + 1)^w13 - 1, and below a day the single-precision S + 1 loses up to 2^-24 / S of S,
 * which is allowed for. Not here: what the trainer alone computes (initial stabilities, learning
 * rate, loss). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "srs/sched.h"
#include "vectors.h"

#define TO_REF 1e-9
#define TO_RS 1e-5
#define TO_TS 5e-7

static struct vectors file;
static bool have_file;

static int setup(void **state)
{
	(void)state;
	have_file = vectors_open(&file, "fsrs.json");
	if (!have_file)
		print_message("# no ../shared/vectors/fsrs.json: its tests are skipped\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	vectors_close(&file);
	return 0;
}

static const struct node *section(const char *name)
{
	if (!have_file)
		skip();
	const struct node *n = node_get(file.root, name);
	assert_non_null(n);
	return n;
}

static struct fsrs_params named_params(const char *name)
{
	return params_of(node_get(node_get(file.root, "param_sets"), name));
}

/* One published number, if the row has it. */
static void compare(double got, const struct node *row, const char *quantity, const char *source,
		    double tolerance)
{
	char key[32];
	snprintf(key, sizeof(key), "%s_%s", quantity, source);
	if (node_get(row, key))
		assert_near_at(got, real_of(row, key), tolerance, key, __FILE__, row->line);
}

static void compare_all(struct fsrs_memory m, double interval, const struct node *row, double to_rs)
{
	assert_non_null(node_get(row, "s_ref"));
	compare(m.stability_d, row, "s", "ref", TO_REF);
	compare(m.difficulty, row, "d", "ref", TO_REF);
	compare(interval, row, "ivl", "ref", TO_REF);
	compare(m.stability_d, row, "s", "fsrs_rs", to_rs);
	compare(m.difficulty, row, "d", "fsrs_rs", TO_RS);
	compare(interval, row, "ivl", "fsrs_rs", to_rs);
	compare(m.stability_d, row, "s", "ts_fsrs", TO_TS);
	compare(m.difficulty, row, "d", "ts_fsrs", TO_TS);
}

static void test_sequences(void **state)
{
	(void)state;
	size_t rows = 0;
	for (const struct node *q = section("sequences")->child; q; q = q->next) {
		struct fsrs_params p = named_params(node_text(q, "params"));
		double retention = real_of(q, "desired_retention");
		struct fsrs_memory m = {0};
		const struct node *after = node_get(q, "after_each")->child;
		for (const struct node *r = node_get(q, "reviews_rating_deltaT")->child; r;
		     r = r->next, after = after->next, rows++) {
			m = fsrs_next(&p, m, (enum fsrs_grade)real_at(r, 0), real_at(r, 1));
			compare_all(m, fsrs_interval(&p, m.stability_d, retention), after, TO_RS);
		}
	}
	assert_true(rows > 1000);
}

static const char *const buttons[] = {"again", "hard", "good", "easy"};

static void test_transitions(void **state)
{
	(void)state;
	for (const struct node *t = section("transitions")->child; t; t = t->next) {
		struct fsrs_params p = named_params(node_text(t, "params"));
		struct fsrs_memory m = {real_of(t, "s"), real_of(t, "d")}, all[4];
		double days = real_of(t, "delta_t");
		assert_near(fsrs_recall(&p, m.stability_d, days), real_of(t, "r_ref"), TO_REF);
		fsrs_next_all(&p, m, days, all);
		for (int g = 0; g < 4; g++) {
			double lost = g == 0 && days > 0 ? 0x1p-24 / m.stability_d : 0;
			double interval = fsrs_interval(&p, all[g].stability_d,
							real_of(t, "desired_retention"));
			compare_all(all[g], interval, node_get(t, buttons[g]), TO_RS + 4 * lost);
		}
	}
}

static void test_sm2(void **state)
{
	(void)state;
	for (const struct node *t = section("sm2_conversion")->child; t; t = t->next) {
		struct fsrs_params p = named_params("default");
		struct fsrs_memory m =
			fsrs_from_sm2(&p, real_of(t, "ease_factor"), real_of(t, "interval"),
				      real_of(t, "sm2_retention"));
		assert_near(m.stability_d, real_of(t, "s"), TO_RS);
		assert_near(m.difficulty, real_of(t, "d"), TO_RS);
	}
}

static void test_fuzz_bounds(void **state)
{
	(void)state;
	for (const struct node *t = section("fuzz_bounds_anki")->child; t; t = t->next) {
		double i = real_of(t, "interval");
		int min = (int)real_of(t, "minimum"), max = (int)real_of(t, "maximum"), lower,
		    upper;
		srs_fuzz_bounds(i, min, max, &lower, &upper);
		assert_int_equal(lower, real_of(t, "lower"));
		assert_int_equal(upper, real_of(t, "upper"));
		assert_int_equal(srs_fuzzed(i, min, max, 0.5), real_of(t, "mid_at_0_5"));
	}
}

/* Values of the upstream test suites, by kind */

static struct fsrs_params upstream_params(const struct node *t)
{
	const struct node *list = node_get(t, "params19");
	const char *name = node_text(t, "params");
	double w[FSRS_WEIGHTS];
	struct fsrs_params p;
	if (list && list->kind == NODE_TEXT) /* "as up12" */
		list = node_get(item(node_get(file.root, "upstream_tests"), 11), "params19");
	if (list)
		return params_of(list);
	memcpy(w, fsrs_default_weights, sizeof(w));
	if (name && strstr(name, "w17=w18=w19=0"))
		w[17] = w[18] = w[19] = 0;
	if (node_get(t, "decay"))
		w[20] = real_of(t, "decay");
	assert_true(fsrs_params_set(&p, w, FSRS_WEIGHTS, NULL));
	return p;
}

static struct fsrs_memory upstream_memory(const struct fsrs_params *p, const struct node *t)
{
	struct fsrs_memory m = {0};
	for (const struct node *r = node_get(t, "reviews")->child; r; r = r->next)
		m = fsrs_next(p, m, (enum fsrs_grade)real_at(r, 0), real_at(r, 1));
	return m;
}

static void memory_is(struct fsrs_memory m, const struct node *want)
{
	assert_near(m.stability_d, real_of(want, "s"), TO_RS);
	assert_near(m.difficulty, real_of(want, "d"), TO_RS);
}

static void up_sequence(const struct fsrs_params *p, const struct node *t)
{
	memory_is(upstream_memory(p, t), node_get(t, "final"));
}

static void up_transition(const struct fsrs_params *p, const struct node *t)
{
	struct fsrs_memory m = {real_of(t, "s"), real_of(t, "d")};
	memory_is(fsrs_next(p, m, (enum fsrs_grade)real_of(t, "rating"), real_of(t, "delta_t")),
		  node_get(t, "final"));
}

static void up_next_states(const struct fsrs_params *p, const struct node *t)
{
	struct fsrs_memory all[4];
	fsrs_next_all(p, upstream_memory(p, t), real_of(t, "then_days"), all);
	for (int g = 0; g < 4; g++) {
		const struct node *want = node_get(t, buttons[g]);
		memory_is(all[g], want);
		assert_near(fsrs_interval(p, all[g].stability_d, real_of(t, "desired_retention")),
			    real_of(want, "ivl"), TO_RS);
	}
}

static void up_next_interval(const struct fsrs_params *p, const struct node *t)
{
	const struct node *want = node_get(t, "interval_days")->child;
	for (const struct node *r = node_get(t, "desired_retention")->child; r;
	     r = r->next, want = want->next)
		assert_near(fmax(1, round(fsrs_interval(p, real_of(t, "s"), real(r)))), real(want),
			    TO_RS);
}

static void up_retrievability(const struct fsrs_params *p, const struct node *t)
{
	for (size_t i = 0; i < node_get(t, "t")->count; i++)
		assert_near(
			fsrs_recall(p, real_at(node_get(t, "s"), i), real_at(node_get(t, "t"), i)),
			real_at(node_get(t, "r"), i), 1e-7);
}

static void up_difficulty(const struct fsrs_params *p, const struct node *t)
{
	for (int g = 1; g <= 4; g++) {
		struct fsrs_memory m = {5, real_of(t, "d")};
		double d = fsrs_next(p, m, (enum fsrs_grade)g, 1).difficulty;
		assert_near(d, real_at(node_get(t, "after"), (size_t)g - 1), TO_RS);
		assert_near(d, real_at(node_get(t, "f64_after_ts_fsrs"), (size_t)g - 1), TO_TS);
	}
}

/* Stability after success or failure: the inputs give recall, so wait until it is that. Success
 * with grade 1 exists in no scheduler. */
static void up_stability(const struct fsrs_params *p, const struct node *t)
{
	bool success = !strcmp(node_text(t, "kind"), "stability_after_success");
	for (size_t i = success; i < 4; i++) {
		struct fsrs_memory m = {real_at(node_get(t, "s"), i), real_at(node_get(t, "d"), i)};
		double days = fsrs_interval(p, m.stability_d, real_at(node_get(t, "r"), i));
		enum fsrs_grade g =
			success ? (enum fsrs_grade)real_at(node_get(t, "rating"), i) : FSRS_AGAIN;
		double s = fsrs_next(p, m, g, days).stability_d;
		assert_near(s, real_at(node_get(t, "out"), i), TO_RS);
		assert_near(s, real_at(node_get(t, "f64_ts_fsrs"), i), TO_TS);
	}
}

static void up_short_term(const struct fsrs_params *p, const struct node *t)
{
	for (size_t i = 0; i < 4; i++) {
		struct fsrs_memory m = {real_at(node_get(t, "s"), i), 5};
		enum fsrs_grade g = (enum fsrs_grade)real_at(node_get(t, "rating"), i);
		assert_near(fsrs_next(p, m, g, 0).stability_d, real_at(node_get(t, "out"), i),
			    TO_RS);
	}
}

static void up_sm2(const struct fsrs_params *p, const struct node *t)
{
	for (size_t i = 0; i < node_get(t, "in")->count; i++) {
		const struct node *in = item(node_get(t, "in"), i);
		struct fsrs_memory m =
			fsrs_from_sm2(p, real_at(in, 0), real_at(in, 1), real_at(in, 2));
		assert_near(m.stability_d, real_at(node_get(t, "s"), i), TO_RS);
		assert_near(m.difficulty, real_at(node_get(t, "d"), i), TO_RS);
	}
}

static void up_migrate(const struct fsrs_params *p, const struct node *t)
{
	(void)p;
	struct fsrs_params got = params_of(node_get(t, "in"));
	for (size_t i = 0; i < FSRS_WEIGHTS; i++)
		assert_near(got.w[i], real_at(node_get(t, "out"), i), 1e-7);
}

/* Clipping leaves the defaults alone. That the bounds of w17 and w18 shrink with several relearning
 * steps concerns training. */
static void up_clip(const struct fsrs_params *p, const struct node *t)
{
	for (size_t i = 0; i < 3; i++)
		assert_near(p->w[17 + i], real_at(node_get(t, "w17_19"), i), 0);
}

/* The preset and first card of a history: ratings given when the card is due. */
static void up_history(const struct fsrs_params *p, const struct node *t)
{
	struct srs_preset preset;
	struct srs_card c;
	struct moment at;
	srs_preset_default(&preset);
	srs_card_init(&c);
	preset.fsrs = *p;
	preset.fuzz = false;
	assert_true(moment_parse(node_text(t, "start"), 0, &at));
	const struct node *want = node_get(t, "interval_days")->child;
	for (const struct node *g = node_get(t, "ratings")->child; g;
	     g = g->next, want = want->next) {
		struct srs_event e = {SRS_OP_ANSWER, (int)real(g), at};
		c = srs_apply(&preset, c, &e, 1);
		int days = c.state == SRS_REVIEW ? c.interval_d : 0;
		assert_int_equal(days, real(want));
		at.ms = c.by_day ? at.ms + days * INT64_C(86400000) : c.due_ms;
	}
}

/* "first_review": the four buttons of a new card. */
static void up_first(const struct fsrs_params *p, const struct node *t)
{
	struct srs_preset preset;
	struct srs_card c, all[4];
	srs_preset_default(&preset);
	srs_card_init(&c);
	preset.fsrs = *p;
	preset.fuzz = false;
	srs_preview(&preset, &c, (struct moment){INT64_C(1700000000000), 0}, 1, all);
	for (size_t i = 0; i < 4; i++) {
		bool learning = !strcmp(item(node_get(t, "state"), i)->text, "Learning");
		assert_near(all[i].stability_d, real_at(node_get(t, "s"), i), TO_TS);
		assert_near(all[i].difficulty, real_at(node_get(t, "d"), i), TO_TS);
		assert_int_equal(all[i].state, learning ? SRS_LEARN : SRS_REVIEW);
		assert_int_equal(all[i].interval_d, real_at(node_get(t, "scheduled_days"), i));
	}
}

static void up_steps(const struct fsrs_params *p, const struct node *t)
{
	(void)p;
	for (const struct node *c = node_get(t, "cases")->child; c; c = c->next) {
		double minutes[MAX_STEPS];
		int64_t steps[MAX_STEPS];
		size_t n = reals(node_get(c, "steps_min"), minutes, MAX_STEPS);
		for (size_t i = 0; i < n; i++)
			steps[i] = (int64_t)(minutes[i] * 60000);
		for (int g = 0; g < 3; g++) {
			const struct node *want = node_get(c, buttons[g]);
			int64_t ms = srs_step_delay(steps, (int)n, (int)real_of(c, "remaining"),
						    (enum fsrs_grade)(g + 1));
			assert_int_equal(ms,
					 want->kind == NODE_NULL ? 0 : (int64_t)real(want) * 1000);
		}
	}
}

static void up_fuzz(const struct fsrs_params *p, const struct node *t)
{
	static const double factors[] = {0, 0.5, 0.99};
	(void)p;
	for (const struct node *c = node_get(t, "cases")->child; c; c = c->next) {
		for (size_t i = 0; i < 3; i++)
			assert_int_equal(srs_fuzzed(real_at(c, 0), (int)real_at(c, 1),
						    (int)real_at(c, 2), factors[i]),
					 real_at(c, 3 + i));
	}
}

static void up_fuzz_min(const struct fsrs_params *p, const struct node *t)
{
	(void)p;
	for (const struct node *c = node_get(t, "cases")->child; c; c = c->next)
		assert_int_equal(
			srs_minimum_interval(real_at(c, 0), (int)real_at(c, 1), (int)real_at(c, 2)),
			real_at(c, 3));
}

static const struct {
	const char *kind;
	void (*check)(const struct fsrs_params *p, const struct node *t);
	int count;
} kinds[] = {
	{"sequence", up_sequence, 3},
	{"interval_history", up_history, 1},
	{"next_interval", up_next_interval, 1},
	{"retrievability", up_retrievability, 3},
	{"next_difficulty", up_difficulty, 1},
	{"stability_after_success", up_stability, 1},
	{"stability_after_failure", up_stability, 1},
	{"stability_short_term", up_short_term, 1},
	{"first_review", up_first, 1},
	{"transition", up_transition, 1},
	{"next_states", up_next_states, 1},
	{"sm2", up_sm2, 1},
	{"migrate17", up_migrate, 1},
	{"clip", up_clip, 1},
	{"steps", up_steps, 1},
	{"fuzz", up_fuzz, 1},
	{"fuzz_min", up_fuzz_min, 1},
};

/* The leech rule is a sentence there ("up26"); its values are in t_sched.c. */
static void test_upstream(void **state)
{
	(void)state;
	const struct node *all = section("upstream_tests");
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		int seen = 0;
		for (const struct node *t = all->child; t; t = t->next) {
			if (strcmp(node_text(t, "kind"), kinds[k].kind) != 0)
				continue;
			struct fsrs_params p = upstream_params(t);
			kinds[k].check(&p, t);
			seen++;
		}
		assert_int_equal(seen, kinds[k].count);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequences), cmocka_unit_test(test_transitions),
		cmocka_unit_test(test_sm2),       cmocka_unit_test(test_fuzz_bounds),
		cmocka_unit_test(test_upstream),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
