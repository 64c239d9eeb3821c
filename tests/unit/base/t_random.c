/* t_random.c -- the same numbers on every machine: against published and independently computed
 * values. */
#include "base/random.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Values of the reference implementation for this seed. */
static void test_splitmix64(void **state)
{
	(void)state;
	static const uint64_t expected[] = {6457827717110365317u, 3203168211198807973u,
					    9817491932198370423u, 4593380528125082431u,
					    16408922859458223821u};
	struct rng r = {1234567};
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_true(rng_next(&r) == expected[i]);
}

static void test_below_is_stable(void **state)
{
	(void)state;
	static const uint32_t expected[] = {4, 0, 1, 2, 0, 5, 1, 4, 2, 3, 1, 2};
	struct rng r = {42};
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_int_equal(rng_below(&r, 6), expected[i]);
}

static void test_below_bounds(void **state)
{
	(void)state;
	static const uint32_t limits[] = {1, 2, 3, 7, 1u << 31, (1u << 31) + 1, UINT32_MAX};
	struct rng r = {1};
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		for (int k = 0; k < 1000; k++)
			assert_true(rng_below(&r, limits[i]) < limits[i]);
	assert_int_equal(rng_below(&r, 1), 0);
}

/* Modulo would give the lower third of 3 * 2^30 twice as often as the rest. */
static void test_below_is_fair(void **state)
{
	(void)state;
	enum { DRAWS = 30000 };
	const uint32_t n = 3u << 30;
	int thirds[3] = {0};
	struct rng r = {9};
	for (int i = 0; i < DRAWS; i++)
		thirds[rng_below(&r, n) / (n / 3)]++;
	for (int i = 0; i < 3; i++)
		assert_in_range(thirds[i], DRAWS / 3 - 500, DRAWS / 3 + 500);
}

static void test_unit(void **state)
{
	(void)state;
	struct rng r = {5};
	double sum = 0, least = 1, most = 0;
	for (int i = 0; i < 100000; i++) {
		double x = rng_unit(&r);
		assert_true(x >= 0 && x < 1);
		sum += x;
		least = x < least ? x : least;
		most = x > most ? x : most;
	}
	assert_true(sum > 49500 && sum < 50500);
	assert_true(least < 0.001 && most > 0.999);
}

static void test_shuffle_is_stable(void **state)
{
	(void)state;
	static const int expected[] = {9, 5, 8, 6, 1, 2, 4, 7, 0, 3};
	int items[ARRAY_LEN(expected)];
	struct rng r = {7};
	for (int i = 0; i < (int)ARRAY_LEN(items); i++)
		items[i] = i;
	rng_shuffle(&r, items, ARRAY_LEN(items), sizeof(*items));
	assert_memory_equal(items, expected, sizeof(items));
	/* The same places for items of any size. */
	struct {
		int n;
		char rest[60];
	} large[ARRAY_LEN(expected)] = {0};
	for (int i = 0; i < (int)ARRAY_LEN(large); i++)
		large[i].n = i;
	r.state = 7;
	rng_shuffle(&r, large, ARRAY_LEN(large), sizeof(*large));
	for (size_t i = 0; i < ARRAY_LEN(large); i++)
		assert_int_equal(large[i].n, expected[i]);
}

/* Each of the six orders of three comes up about as often as the others. */
static void test_shuffle_is_fair(void **state)
{
	(void)state;
	int seen[27] = {0};
	struct rng r = {3};
	for (int i = 0; i < 6000; i++) {
		char items[] = {0, 1, 2};
		rng_shuffle(&r, items, 3, 1);
		seen[items[0] * 9 + items[1] * 3 + items[2]]++;
	}
	int orders = 0;
	for (size_t i = 0; i < ARRAY_LEN(seen); i++) {
		orders += seen[i] > 0;
		if (seen[i])
			assert_in_range(seen[i], 850, 1150);
	}
	assert_int_equal(orders, 6);
}

static void test_shuffle_of_few(void **state)
{
	(void)state;
	struct rng r = {3};
	int one = 1;
	rng_shuffle(&r, NULL, 0, 4);
	rng_shuffle(&r, &one, 1, sizeof(one));
	assert_int_equal(one, 1);
	assert_true(r.state == 3);
}

static void test_system_seed(void **state)
{
	(void)state;
	uint64_t a = rng_system_seed(), b = rng_system_seed();
	assert_true(a != b);
}

static void test_hash(void **state)
{
	(void)state;
	assert_true(hash_text("") == 0xf52a15e9a9b5e89bu);
	assert_true(hash_text("a") == 0x02c0bdbf481420f8u);
	assert_true(hash_text("gateway") == 0x4b8db096353ae695u);
	assert_true(hash_bytes("gateway", 7, 1) == 0xb7baabdc793e7d9u);
	assert_true(hash_bytes("\0\xff\0", 3, 0) == 0xceccbe0bdd49b09fu);
	assert_true(hash_bytes("\0\xff\0", 2, 0) != hash_bytes("\0\xff\0", 3, 0));
	assert_true(hash_bytes(NULL, 0, 0) == hash_text(""));
}

static void test_hash_mix(void **state)
{
	(void)state;
	assert_true(hash_mix(1, 2) == 0x081a5c1377856b73u);
	assert_true(hash_mix(2, 1) == 0xf2826f98653e9e57u);
	assert_true(hash_mix(0, 0) == 0x48218226ff3cd4bfu);
}

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* Small numbers, which ids are, must not meet. */
static void test_hash_mix_spreads(void **state)
{
	(void)state;
	enum { SIDE = 200 };
	uint64_t *all = xcalloc(SIDE * SIDE, sizeof(*all));
	for (uint64_t i = 0; i < SIDE; i++)
		for (uint64_t k = 0; k < SIDE; k++)
			all[i * SIDE + k] = hash_mix(i, k);
	qsort(all, SIDE * SIDE, sizeof(*all), by_value);
	for (size_t i = 1; i < SIDE * SIDE; i++)
		assert_true(all[i] != all[i - 1]);
	free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_splitmix64),
		cmocka_unit_test(test_below_is_stable),
		cmocka_unit_test(test_below_bounds),
		cmocka_unit_test(test_below_is_fair),
		cmocka_unit_test(test_unit),
		cmocka_unit_test(test_shuffle_is_stable),
		cmocka_unit_test(test_shuffle_is_fair),
		cmocka_unit_test(test_shuffle_of_few),
		cmocka_unit_test(test_system_seed),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_hash_mix),
		cmocka_unit_test(test_hash_mix_spreads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
