/* t_form.c -- forms: ids, numbers by weight, slices that do not overlap, the same on every machine.
 */
#include "quiz/form.h"
#include "base/random.h"
#include "tests/unit/quiz/exams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

enum { POOL = 400, SIZE = 65 };

static char keys[POOL][32];
static struct form_item pool[POOL];

/* 100 items of each domain. */
static int make_pool(void **state)
{
	(void)state;
	for (int i = 0; i < POOL; i++) {
		snprintf(keys[i], sizeof(keys[i]), "deck-%d/card-%d", i % 7, i);
		pool[i] = (struct form_item){.key = keys[i], .domain = i % 4};
	}
	return 0;
}

static void ids_read_back(void **state)
{
	static const char *const good[] = {"dva-c03.4711.2", "x.0.1",
					   "a-1.9223372036854775807.100000", "dva-c03.7.1.s13"};
	static const char *const bad[] = {"",
					  "dva-c03",
					  "dva-c03.1",
					  "dva-c03.1.0",
					  "dva-c03.-1.1",
					  "dva-c03.1.x",
					  "dva-c03.01.1",
					  "A.1.1",
					  "a.1.1.s0",
					  "a.1.1.13",
					  "a.1.1.s",
					  ".1.1",
					  "a.1.100001",
					  "a.9223372036854775808.1",
					  "a.1.1.",
					  "a. 1.1"};
	struct arena a = {0};
	struct form_id id;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(form_id_parse(good[i], &id));
		assert_string_equal(form_id_text(&a, &id), good[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (form_id_parse(bad[i], &id))
			fail_msg("%s was read", bad[i]);
	arena_clear(&a);
}

static void numbers_follow_the_weights(void **state)
{
	static const int scored[] = {15, 13, 11, 11};
	struct form_need need;
	int unscored = 0;
	(void)state;
	form_need(&big_exam, 50, &need);
	assert_memory_equal(need.scored, scored, sizeof(scored));
	for (int i = 0; i < 4; i++)
		unscored += need.unscored[i];
	assert_int_equal(unscored, 15);
	assert_int_equal(need.unscored_sum, 15);
	assert_int_equal(form_minutes(&big_exam, 50, false), 130);
	assert_int_equal(form_minutes(&big_exam, 50, true), 160);
	/* 10 and 3 of 65 items: 26 minutes */
	assert_int_equal(form_minutes(&big_exam, 10, false), 26);
}

/* Every size keeps each domain within one item of its share. */
static void short_forms_are_in_proportion(void **state)
{
	(void)state;
	for (int n = 1; n <= 50; n++) {
		struct form_need need;
		int sum = 0;
		form_need(&big_exam, n, &need);
		for (int i = 0; i < 4; i++) {
			int exact = four_domains[i].weight * n;
			assert_true(need.scored[i] * 100 > exact - 100 &&
				    need.scored[i] * 100 < exact + 100);
			sum += need.scored[i];
		}
		assert_int_equal(sum, n);
	}
}

static void the_largest_form_that_fits(void **state)
{
	static const int plenty[] = {20, 20, 20, 20}, few[] = {20, 20, 5, 20},
			 none[] = {9, 9, 0, 9};
	struct form_need need;
	(void)state;
	assert_int_equal(form_largest(&big_exam, plenty), 50);
	assert_int_equal(form_largest(&big_exam, none), 0);
	int n = form_largest(&big_exam, few);
	form_need(&big_exam, n, &need);
	assert_true(n > 0 && need.scored[2] + need.unscored[2] <= 5);
	form_need(&big_exam, n + 1, &need);
	assert_true(need.scored[2] + need.unscored[2] > 5);
}

static void draw(uint64_t seed, int number, struct form_pick *out)
{
	struct form_id id = {"big", seed, number, 0};
	struct form_need need;
	form_need(&big_exam, 50, &need);
	assert_true(form_draw(pool, POOL, &need, &id, out));
}

/* For many seeds: the weights are right, no item comes twice, and the three forms that a pool of
 * 100 a domain holds share none. */
static void forms_of_many_seeds(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 2000; seed++) {
		int used[POOL] = {0};
		for (int number = 1; number <= 4; number++) {
			struct form_pick picks[SIZE];
			int scored[4] = {0}, all[4] = {0};
			draw(seed, number, picks);
			for (int i = 0; i < SIZE; i++) {
				int domain = pool[picks[i].item].domain;
				scored[domain] += picks[i].scored;
				all[domain]++;
				used[picks[i].item]++;
			}
			assert_true(scored[0] == 15 && scored[1] == 13 && scored[2] == 11 &&
				    scored[3] == 11 && all[0] + all[1] + all[2] + all[3] == SIZE);
		}
		for (int i = 0; i < POOL; i++)
			assert_true(used[i] <= 1);
	}
}

/* When a domain is used up it begins anew: what one form has, the pool has once more. */
static void a_used_up_pool_begins_anew(void **state)
{
	int used[POOL] = {0};
	(void)state;
	for (int number = 1; number <= 100; number++) {
		struct form_pick picks[SIZE];
		bool here[POOL] = {false};
		draw(5, number, picks);
		for (int i = 0; i < SIZE; i++) {
			assert_false(here[picks[i].item]);
			here[picks[i].item] = true;
			used[picks[i].item]++;
		}
	}
	for (int i = 0; i < POOL; i++)
		for (int k = i % 4; k < POOL; k += 4)
			assert_true(used[i] - used[k] <= 1 && used[k] - used[i] <= 1);
}

static bool same(const struct form_pick *a, const struct form_item *pa, const struct form_pick *b,
		 const struct form_item *pb)
{
	for (int i = 0; i < SIZE; i++)
		if (strcmp(pa[a[i].item].key, pb[b[i].item].key) != 0 || a[i].scored != b[i].scored)
			return false;
	return true;
}

static void the_order_of_the_pool_plays_no_part(void **state)
{
	struct form_item other[POOL];
	struct rng rng = {3};
	struct form_need need;
	(void)state;
	form_need(&big_exam, 50, &need);
	memcpy(other, pool, sizeof(pool));
	for (int round = 0; round < 50; round++) {
		struct form_id id = {"big", rng_next(&rng) >> 1, 1 + (int)rng_below(&rng, 9), 0};
		struct form_pick a[SIZE], b[SIZE];
		rng_shuffle(&rng, other, POOL, sizeof(*other));
		assert_true(form_draw(pool, POOL, &need, &id, a));
		assert_true(form_draw(other, POOL, &need, &id, b));
		assert_true(same(a, pool, b, other));
		id.seed++;
		assert_true(form_draw(pool, POOL, &need, &id, b));
		assert_false(same(a, pool, b, pool));
	}
}

/* A form is the same on every machine and in every version: these keys must never change. */
static void a_form_that_stays(void **state)
{
	struct form_pick picks[SIZE];
	(void)state;
	draw(4711, 2, picks);
	assert_string_equal(pool[picks[0].item].key, "deck-6/card-62");
	assert_string_equal(pool[picks[1].item].key, "deck-5/card-75");
	assert_string_equal(pool[picks[64].item].key, "deck-3/card-115");
}

static void domains_are_mixed(void **state)
{
	int changes = 0;
	struct form_pick picks[SIZE];
	(void)state;
	draw(1, 1, picks);
	for (int i = 1; i < SIZE; i++)
		changes += pool[picks[i].item].domain != pool[picks[i - 1].item].domain;
	assert_true(changes > 30);
}

static void too_few_items_draw_nothing(void **state)
{
	struct form_pick picks[SIZE];
	struct form_need need;
	struct form_id id = {"big", 1, 1, 0};
	(void)state;
	form_need(&big_exam, 50, &need);
	assert_false(form_draw(pool, 64, &need, &id, picks));
	assert_false(form_draw(pool, 0, &need, &id, picks));
}

static void the_form_with_the_fewest_late_items(void **state)
{
	struct form_id ids[] = {
		{"big", 1, 1, 0}, {"big", 1, 2, 0}, {"big", 1, 3, 0}, {"big", 2, 1, 0}};
	struct form_pick picks[SIZE];
	struct form_need need;
	int late;
	(void)state;
	form_need(&big_exam, 50, &need);
	assert_int_equal(form_choose(pool, POOL, &need, ids, 4, &late), 0);
	assert_int_equal(late, 0);
	for (int number = 1; number <= 2; number++) {
		draw(1, number, picks);
		for (int i = 0; i < SIZE; i++)
			pool[picks[i].item].late = true;
	}
	assert_int_equal(form_choose(pool, POOL, &need, ids, 4, &late), 2);
	assert_int_equal(late, 0);
	assert_int_equal(form_choose(pool, POOL, &need, ids, 2, &late), 0);
	assert_int_equal(late, SIZE);
	for (int i = 0; i < POOL; i++)
		pool[i].late = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_read_back),
		cmocka_unit_test(numbers_follow_the_weights),
		cmocka_unit_test(short_forms_are_in_proportion),
		cmocka_unit_test(the_largest_form_that_fits),
		cmocka_unit_test(forms_of_many_seeds),
		cmocka_unit_test(a_used_up_pool_begins_anew),
		cmocka_unit_test(the_order_of_the_pool_plays_no_part),
		cmocka_unit_test(a_form_that_stays),
		cmocka_unit_test(domains_are_mixed),
		cmocka_unit_test(too_few_items_draw_nothing),
		cmocka_unit_test(the_form_with_the_fewest_late_items),
	};
	return cmocka_run_group_tests(tests, make_pool, NULL);
}
