/* t_javatext.c -- texts and numbers as Java has them, and the functions of $util. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/javatext.h"
#include "gateway/jutil.h"

#include <math.h>
#include <string.h>

#define FACE "\xf0\x9f\x98\x80" /* U+1F600: a pair of surrogates */
#define FIRST_HALF "\xed\xa0\xbd"
#define SECOND_HALF "\xed\xb8\x80"

static struct slice slice(const char *s)
{
	return (struct slice){s, strlen(s)};
}

static void is(struct slice got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.p, want, got.len);
}

static void test_double(void **state)
{
	(void)state;
	static const struct {
		double v;
		const char *text;
	} cases[] = {
		{0, "0.0"},
		{-0.0, "-0.0"},
		{1, "1.0"},
		{2.5, "2.5"},
		{-123.456, "-123.456"},
		{0.1 + 0.2, "0.30000000000000004"},
		{0.001, "0.001"},
		{0.0001, "1.0E-4"},
		{0.00012, "1.2E-4"},
		{9999999, "9999999.0"},
		{1e7, "1.0E7"},
		{12345678.9, "1.23456789E7"},
		{1.0 / 3, "0.3333333333333333"},
		{100, "100.0"},
		{1e300 * 1e10, "Infinity"},
		{-1e300 * 1e10, "-Infinity"},
		{NAN, "NaN"},
		{4.9e-324, "4.9E-324"},
		{1.7976931348623157e308, "1.7976931348623157E308"},
		{4.5e55, "4.5E55"},
	};
	char text[JAVA_DOUBLE];
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t n = java_double(text, cases[i].v);
		assert_string_equal(text, cases[i].text);
		assert_int_equal(n, strlen(text));
	}
}

static void test_units(void **state)
{
	(void)state;
	struct slice s = slice("a\xc3\xa9" FACE "b");
	assert_int_equal(java_length(s), 5);
	assert_int_equal(java_unit(s, 1), 0xe9);
	assert_int_equal(java_unit(s, 2), 0xd83d);
	assert_int_equal(java_unit(s, 3), 0xde00);
	assert_int_equal(java_unit(s, 4), 'b');
	assert_int_equal(java_index(s, 7), 4);
}

static void test_substring(void **state)
{
	(void)state;
	struct arena a = {0};
	struct slice s = slice("a" FACE "b");
	is(java_substring(&a, s, 0, 4), "a" FACE "b");
	is(java_substring(&a, s, 1, 3), FACE);
	is(java_substring(&a, s, 0, 2), "a" FIRST_HALF);
	is(java_substring(&a, s, 2, 4), SECOND_HALF "b");
	is(java_substring(&a, s, 2, 3), SECOND_HALF);
	is(java_substring(&a, s, 2, 2), "");
	is(java_substring(&a, slice(FACE FACE), 1, 3), SECOND_HALF FIRST_HALF);
	arena_clear(&a);
}

static void test_halves(void **state)
{
	(void)state;
	struct arena a = {0};
	struct str out = {0};
	is(java_concat(&a, slice("x" FIRST_HALF), slice(SECOND_HALF "y")), "x" FACE "y");
	is(java_concat(&a, slice(SECOND_HALF), slice(FIRST_HALF)), SECOND_HALF FIRST_HALF);
	is(java_concat(&a, slice(""), slice("y")), "y");
	java_encode(&out, slice("x" FIRST_HALF SECOND_HALF FIRST_HALF "\xed\x9f\xbf" SECOND_HALF));
	assert_string_equal(str_c(&out), "x" FACE "?\xed\x9f\xbf?");
	str_clear(&out);
	arena_clear(&a);
}

static void test_case(void **state)
{
	(void)state;
	char out[64];
	is((struct slice){out, java_case(out, slice("a\xc3\xb6\xc3\x9f\xd0\xb6\xce\xb1z1"), true)},
	   "A\xc3\x96SS\xd0\x96\xce\x91Z1");
	is((struct slice){out, java_case(out, slice("A\xc3\x96\xc4\x8c\xd0\x81"), false)},
	   "a\xc3\xb6\xc4\x8d\xd1\x91");
}

static void test_json(void **state)
{
	(void)state;
	struct str out = {0};
	java_json_string(&out, slice("a/\"\\\n\x01\x7f\xe2\x82\xac\xc3\xa9"), true);
	assert_string_equal(str_c(&out), "\"a\\/\\\"\\\\\\n\\u0001\\u007F\\u20AC\xc3\xa9\"");
	str_reset(&out);
	java_json_string(&out, slice("a/b"), false);
	assert_string_equal(str_c(&out), "\"a/b\"");
	str_clear(&out);
}

/* $util: one text in, one out; NULL: refused. */

static void test_escape(void **state)
{
	(void)state;
	struct str out = {0};
	jutil_escape_javascript(&out, slice("it's \"a\\b\"/\n\b\x07\xc3\xa9" FACE "<&>"));
	assert_string_equal(str_c(&out), "it\\'s \\\"a\\\\b\\\"\\/\\n\\b\\u0007\\u00E9"
					 "\\uD83D\\uDE00<&>");
	str_clear(&out);
}

static void test_urls(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"a+b%20c", "a b c"},
		{"%E6%97%A5", "\xe6\x97\xa5"},
		{"%ff", "\xef\xbf\xbd"},
		{"", ""},
		{"%", NULL},
		{"%4", NULL},
		{"%zz", NULL},
		{"%-1", NULL},
	};
	struct str out = {0};
	jutil_url_encode(&out, slice("a b~-_.*/\xc3\xa4"));
	assert_string_equal(str_c(&out), "a+b%7E-_.*%2F%C3%A4");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		str_reset(&out);
		assert_int_equal(jutil_url_decode(&out, slice(cases[i].text)),
				 cases[i].want != NULL);
		if (cases[i].want)
			assert_string_equal(str_c(&out), cases[i].want);
	}
	str_clear(&out);
}

static void test_base64(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", ""},           {"Zg==", "f"},   {"Zg", "f"},
		{"Zm8=", "fo"},     {"Zm9v", "foo"}, {"/w==", "\xef\xbf\xbd"},
		{"!!!!", NULL},     {"Z", NULL},     {"Zg=", NULL},
		{"Zg==Zg==", NULL}, {"=", NULL},     {"Zm9v\n", NULL},
	};
	struct str out = {0};
	static const char *const plain[] = {"", "f", "fo", "foo", "foob"};
	static const char *const coded[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="};
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		str_reset(&out);
		jutil_base64_encode(&out, slice(plain[i]));
		assert_string_equal(str_c(&out), coded[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		str_reset(&out);
		assert_int_equal(jutil_base64_decode(&out, slice(cases[i].text)),
				 cases[i].want != NULL);
		if (cases[i].want)
			assert_string_equal(str_c(&out), cases[i].want);
	}
	str_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_double),    cmocka_unit_test(test_units),
		cmocka_unit_test(test_substring), cmocka_unit_test(test_halves),
		cmocka_unit_test(test_case),      cmocka_unit_test(test_json),
		cmocka_unit_test(test_escape),    cmocka_unit_test(test_urls),
		cmocka_unit_test(test_base64),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
