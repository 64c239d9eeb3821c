/* t_shuffle.c -- what shuffling may and may not do, over many seeds. */
#include "tests/unit/quiz/cards.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SEEDS 6000

static void the_same_seed_shows_the_same_order(void **state)
{
	static const struct card *const cards[] = {&choice_card, &some_card, &match_card,
						   &order_card};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cards); i++)
		for (uint64_t seed = 0; seed < 200; seed++) {
			struct ask a, b;

			ask_init(&a, cards[i], &whole, seed);
			ask_init(&b, cards[i], &whole, seed);
			assert_memory_equal(a.order, b.order, sizeof(a.order));
			assert_memory_equal(a.arranged, b.arranged, sizeof(a.arranged));
			ask_clear(&a);
			ask_clear(&b);
		}
}

/* Counts how often each option is shown in each place. Every order must be a permutation. */
static void count_places(const struct card *c, size_t n, int places[MAX_OPTIONS][MAX_OPTIONS])
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		unsigned seen = 0;
		struct ask q;

		ask_init(&q, c, &whole, seed);
		for (size_t i = 0; i < n; i++) {
			seen |= 1u << q.order[i];
			places[i][q.order[i]]++;
		}
		assert_int_equal(seen, (1u << n) - 1);
		ask_clear(&q);
	}
}

/* Within 15 percent of an equal share: over five standard deviations at 6000 draws. */
static void assert_even(int places[MAX_OPTIONS][MAX_OPTIONS], size_t n)
{
	int share = SEEDS / (int)n;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			assert_in_range(places[i][j], share - share * 15 / 100,
					share + share * 15 / 100);
}

static void every_option_lands_everywhere(void **state)
{
	static const struct card *const cards[] = {&choice_card, &some_card};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cards); i++) {
		int places[MAX_OPTIONS][MAX_OPTIONS] = {0};

		count_places(cards[i], cards[i]->choice.count, places);
		assert_even(places, cards[i]->choice.count);
	}
}

static void every_right_lands_everywhere(void **state)
{
	int places[3][MAX_OPTIONS] = {0};

	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct ask q;

		ask_init(&q, &match_card, &whole, seed);
		for (size_t i = 0; i < q.right_count; i++)
			places[i][q.order[i]]++;
		ask_clear(&q);
	}
	for (size_t i = 0; i < 3; i++) /* client, either, nobody */
		assert_in_range(places[i][0], SEEDS / 3 - 300, SEEDS / 3 + 300);
}

static void an_ordering_never_starts_solved(void **state)
{
	static const char *twins[] = {"send", "wait", "send"};
	struct card c = order_card;

	(void)state;
	for (size_t n = 3; n <= 4; n++) {
		int places[MAX_OPTIONS][MAX_OPTIONS] = {0};

		c.ordering.count = n;
		count_places(&c, n, places);
		for (uint64_t seed = 0; seed < SEEDS; seed++) {
			struct ask q;
			size_t right = 0;

			ask_init(&q, &c, &whole, seed);
			for (size_t i = 0; i < n; i++)
				right += ask_is_right(&q, i);
			assert_true(right < n);
			ask_clear(&q);
		}
	}
	c.ordering.items = twins;
	c.ordering.count = 3;
	for (uint64_t seed = 0; seed < 500; seed++) {
		struct ask q;

		ask_init(&q, &c, &whole, seed);
		assert_false(ask_is_right(&q, 0) && ask_is_right(&q, 1) && ask_is_right(&q, 2));
		ask_clear(&q);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_shows_the_same_order),
		cmocka_unit_test(every_option_lands_everywhere),
		cmocka_unit_test(every_right_lands_everywhere),
		cmocka_unit_test(an_ordering_never_starts_solved),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
