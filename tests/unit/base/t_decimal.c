/* t_decimal.c -- numbers as text: read, compared, divided, hashed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/decimal.h"

#include <string.h>

static struct decimal read(const char *text)
{
	struct decimal d;
	if (!decimal_read((struct slice){text, strlen(text)}, &d))
		fail_msg("\"%s\" is no number", text);
	return d;
}

static void test_read(void **state)
{
	(void)state;
	static const char *const good[] = {"0",   "-0",   "+1",   "1.",     ".5",          "-.5",
					   "1e2", "1E+2", "1e-2", "007.10", "1e2147483647"};
	static const char *const bad[] = {
		"",    "-",     ".",   "e1",    "1e",  "1e+",           "1..2",
		" 1",  "1 ",    "0x1", "1e1.5", "--1", "1e99999999999", "NaN",
		"1,5", "1e+-2", "1ee2"};
	struct decimal d;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		read(good[i]);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (decimal_read((struct slice){bad[i], strlen(bad[i])}, &d))
			fail_msg("\"%s\" was read", bad[i]);
}

static void test_compare(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		int want;
	} rows[] = {
		{"1", "1.0", 0},
		{"100", "1e2", 0},
		{"0", "-0.000", 0},
		{"0e5", "0", 0},
		{"0.010", "1e-2", 0},
		{"00012.5", "12.50", 0},
		{"1", "2", -1},
		{"-1", "1", -1},
		{"-2", "-1", -1},
		{"0", "1e-400", -1},
		{"-1e-400", "0", -1},
		{"9", "10", -1},
		{"0.9", "0.10", 1},
		{"1e400", "9e399", 1},
		{"9007199254740993", "9007199254740992", 1},
		{"0.1", "0.1000000000000000055511151231257827", -1},
		{"123456789012345678901234567890.1", "123456789012345678901234567890", 1},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct decimal a = read(rows[i].a);
		struct decimal b = read(rows[i].b);
		if (decimal_compare(&a, &b) != rows[i].want ||
		    decimal_compare(&b, &a) != -rows[i].want)
			fail_msg("%s, %s", rows[i].a, rows[i].b);
		if (rows[i].want == 0)
			assert_int_equal(decimal_hash(&a), decimal_hash(&b));
		else
			assert_int_not_equal(decimal_hash(&a), decimal_hash(&b));
	}
}

static void test_multiple(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		bool want;
	} rows[] = {
		{"10", "2", true},
		{"7", "2", false},
		{"0", "3", true},
		{"-6", "3", true},
		{"0.0075", "0.0001", true},
		{"0.00751", "0.0001", false},
		{"4.5", "1.5", true},
		{"35", "1.5", false},
		{"0.3", "0.1", true},
		{"1e30", "7", false},
		{"7e30", "7", true},
		{"1e400", "1e-400", true},
		{"1e-400", "1e400", false},
		{"120", "1.2e1", true},
		{"12345678901234567890123456789012", "2", true},
		{"12345678901234567890123456789013", "2", false},
		{"1", "0.3333333333333333333333", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct decimal a = read(rows[i].a);
		struct decimal b = read(rows[i].b);
		if (decimal_multiple(&a, &b) != rows[i].want)
			fail_msg("%s, %s", rows[i].a, rows[i].b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_multiple),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
