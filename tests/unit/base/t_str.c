/* t_str.c -- growable strings, and numbers that are read whole or not at all. */
#include "base/str.h"

#include <limits.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_add(void **state)
{
	(void)state;
	struct str s = {0};
	assert_string_equal(str_c(&s), "");
	str_add(&s, "");
	str_addn(&s, NULL, 0);
	assert_string_equal(str_c(&s), "");
	str_add(&s, "api");
	str_addc(&s, '-');
	str_addn(&s, "gateway", 4);
	str_addf(&s, "%03d%s", 7, "!");
	assert_string_equal(str_c(&s), "api-gate007!");
	assert_int_equal(s.len, 12);
	str_truncate(&s, 3);
	assert_string_equal(str_c(&s), "api");
	str_reset(&s);
	assert_string_equal(str_c(&s), "");
	assert_true(s.cap > 0);
	str_clear(&s);
	assert_null(s.p);
	str_reset(&s);
	str_truncate(&s, 0);
	str_clear(&s);
}

static void test_holds_nul(void **state)
{
	(void)state;
	struct str s = {0};
	str_addn(&s, "a\0b", 3);
	str_addc(&s, '\0');
	assert_int_equal(s.len, 4);
	assert_memory_equal(s.p, "a\0b\0", 5);
	str_clear(&s);
}

static void test_grows(void **state)
{
	(void)state;
	struct str s = {0};
	for (int i = 0; i < 100000; i++) {
		str_addc(&s, (char)('a' + i % 26));
		if (i % 9999 == 0)
			assert_int_equal(strlen(s.p), (size_t)i + 1);
	}
	for (int i = 0; i < 100000; i++)
		assert_int_equal(s.p[i], 'a' + i % 26);
	str_reset(&s);
	str_addf(&s, "%*d", 5000, 1);
	assert_int_equal(s.len, 5000);
	str_clear(&s);
}

static void test_take(void **state)
{
	(void)state;
	struct str s = {0};
	char *p = str_take(&s);
	assert_string_equal(p, "");
	free(p);
	str_add(&s, "deck");
	p = str_take(&s);
	assert_string_equal(p, "deck");
	assert_null(s.p);
	assert_int_equal(s.len, 0);
	free(p);
}

static void test_compare(void **state)
{
	(void)state;
	assert_true(slice_is((struct slice){"deckx", 4}, "deck"));
	assert_false(slice_is((struct slice){"deckx", 5}, "deck"));
	assert_false(slice_is((struct slice){"dec", 3}, "deck"));
	assert_true(slice_is((struct slice){"", 0}, ""));
	assert_true(str_eq(NULL, NULL));
	assert_false(str_eq(NULL, ""));
	assert_false(str_eq("", NULL));
	assert_true(str_eq("a", "a"));
	assert_false(str_eq("a", "A"));
	assert_true(str_starts("deck:ws", "deck:"));
	assert_true(str_starts("", ""));
	assert_false(str_starts("dec", "deck"));
	assert_false(str_starts(NULL, "deck"));
	assert_true(str_ends("a.yaml", ".yaml"));
	assert_true(str_ends("a", ""));
	assert_false(str_ends("yaml", ".yaml"));
	assert_false(str_ends(NULL, ".yaml"));
}

static void test_plural(void **state)
{
	(void)state;
	assert_string_equal(str_plural(1, "card", "cards"), "card");
	assert_string_equal(str_plural(0, "card", "cards"), "cards");
	assert_string_equal(str_plural(2, "card", "cards"), "cards");
	assert_string_equal(str_plural(-1, "card", "cards"), "cards");
}

static void test_trim(void **state)
{
	(void)state;
	struct arena a = {0};
	assert_string_equal(str_trim(&a, " \t\r\n\v\f"), "");
	assert_string_equal(str_trim(&a, ""), "");
	assert_string_equal(str_trim(&a, "\n a  b\t"), "a  b");
	assert_string_equal(str_trim(&a, "\xc2\xa0x"), "\xc2\xa0x");
	arena_clear(&a);
}

static void test_i64(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
					  " 1",
					  "1 ",
					  "1x",
					  "x",
					  "-",
					  "+",
					  "--1",
					  "0x1f",
					  "1e3",
					  "1.0",
					  "9223372036854775808",
					  "-9223372036854775809",
					  "1\n"};
	long long v = 42;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(str_to_i64(bad[i], LLONG_MIN, LLONG_MAX, &v));
	assert_false(str_to_i64(NULL, LLONG_MIN, LLONG_MAX, &v));
	assert_false(str_to_i64("11", 1, 10, &v));
	assert_false(str_to_i64("0", 1, 10, &v));
	assert_int_equal(v, 42);
	assert_true(str_to_i64("10", 1, 10, &v));
	assert_int_equal(v, 10);
	assert_true(str_to_i64("-007", -10, 10, &v));
	assert_int_equal(v, -7);
	assert_true(str_to_i64("9223372036854775807", LLONG_MIN, LLONG_MAX, &v));
	assert_true(v == LLONG_MAX);
	assert_true(str_to_i64("-9223372036854775808", LLONG_MIN, LLONG_MAX, &v));
	assert_true(v == LLONG_MIN);
}

static void test_double(void **state)
{
	(void)state;
	static const char *const bad[] = {"",       " 1",    "1 ", "1,5", "nan",   "inf", "1e999",
					  "-1e999", "0x1p3", "1e", ".",   "1.2.3", "e5"};
	double v = 42;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(str_to_double(bad[i], -INFINITY, INFINITY, &v));
	assert_false(str_to_double(NULL, -1, 1, &v));
	assert_false(str_to_double("1.01", 0, 1, &v));
	assert_true(v == 42);
	assert_true(str_to_double("0.9", 0, 1, &v));
	assert_true(v == 0.9);
	assert_true(str_to_double("-2.5e-3", -1, 1, &v));
	assert_true(v == -2.5e-3);
	assert_true(str_to_double("1e-400", 0, 1, &v));
	assert_true(v < 1e-300);
}

static void test_u64(void **state)
{
	(void)state;
	static const char *const bad[] = {"",   "-1", "+1",  " 1",
					  "1 ", "x",  "1.0", "18446744073709551616"};
	uint64_t v = 42;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(str_to_u64(bad[i], &v));
	assert_false(str_to_u64(NULL, &v));
	assert_true(v == 42);
	assert_true(str_to_u64("18446744073709551615", &v));
	assert_true(v == UINT64_MAX);
	assert_true(str_to_u64("007", &v));
	assert_true(v == 7);
}

/* Under a locale whose decimal sign is a comma, where the system has one. */
static void test_double_ignores_locale(void **state)
{
	(void)state;
	double v = 0;
	if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "fr_FR.UTF-8"))
		return;
	assert_true(str_to_double("0.5", 0, 1, &v));
	assert_true(v == 0.5);
	assert_false(str_to_double("0,5", 0, 1, &v));
	setlocale(LC_NUMERIC, "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),     cmocka_unit_test(test_holds_nul),
		cmocka_unit_test(test_grows),   cmocka_unit_test(test_take),
		cmocka_unit_test(test_compare), cmocka_unit_test(test_plural),
		cmocka_unit_test(test_trim),    cmocka_unit_test(test_i64),
		cmocka_unit_test(test_double),  cmocka_unit_test(test_double_ignores_locale),
		cmocka_unit_test(test_u64),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
