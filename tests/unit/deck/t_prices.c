/* t_prices.c -- the bundled price list, and sums over its tiers. The numbers that are expected were
 * worked out by hand from the published examples. Diagnostics have goldens (t_golden.c). */
#include "base/file.h"
#include "deck/prices.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MILLION 1e6
#define BILLION 1e9

static struct prices p;

static int set_up(void **state)
{
	struct diags d = {0};
	(void)state;
	bool ok = prices_read_file(&p, "data/prices.yaml", &d);
	diags_print(&d, stderr);
	diags_clear(&d);
	return ok ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	prices_clear(&p);
	prices_clear(&p);
	return 0;
}

static void expect(double got, double want)
{
	if (fabs(got - want) > 1e-9 * fmax(1, want))
		fail_msg("%.9g, expected %.9g", got, want);
}

static void the_bundled_list(void **state)
{
	(void)state;
	assert_string_equal(p.region, "us-east-1");
	assert_int_equal(p.item[PRICE_REST].tier_count, 4);
	assert_true(isinf(p.item[PRICE_REST].tiers[3].up_to));
	assert_int_equal(p.item[PRICE_MINUTES].tier_count, 1);
	assert_int_equal(p.cache_count, 8);
	assert_int_equal(p.cited_count, 2);
	for (size_t i = 0; i < p.source_count; i++)
		assert_true(p.sources[i].has_checked);
}

static void a_tier_is_for_the_units_in_it(void **state)
{
	(void)state;
	expect(prices_cost(&p, PRICE_REST, 0), 0);
	expect(prices_cost(&p, PRICE_REST, 1), 3.5e-6);
	expect(prices_cost(&p, PRICE_REST, 5 * MILLION), 17.5);
	expect(prices_cost(&p, PRICE_REST, 333 * MILLION), 1165.5);
	expect(prices_cost(&p, PRICE_REST, 334 * MILLION), 1168.3);
	/* 333 at 3.50, 667 at 2.80, 14,000 at 2.38: the example of 15 billion calls. */
	expect(prices_cost(&p, PRICE_REST, 15 * BILLION), 36353.1);
	expect(prices_cost(&p, PRICE_REST, 21 * BILLION), 1165.5 + 1867.6 + 45220 + 1510);
	/* 300 at 1.00 and 132 at 0.90. */
	expect(prices_cost(&p, PRICE_HTTP, 432 * MILLION), 418.8);
	expect(prices_cost(&p, PRICE_MESSAGES, 1500 * MILLION), 1400);
	expect(prices_cost(&p, PRICE_MINUTES, 10 * MILLION), 2.5);
}

static void nothing_costs_nothing(void **state)
{
	struct prices none = {0};
	(void)state;
	expect(prices_cost(&p, PRICE_HTTP, -5), 0);
	expect(prices_cost(&p, PRICE_HTTP, (double)NAN), 0);
	expect(prices_cost(&none, PRICE_HTTP, 1000), 0);
	expect(prices_cache_cost(&none, 0.5, 10), 0);
}

static void caches_by_the_hour(void **state)
{
	(void)state;
	expect(prices_cache_cost(&p, 0.5, 1), 0.02);
	expect(prices_cache_cost(&p, 1.6, 24), 0.912);
	expect(prices_cache_cost(&p, 237, 730), 2774);
	expect(prices_cache_cost(&p, 2, 1), 0);
}

static void large_ones_count_more_than_once(void **state)
{
	(void)state;
	expect(prices_units(&p, PRICE_REST, 9e6), 1);
	expect(prices_units(&p, PRICE_HTTP, 0), 1);
	expect(prices_units(&p, PRICE_HTTP, 512 * 1024), 1);
	expect(prices_units(&p, PRICE_HTTP, 512 * 1024 + 1), 2);
	expect(prices_units(&p, PRICE_MESSAGES, 33 * 1024), 2);
	expect(prices_units(&p, PRICE_MESSAGES, 128 * 1024), 4);
}

static void the_schema_is_the_committed_one(void **state)
{
	struct str made = {0}, kept = {0};
	(void)state;
	prices_schema(&made);
	assert_true(file_read("data/schema/prices.schema.json", 1 << 20, &kept, NULL));
	assert_string_equal(str_c(&kept), str_c(&made));
	str_clear(&made);
	str_clear(&kept);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bundled_list),
		cmocka_unit_test(a_tier_is_for_the_units_in_it),
		cmocka_unit_test(nothing_costs_nothing),
		cmocka_unit_test(caches_by_the_hour),
		cmocka_unit_test(large_ones_count_more_than_once),
		cmocka_unit_test(the_schema_is_the_committed_one),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
