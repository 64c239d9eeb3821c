/* t_result.c -- points, and a chance of passing that covers what it claims. */
#include "quiz/result.h"
#include "base/random.h"
#include "tests/unit/quiz/cards.h"
#include "tests/unit/quiz/exams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

static void points(void **state)
{
	static const struct result_item items[] = {
		{.scored = true, .right = true, .domain = 0, .sure = SURE_YES, .spent_ms = 60000},
		{.scored = true, .domain = 0, .sure = SURE_YES, .spent_ms = 400000},
		{.scored = true, .right = true, .domain = 1, .sure = SURE_GUESS, .spent_ms = 20000},
		{.scored = true, .blank = true, .domain = 1, .sure = SURE_YES},
		{.right = true, .domain = 2, .change = CHANGE_TO_RIGHT, .spent_ms = 40000},
		{.domain = 3, .change = CHANGE_TO_WRONG, .spent_ms = 80000},
	};
	struct result_points p;
	(void)state;
	result_points(items, ARRAY_LEN(items), &p);
	assert_int_equal(p.right, 2);
	assert_int_equal(p.of, 4);
	assert_int_equal(p.unscored_right, 1);
	assert_int_equal(p.unscored_of, 2);
	assert_int_equal(p.domain[0].right, 1);
	assert_int_equal(p.domain[1].of, 2);
	assert_int_equal(p.domain[2].of, 0);
	assert_int_equal(p.blank, 1);
	assert_int_equal(p.sure_wrong, 1);
	assert_int_equal(p.unsure_right, 1);
	assert_int_equal(p.to_wrong, 1);
	assert_int_equal(p.to_right, 1);
	assert_int_equal(p.long_items, 1);
	assert_int_equal(p.mean_ms, 120000); /* of the five that were in front */
}

/* All or nothing; an answer that was left, and one that was never full. */
static void grading(void **state)
{
	const struct card *cards[] = {&some_card};
	const char *keys[] = {"d/two"};
	(void)state;
	for (int scene = 0; scene < 4; scene++) {
		struct exam e;
		exam_init(&e, cards, &whole, keys, 1, 5, 1000000);
		struct ask *q = &e.items[0].ask;
		struct exam_event open = {EXAM_OPENED, 0, 0, 0};
		exam_apply(&e, &open);
		int given = 0;
		for (size_t i = 0; i < q->count; i++) {
			struct exam_event ev = {EXAM_CHOOSE, (int64_t)i, 10, 10};
			bool wanted = ask_is_right(q, i);
			if (scene == 1)
				wanted = !wanted;
			if (wanted && given < (scene == 2 ? 1 : 2)) {
				assert_true(exam_apply(&e, &ev));
				given++;
			}
		}
		if (scene == 3) { /* the full right answer, then one of it taken back */
			size_t i = 0;
			while (!q->chosen[i])
				i++;
			struct exam_event ev = {EXAM_CHOOSE, (int64_t)i, 20, 20};
			assert_true(exam_apply(&e, &ev));
		}
		struct result_item r = result_item(&e.items[0], 0, true);
		assert_int_equal(r.right, scene == 0);
		assert_int_equal(r.blank, scene >= 2);
		assert_int_equal(r.change, scene == 3 ? CHANGE_TO_WRONG : CHANGE_NONE);
		exam_clear(&e);
	}
}

static struct chance_tries tries_of(const double *skill, int answers, struct rng *rng)
{
	struct chance_tries t = {.count = 0};
	for (int i = 0; i < answers; i++) {
		int domain = i % 4;
		chance_add(&t, domain, rng_unit(rng) < skill[domain], 0);
	}
	return t;
}

static void old_answers_fade(void **state)
{
	struct chance_tries t = {.count = 0};
	(void)state;
	chance_add(&t, 1, true, 0);
	chance_add(&t, 1, true, 21);
	chance_add(&t, 1, false, 42);
	assert_true(fabs(t.right[1] - 1.5) < 1e-12);
	assert_true(fabs(t.wrong[1] - 0.25) < 1e-12);
	assert_int_equal(t.count, 3);
}

/* Learners whose skills are known: the 90 % range must hold the true one about that often. */
static void ranges_cover_what_they_claim(void **state)
{
	enum { LEARNERS = 300 };
	static const int answers[] = {65, 130, 260};
	struct rng rng = {20261120};
	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(answers); k++) {
		int held = 0;
		for (int i = 0; i < LEARNERS; i++) {
			double base = 0.45 + 0.5 * rng_unit(&rng), skill[4], truth = 0;
			for (int j = 0; j < 4; j++) {
				skill[j] = base + 0.16 * (rng_unit(&rng) - 0.5);
				skill[j] = skill[j] > 0.98 ? 0.98 : skill[j];
				truth += skill[j] * four_domains[j].weight / 100;
			}
			struct chance_tries t = tries_of(skill, answers[k], &rng);
			struct chance c;
			chance_estimate(&c, &big_exam, &t, rng_next(&rng));
			held += truth >= c.overall.lo && truth <= c.overall.hi;
		}
		if (held < LEARNERS * 82 / 100 || held > LEARNERS * 97 / 100)
			fail_msg("%d answers: %d of %d held", answers[k], held, LEARNERS);
	}
}

static struct chance chance_of(double share, int answers)
{
	struct chance_tries t = {.count = answers};
	struct chance c;
	for (int i = 0; i < 4; i++) {
		t.right[i] = share * answers / 4;
		t.wrong[i] = (1 - share) * answers / 4;
	}
	chance_estimate(&c, &big_exam, &t, 1);
	return c;
}

static void better_is_likelier(void **state)
{
	double before = -1;
	(void)state;
	for (int share = 40; share <= 100; share += 10) {
		struct chance c = chance_of(share / 100.0, 200);
		assert_true(c.pass >= before && c.pass_lo <= c.pass && c.pass <= c.pass_hi);
		assert_true(c.overall.lo < c.overall.mid && c.overall.mid < c.overall.hi);
		before = c.pass;
	}
	assert_string_equal(chance_words(&(struct chance){.enough = true, .pass = 0.5}),
			    "about even");
	assert_string_equal(chance_words(&(struct chance){.enough = true, .pass = 0.01}),
			    "very unlikely");
	assert_string_equal(chance_words(&(struct chance){.enough = true, .pass = 1}),
			    "very likely");
}

static void few_answers_give_no_number(void **state)
{
	struct chance c = chance_of(0.9, CHANCE_MIN_TRIES - 1);
	(void)state;
	assert_false(c.enough);
	assert_string_equal(chance_words(&c), "too few answers to say");
	c = chance_of(0.9, CHANCE_MIN_TRIES);
	assert_true(c.enough);
}

static void the_same_seed_gives_the_same_chance(void **state)
{
	struct chance a = chance_of(0.7, 100), b = chance_of(0.7, 100);
	(void)state;
	assert_true(a.pass == b.pass && a.overall.lo == b.overall.lo);
}

/* With everything known about the learner the chance is that of a binomial against the line. */
static void agrees_with_the_closed_form(void **state)
{
	struct chance c = chance_of(0.72, 1000000);
	double sure = 0, p = 0.72;
	(void)state;
	for (int right = 36; right <= 50; right++) { /* a line at 0.72 is 36 of 50 */
		double logs = lgamma(51) - lgamma(right + 1) - lgamma(51 - right) + right * log(p) +
			      (50 - right) * log(1 - p);
		sure += exp(logs);
	}
	struct chance_tries t = {.count = 1000000};
	struct blueprint exact = big_exam;
	exact.pass_spread = 0;
	for (int i = 0; i < 4; i++) {
		t.right[i] = 0.72 * 250000;
		t.wrong[i] = 0.28 * 250000;
	}
	struct chance fixed;
	chance_estimate(&fixed, &exact, &t, 3);
	assert_true(fabs(fixed.pass - sure) < 0.03);
	assert_true(fabs(c.overall.mid - 0.72) < 0.002);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points),
		cmocka_unit_test(grading),
		cmocka_unit_test(old_answers_fade),
		cmocka_unit_test(ranges_cover_what_they_claim),
		cmocka_unit_test(better_is_likelier),
		cmocka_unit_test(few_answers_give_no_number),
		cmocka_unit_test(the_same_seed_gives_the_same_chance),
		cmocka_unit_test(agrees_with_the_closed_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
