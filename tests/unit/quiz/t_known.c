/* t_known.c -- what an answer to a question with options is worth. */
#include "quiz/known.h"
#include "tests/unit/quiz/cards.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

static double ways(const struct card *c)
{
	struct ask q;
	ask_init(&q, c, &whole, 1);
	double n = known_ways(&q);
	ask_clear(&q);
	return n;
}

static void ways_by_kind(void **state)
{
	(void)state;
	assert_true(ways(&choice_card) == 4);
	assert_true(ways(&some_card) == 10);
	assert_true(ways(&truth_card) == 2);
	assert_true(ways(&match_card) == 27); /* three lefts, three distinct rights */
	assert_true(ways(&order_card) == 24);
	assert_true(ways(&typed_card) == 0);
}

static void chance_is_bayes(void **state)
{
	(void)state;
	assert_true(fabs(known_chance(0.5, 4) - 0.8) < 1e-12);
	assert_true(fabs(known_chance(0.9, 4) - 0.9 / 0.925) < 1e-12);
	assert_true(fabs(known_chance(0.5, 2) - 2.0 / 3) < 1e-12);
	assert_true(known_chance(0, 4) == 0);
	assert_true(known_chance(1, 4) == 1);
	assert_true(known_chance(0.1, 0) == 1);
	assert_true(known_chance(-1, 4) == known_chance(KNOWN_PRIOR, 4));
}

static void grades(void **state)
{
	static const struct {
		enum verdict verdict;
		enum sureness sure;
		double chance;
		int grade;
	} table[] = {
		{VERDICT_WRONG, SURE_YES, 0.9, 1},    {VERDICT_WRONG, SURE_GUESS, 0.1, 1},
		{VERDICT_ALMOST, SURE_YES, 0.9, 1},   {VERDICT_RIGHT, SURE_YES, 0.9, 3},
		{VERDICT_RIGHT, SURE_UNSAID, 0.5, 3}, {VERDICT_RIGHT, SURE_FAIRLY, 0.9, 3},
		{VERDICT_RIGHT, SURE_YES, 0.49, 2},   {VERDICT_RIGHT, SURE_UNSAID, 0.49, 2},
		{VERDICT_RIGHT, SURE_GUESS, 0.9, 2},  {VERDICT_RIGHT, SURE_GUESS, 0.49, 1},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		assert_int_equal(known_grade(table[i].verdict, table[i].sure, table[i].chance),
				 table[i].grade);
}

/* A better memory never makes a right answer worth less, nor does being sure. */
static void grades_are_monotone(void **state)
{
	(void)state;
	for (double n = 2; n < 30; n++)
		for (int r = 0; r < 100; r++) {
			double low = known_chance(r / 100.0, n),
			       high = known_chance((r + 1) / 100.0, n);
			assert_true(low <= high && low >= r / 100.0);
			for (int sure = 0; sure < SURE_COUNT; sure++) {
				int grade = known_grade(VERDICT_RIGHT, (enum sureness)sure, low);
				assert_true(grade <=
					    known_grade(VERDICT_RIGHT, (enum sureness)sure, high));
				assert_true(known_grade(VERDICT_RIGHT, SURE_GUESS, low) <= grade);
			}
		}
}

static void assert_given(const struct ask *q, enum sureness sure, const char *want)
{
	char *given = known_given(q, sure);
	assert_string_equal(given, want);
	free(given);
}

static void given_says_how_sure(void **state)
{
	struct ask q;
	(void)state;
	ask_init(&q, &truth_card, &whole, 1);
	assert_given(&q, SURE_YES, "");
	ask_choose(&q, 1);
	assert_given(&q, SURE_UNSAID, "{\"chosen\":[1]}");
	assert_given(&q, SURE_GUESS, "{\"chosen\":[1],\"sure\":1}");
	ask_clear(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ways_by_kind),
		cmocka_unit_test(chance_is_bayes),
		cmocka_unit_test(grades),
		cmocka_unit_test(grades_are_monotone),
		cmocka_unit_test(given_says_how_sure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
