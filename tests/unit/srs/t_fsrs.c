/* t_fsrs.c -- the memory model against published numbers (their origin stands beside them) and
 * against what the formulas promise. The large files of numbers are in t_vectors.c; these few dozen
 * hold everywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/random.h"
#include "srs/fsrs.h"
#include "vectors.h"

static struct fsrs_params defaults(void)
{
	struct fsrs_params p;
	assert_true(fsrs_params_set(&p, NULL, 0, NULL));
	return p;
}

struct review {
	int grade;
	double days;
};

static struct fsrs_memory run(const struct fsrs_params *p, const struct review *r, size_t n)
{
	struct fsrs_memory m = {0};
	for (size_t i = 0; i < n; i++)
		m = fsrs_next(p, m, (enum fsrs_grade)r[i].grade, r[i].days);
	return m;
}

/* An FSRS-5 set: fsrs-rs, src/inference.rs. */
static const double weights19[19] = {0.6845422,  1.6790825, 4.7349424,    10.042885,  7.4410233,
				     0.64219797, 1.071918,  0.0025195254, 1.432437,   0.1544,
				     0.8692766,  2.0696752, 0.0953,       0.2975,     2.4691248,
				     0.19542035, 3.201072,  0.18046261,   0.121442534};

static void test_first(void **state)
{
	(void)state; /* ts-fsrs, FSRS-6.test.ts, first repeat */
	static const double s[] = {0.212, 1.2931, 2.3065, 8.2956},
			    d[] = {6.4133, 5.11217071, 2.11810397, 1};
	struct fsrs_params p = defaults();
	for (int g = 1; g <= 4; g++) {
		struct fsrs_memory m =
			fsrs_next(&p, (struct fsrs_memory){0}, (enum fsrs_grade)g, 5);
		assert_near(m.stability_d, s[g - 1], 0);
		assert_near(m.difficulty, d[g - 1], 5e-9);
	}
}

static void test_sequences(void **state)
{
	(void)state; /* fsrs-rs, src/inference.rs, test_memory_state and test_memo_state (single
			precision) */
	static const struct review six[] = {{1, 0}, {3, 0}, {3, 1}, {3, 3}, {3, 8}, {3, 21}};
	static const struct review five[] = {{1, 0}, {3, 1}, {3, 3}, {3, 8}, {3, 21}};
	struct fsrs_params p = defaults();
	struct fsrs_memory m = run(&p, six, 6);
	assert_near(m.stability_d, 53.62691, 1e-5);
	assert_near(m.difficulty, 6.3574867, 1e-5);
	double w[FSRS_WEIGHTS];
	memcpy(w, fsrs_default_weights, sizeof(w));
	w[17] = w[18] = w[19] = 0;
	assert_true(fsrs_params_set(&p, w, FSRS_WEIGHTS, NULL));
	m = run(&p, six, 6);
	assert_near(m.stability_d, 53.335106, 1e-5);
	assert_near(m.difficulty, 6.3574867, 1e-5);
	assert_true(fsrs_params_set(&p, weights19, 19, NULL));
	m = run(&p, five, 5);
	assert_near(m.stability_d, 31.722992, 1e-5);
	assert_near(m.difficulty, 7.382128, 1e-5);
}

static void test_four_buttons(void **state)
{
	(void)state; /* fsrs-rs, src/inference.rs, test_next_states */
	static const struct review four[] = {{1, 0}, {3, 1}, {3, 3}, {3, 8}};
	static const double s[] = {2.9691455, 17.091452, 31.722992, 71.7502},
			    d[] = {8.000659, 7.6913934, 7.382128, 7.0728626};
	struct fsrs_params p;
	struct fsrs_memory all[4];
	assert_true(fsrs_params_set(&p, weights19, 19, NULL));
	fsrs_next_all(&p, run(&p, four, 4), 21, all);
	for (int g = 0; g < 4; g++) {
		assert_near(all[g].stability_d, s[g], 1e-5);
		assert_near(all[g].difficulty, d[g], 1e-5);
		assert_near(fsrs_interval(&p, all[g].stability_d, 0.9), s[g], 1e-5);
	}
}

static void test_same_day(void **state)
{
	(void)state; /* fsrs-rs, src/model.rs, test_next_stability; ts-fsrs, algorithm.test.ts */
	static const double s[] = {1.596818, 5, 5, 8.12961};
	struct fsrs_params p = defaults();
	for (int g = 1; g <= 4; g++)
		assert_near(fsrs_next(&p, (struct fsrs_memory){5, 5}, (enum fsrs_grade)g, 0)
				    .stability_d,
			    s[g - 1], 1e-6);
}

/* Days after which recall is r: the published inputs give r itself. */
static double days_until(const struct fsrs_params *p, double s, double r)
{
	return fsrs_interval(p, s, r);
}

static void test_success_and_failure(void **state)
{
	(void)state; /* ts-fsrs in double precision; fsrs-rs, src/model.rs, agrees in single. Grade
			1 of the success formula cannot be reached from outside */
	static const double r[] = {0.9, 0.8, 0.7, 0.6};
	static const double success[] = {0, 28.22657096, 58.65599107, 127.2266925};
	static const double failure[] = {1.05253961, 1.18943295, 1.36808387, 1.58498896};
	struct fsrs_params p = defaults();
	for (int i = 0; i < 4; i++) {
		struct fsrs_memory m = {5, i + 1};
		double days = days_until(&p, 5, r[i]);
		assert_near(fsrs_next(&p, m, FSRS_AGAIN, days).stability_d, failure[i], 1e-8);
		if (i)
			assert_near(fsrs_next(&p, m, (enum fsrs_grade)(i + 1), days).stability_d,
				    success[i], 1e-9);
	}
}

static void test_difficulty(void **state)
{
	(void)state; /* ts-fsrs; fsrs-rs, src/model.rs, test_next_difficulty */
	static const double d[] = {8.34176237, 6.66599536, 4.99022837, 3.31446137};
	struct fsrs_params p = defaults();
	for (int g = 1; g <= 4; g++) {
		assert_near(
			fsrs_next(&p, (struct fsrs_memory){9, 5}, (enum fsrs_grade)g, 0).difficulty,
			d[g - 1], 2e-9);
		assert_near(
			fsrs_next(&p, (struct fsrs_memory){9, 5}, (enum fsrs_grade)g, 9).difficulty,
			d[g - 1], 2e-9);
	}
}

static void test_recall(void **state)
{
	(void)state; /* fsrs-rs, src/model.rs, src/parameter_initialization.rs and, with decay 0.2,
			src/inference.rs */
	static const double s[] = {1, 2, 3, 4, 4, 2},
			    want[] = {1, 0.9403443, 0.9253786, 0.9185229, 0.9, 0.8261359};
	static const double one[] = {1, 0.9, 0.8458846447796301, 0.8093881028681906},
			    slow[] = {1, 0.9, 0.84028935, 0.7985001};
	struct fsrs_params p = defaults();
	for (int t = 0; t < 6; t++)
		assert_near(fsrs_recall(&p, s[t], t), want[t], 1e-7);
	for (int t = 0; t < 4; t++)
		assert_near(fsrs_recall(&p, 1, t), one[t], 1e-9); /* w20 was a single there */
	double w[FSRS_WEIGHTS];
	memcpy(w, fsrs_default_weights, sizeof(w));
	w[20] = 0.2;
	assert_true(fsrs_params_set(&p, w, FSRS_WEIGHTS, NULL));
	for (int t = 0; t < 4; t++)
		assert_near(fsrs_recall(&p, 1, t), slow[t], 1e-7);
	assert_true(fsrs_recall(&p, 0, 3) == 0);
}

static void test_interval(void **state)
{
	(void)state; /* fsrs-rs, src/inference.rs, test_next_interval; the first in double
			precision: ts-fsrs, algorithm.test.ts */
	static const double days[] = {3116769, 34793, 2508, 387, 90, 27, 9, 3, 1, 0};
	struct fsrs_params p = defaults();
	for (int i = 1; i <= 10; i++)
		assert_true(round(fsrs_interval(&p, 1, i / 10.0)) == days[i - 1]);
}

static void test_sm2(void **state)
{
	(void)state; /* fsrs-rs, src/inference.rs, test_memory_from_sm2 */
	static const struct {
		double ease, interval, retention, s, d;
	} rows[] = {
		{2.5, 10, 0.9, 10, 6.9140563},
		{2.5, 10, 0.8, 3.01572, 9.393428},
		{2.5, 10, 0.95, 24.841097, 1.2974405},
		{1.3, 20, 0.9, 20, 10},
	};
	struct fsrs_params p = defaults();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fsrs_memory m =
			fsrs_from_sm2(&p, rows[i].ease, rows[i].interval, rows[i].retention);
		assert_near(m.stability_d, rows[i].s, 1e-5);
		assert_near(m.difficulty, rows[i].d, 1e-5);
	}
}

static void test_migration(void **state)
{
	(void)state; /* fsrs-rs, src/model.rs, test_convert_parameters */
	static const double in[17] = {0.4,  0.6,  2.4,  5.8,  4.93, 0.94, 0.86, 0.01, 1.49,
				      0.14, 0.94, 2.18, 0.05, 0.34, 1.26, 0.29, 2.61};
	static const double out[FSRS_WEIGHTS] = {0.4,  0.6,  2.4,  5.8,  6.81, 0.44675013, 1.36,
						 0.01, 1.49, 0.14, 0.94, 2.18, 0.05,       0.34,
						 1.26, 0.29, 2.61, 0,    0,    0,          0.5};
	struct fsrs_params p;
	assert_true(fsrs_params_set(&p, in, 17, NULL));
	for (size_t i = 0; i < FSRS_WEIGHTS; i++)
		assert_near(p.w[i], out[i], 1e-7);
	assert_true(fsrs_params_set(&p, weights19, 19, NULL));
	assert_memory_equal(p.w, weights19, sizeof(weights19));
	assert_true(p.w[19] == 0 && p.w[20] == 0.5);
}

static void test_params_are_clipped(void **state)
{
	(void)state;
	struct fsrs_params p = defaults();
	assert_memory_equal(p.w, fsrs_default_weights, sizeof(fsrs_default_weights));
	double w[FSRS_WEIGHTS];
	for (size_t i = 0; i < FSRS_WEIGHTS; i++)
		w[i] = 1e6;
	assert_true(fsrs_params_set(&p, w, FSRS_WEIGHTS, NULL));
	assert_true(p.w[0] == 100 && p.w[7] == 0.75 && p.w[12] == 0.25 && p.w[17] == 2 &&
		    p.w[20] == 0.8);
	for (size_t i = 0; i < FSRS_WEIGHTS; i++)
		w[i] = -1e6;
	assert_true(fsrs_params_set(&p, w, FSRS_WEIGHTS, NULL));
	assert_true(p.w[0] == 0.001 && p.w[4] == 1 && p.w[16] == 1 && p.w[19] == 0 &&
		    p.w[20] == 0.1);
}

static void test_bad_params(void **state)
{
	(void)state;
	double w[64] = {0};
	struct fsrs_params p;
	struct diags d = {0};
	static const size_t counts[] = {1, 16, 18, 20, 22, 34};
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		assert_false(fsrs_params_set(&p, w, counts[i], &d));
	memcpy(w, fsrs_default_weights, sizeof(fsrs_default_weights));
	w[20] = NAN;
	assert_false(fsrs_params_set(&p, w, FSRS_WEIGHTS, &d));
	w[20] = INFINITY;
	assert_false(fsrs_params_set(&p, w, FSRS_WEIGHTS, &d));
	w[5] = -1;
	assert_false(fsrs_params_set(&p, w, 17, &d));
	assert_int_equal(d.errors, ARRAY_LEN(counts) + 3);
	assert_string_equal(d.items[0].code, "fsrs-params");
	diags_clear(&d);
}

/* What must hold for all numbers */

static struct fsrs_params any_params(struct rng *r)
{
	double w[FSRS_WEIGHTS];
	struct fsrs_params p;
	for (size_t i = 0; i < FSRS_WEIGHTS; i++)
		w[i] = rng_below(r, 8) == 0 ? (rng_unit(r) - 0.5) * 300
					    : fsrs_default_weights[i] * (0.5 + rng_unit(r));
	assert_true(fsrs_params_set(&p, w, FSRS_WEIGHTS, NULL));
	return p;
}

static void test_bounds_and_order(void **state)
{
	(void)state;
	struct rng r = {20261120};
	for (int n = 0; n < 3000; n++) {
		struct fsrs_params p = any_params(&r);
		struct fsrs_memory m = {0};
		for (int i = 0; i < 12; i++) {
			double days = rng_below(&r, 4) ? floor(exp(rng_unit(&r) * 10)) : 0;
			struct fsrs_memory all[4];
			fsrs_next_all(&p, m, days, all);
			bool first = m.stability_d == 0;
			for (int g = 0; g < 4; g++) {
				struct fsrs_memory one =
					fsrs_next(&p, m, (enum fsrs_grade)(g + 1), days);
				assert_memory_equal(&one, &all[g], sizeof(one));
				assert_true(one.stability_d >= FSRS_STABILITY_MIN &&
					    one.stability_d <= FSRS_STABILITY_MAX);
				assert_true(one.difficulty >= 1 && one.difficulty <= 10);
				assert_true(first || g == 0 ||
					    all[g].stability_d >= all[g - 1].stability_d);
				assert_true(first || g == 0 ||
					    all[g].difficulty <= all[g - 1].difficulty);
			}
			assert_true(first ||
				    all[FSRS_HARD - 1].stability_d >= m.stability_d * (1 - 1e-12));
			assert_true(first ||
				    all[FSRS_AGAIN - 1].stability_d <=
					    m.stability_d * (1 + 1e-12) ||
				    days == 0);
			m = all[rng_below(&r, 4)];
		}
	}
}

static void test_interval_inverts_recall(void **state)
{
	(void)state;
	struct rng r = {7};
	for (int n = 0; n < 3000; n++) {
		struct fsrs_params p = any_params(&r);
		double s = exp(rng_unit(&r) * 14 - 6), retention = 0.7 + 0.29 * rng_unit(&r);
		assert_near(fsrs_recall(&p, s, fsrs_interval(&p, s, retention)), retention, 1e-12);
		assert_near(fsrs_interval(&p, s, 0.9), s, 1e-11);
		assert_true(fsrs_recall(&p, s, 3) > fsrs_recall(&p, s, 4));
	}
}

static void test_hostile_memory(void **state)
{
	(void)state;
	struct fsrs_params p = defaults();
	static const double odd[] = {-1, 1e-300, 1e300, INFINITY, NAN};
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		for (int g = 1; g <= 4; g++) {
			struct fsrs_memory m = fsrs_next(
				&p, (struct fsrs_memory){odd[i], odd[ARRAY_LEN(odd) - 1 - i]},
				(enum fsrs_grade)g, 1e9);
			assert_true(m.stability_d >= FSRS_STABILITY_MIN &&
				    m.stability_d <= FSRS_STABILITY_MAX);
			assert_true(m.difficulty >= 1 && m.difficulty <= 10);
		}
		struct fsrs_memory m = fsrs_from_sm2(&p, odd[i], odd[i], 0.9);
		assert_true(m.stability_d >= FSRS_STABILITY_MIN &&
			    m.stability_d <= FSRS_STABILITY_MAX);
		assert_true(m.difficulty >= 1 && m.difficulty <= 10);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_four_buttons),
		cmocka_unit_test(test_same_day),
		cmocka_unit_test(test_success_and_failure),
		cmocka_unit_test(test_difficulty),
		cmocka_unit_test(test_recall),
		cmocka_unit_test(test_interval),
		cmocka_unit_test(test_sm2),
		cmocka_unit_test(test_migration),
		cmocka_unit_test(test_params_are_clipped),
		cmocka_unit_test(test_bad_params),
		cmocka_unit_test(test_bounds_and_order),
		cmocka_unit_test(test_interval_inverts_recall),
		cmocka_unit_test(test_hostile_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
