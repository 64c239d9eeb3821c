/* t_utf8.c -- validity, columns and safe text, under "C" and under a UTF-8 locale. */
#include "base/utf8.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#define FFFD "\xef\xbf\xbd"

static void use_c(void)
{
	assert_non_null(setlocale(LC_ALL, "C"));
}

/* False if the system has no UTF-8 locale at all. */
static bool use_utf8(void)
{
	return setlocale(LC_ALL, "C.UTF-8") || setlocale(LC_ALL, "C.utf8") ||
	       setlocale(LC_ALL, "en_US.UTF-8");
}

static bool is_scalar(uint32_t cp)
{
	return cp <= 0x10ffff && !(cp >= 0xd800 && cp <= 0xdfff);
}

/* Every code point encodes and decodes to itself, and no shorter prefix of it is valid. */
static void test_round_trip(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		char bytes[4];
		uint32_t back = 0;
		if (!is_scalar(cp))
			continue;
		int n = utf8_encode(cp, bytes);
		if (utf8_decode(bytes, (size_t)n, &back) != n || back != cp)
			fail_msg("U+%04X", (unsigned)cp);
		for (int k = 1; k < n; k++)
			if (utf8_decode(bytes, (size_t)k, &back))
				fail_msg("U+%04X cut to %d bytes", (unsigned)cp, k);
	}
}

/* Table 3-7 of the Unicode standard, "well-formed UTF-8 byte sequences", written out. */
static bool well_formed(const unsigned char *s, int n)
{
	unsigned lo = 0x80, hi = 0xbf;
	if (s[0] < 0x80)
		return n == 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		return n == 2 && s[1] >= lo && s[1] <= hi;
	if (s[0] == 0xe0)
		lo = 0xa0;
	else if (s[0] == 0xed)
		hi = 0x9f;
	else if (s[0] == 0xf0)
		lo = 0x90;
	else if (s[0] == 0xf4)
		hi = 0x8f;
	if (s[0] < 0xe0 || s[0] > 0xf4 || n != (s[0] < 0xf0 ? 3 : 4) || s[1] < lo || s[1] > hi)
		return false;
	for (int i = 2; i < n; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return false;
	return true;
}

static void test_all_pairs(void **state)
{
	(void)state;
	static const unsigned char third[] = {0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff};
	for (unsigned v = 0; v < 0x10000; v++) {
		for (size_t k = 0; k < ARRAY_LEN(third); k++) {
			unsigned char s[4] = {(unsigned char)(v >> 8), (unsigned char)v, third[k],
					      0x80};
			uint32_t cp;
			int n = utf8_decode((char *)s, 4, &cp), expected = 0;
			for (int len = 1; len <= 4; len++)
				if (well_formed(s, len))
					expected = len;
			if (n != expected)
				fail_msg("%02x %02x %02x 80: %d, not %d", s[0], s[1], s[2], n,
					 expected);
		}
	}
}

static void test_invalid_at(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t at;
	} cases[] = {
		{"", 0},
		{"abc", 3},
		{"caf\xc3\xa9", 5},
		{"caf\xc3", 3},
		{"\x80", 0},
		{"ab\xc0\xaf", 2},
		{"\xed\xa0\x80", 0},
		{"\xf4\x90\x80\x80", 0},
		{"\xf0\x9f\x98\x80", 4},
		{"\xff\xfe"
		 "a",
		 0},
		{"12345678\xff", 8},
		{"123456789abcdefg\xe2\x82", 16},
		{"a\x01\x7f\n\xe2\x82\xac", 7},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(utf8_invalid_at(cases[i].text, strlen(cases[i].text)),
				 cases[i].at);
	assert_int_equal(utf8_invalid_at("a\0\xff", 3), 2);
	/* The bad byte at every distance from the eight-byte steps. */
	char text[40];
	for (size_t at = 0; at < sizeof(text); at++) {
		memset(text, 'x', sizeof(text));
		text[at] = (char)0xff;
		assert_int_equal(utf8_invalid_at(text, sizeof(text)), at);
	}
}

static void test_count(void **state)
{
	(void)state;
	assert_int_equal(utf8_count("", 0), 0);
	assert_int_equal(utf8_count("na\xc3\xafve", 6), 5);
	assert_int_equal(utf8_count("\xff\xe2\x82", 3), 3);
	assert_int_equal(utf8_count("\xf0\x9f\x98\x80!", 5), 2);
}

static void test_width_is_wcwidth(void **state)
{
	(void)state;
	if (!use_utf8())
		return;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++)
		if (utf8_width(cp) != wcwidth((wchar_t)cp))
			fail_msg("U+%04X: %d, not %d", (unsigned)cp, utf8_width(cp),
				 wcwidth((wchar_t)cp));
	use_c();
}

/* Under "C" the built-in ranges: what decks hold, whole. */
static void test_width_without_locale(void **state)
{
	(void)state;
	static const struct {
		uint32_t cp;
		int width;
	} cases[] = {
		{'a', 1},     {0, 0},       {0x1b, -1},   {0x7f, -1},    {0x85, -1},
		{0xe9, 1},    {0x301, 0},   {0x416, 1},   {0x200b, 0},   {0x2014, 1},
		{0x2028, -1}, {0x2192, 1},  {0x2500, 1},  {0x4e2d, 2},   {0x3042, 2},
		{0xac00, 2},  {0xff21, 2},  {0x2705, 2},  {0x2713, 1},   {0x1f600, 2},
		{0x1f1e6, 1}, {0xfffd, 1},  {0xffff, -1}, {0xd800, -1},  {0x110000, -1},
		{0x20000, 2}, {0x3134a, 2}, {0xe0101, 0}, {0x1fffe, -1}, {0xfe0f, 0},
	};
	use_c();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (utf8_width(cases[i].cp) != cases[i].width)
			fail_msg("U+%04X: %d, not %d", (unsigned)cases[i].cp,
				 utf8_width(cases[i].cp), cases[i].width);
}

/* They must agree with the C library on nearly all that it calls printable. */
static void test_width_agrees(void **state)
{
	(void)state;
	static int known[0x11000];
	unsigned all = 0, differ = 0;
	if (!use_utf8())
		return;
	for (uint32_t cp = 0; cp < ARRAY_LEN(known); cp++)
		known[cp] = wcwidth((wchar_t)cp);
	use_c();
	for (uint32_t cp = 0; cp < ARRAY_LEN(known); cp++) {
		if (known[cp] < 0)
			continue;
		all++;
		differ += utf8_width(cp) != known[cp];
	}
	assert_true(all > 50000);
	assert_true(differ * 50 < all);
}

static void test_columns_and_fit(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int columns, cols;
		size_t fit;
	} cases[] = {
		{"", 0, 0, 0},
		{"gateway", 7, 7, 7},
		{"gateway", 7, 3, 3},
		{"gateway", 7, 0, 0},
		{"gateway", 7, -5, 0},
		{"gateway", 7, 100, 7},
		{"e\xcc\x81x", 2, 1, 3}, /* e, acute accent, x: the accent stays */
		{"e\xcc\x81x", 2, 0, 0},
		{"\xe4\xb8\xad\xe6\x96\x87", 4, 3, 3}, /* two wide ones: no half */
		{"\xe4\xb8\xad\xe6\x96\x87", 4, 1, 0},
		{"a\xe4\xb8\xad", 3, 2, 1},
		{"a\xff"
		 "b",
		 3, 2, 2}, /* an invalid byte is drawn as one column */
		{"a\x1b"
		 "b",
		 3, 3, 3},
		{"0123456789\xe2\x80\xa6", 11, 10, 10},
		{"0123456789\xe2\x80\xa6", 11, 11, 13},
		{"01234567\xcc\x81"
		 "8",
		 9, 8, 10},
	};
	for (int locale = 0; locale < 2; locale++) {
		if (locale && !use_utf8())
			break;
		for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
			size_t n = strlen(cases[i].text);
			if (utf8_columns(cases[i].text, n) != cases[i].columns ||
			    utf8_fit(cases[i].text, n, cases[i].cols) != cases[i].fit)
				fail_msg("case %zu: %d columns, %zu bytes in %d", i,
					 utf8_columns(cases[i].text, n),
					 utf8_fit(cases[i].text, n, cases[i].cols), cases[i].cols);
		}
		use_c();
	}
}

static void assert_sanitized(const char *raw, size_t n, bool multiline, const char *expected)
{
	struct str out = {0};
	utf8_sanitize(&out, raw, n, multiline);
	assert_string_equal(str_c(&out), expected);
	str_clear(&out);
}

static void test_sanitize(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"", ""},
		{"plain text, long enough for a step", "plain text, long enough for a step"},
		{"a\tb", "a b"},
		{"a\nb", "a" FFFD "b"},
		{"\x1b[31mred\x1b[0m", FFFD "[31mred" FFFD "[0m"},
		{"\x7f\xc2\x9b"
		 "31m",
		 FFFD FFFD "31m"},
		{"caf\xc3\xa9", "caf\xc3\xa9"},
		{"caf\xc3", "caf" FFFD},
		{"\xe2\x82", FFFD FFFD},
		{"a\xe2\x80\xae"
		 "b",
		 "a" FFFD "b"}, /* right-to-left override */
		{"a\xe2\x81\xa6"
		 "b",
		 "a" FFFD "b"}, /* isolate */
		{"a\xe2\x80\x8b"
		 "b",
		 "a" FFFD "b"}, /* zero-width space */
		{"\xef\xbb\xbf"
		 "a",
		 FFFD "a"},                                     /* byte order mark */
		{"\xe2\x80\xa8", FFFD},                         /* line separator */
		{"\xef\xbf\xbf", FFFD},                         /* not a character */
		{"\xe2\x9d\xa4\xef\xb8\x8f!", "\xe2\x9d\xa4!"}, /* heart with emoji selector */
		/* man, joiner, woman, joiner, girl: the man is left */
		{"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7.",
		 "\xf0\x9f\x91\xa8."},
		/* woman, skin tone, joiner, laptop */
		{"\xf0\x9f\x91\xa9\xf0\x9f\x8f\xbd\xe2\x80\x8d\xf0\x9f\x92\xbb",
		 "\xf0\x9f\x91\xa9"},
		/* a joiner that joins nothing takes nothing with it */
		{"\xe2\x80\x8d\xf0\x9f\x91\xa9", "\xf0\x9f\x91\xa9"},
		{"a\xe2\x80\x8d\xf0\x9f\x91\xa9", "a\xf0\x9f\x91\xa9"},
		{"\xf0\x9f\x91\xa9\xe2\x80\x8d"
		 "a",
		 "\xf0\x9f\x91\xa9"
		 "a"},
		{"\xf0\x9f\x91\xa9\xf0\x9f\x91\xa7", "\xf0\x9f\x91\xa9\xf0\x9f\x91\xa7"},
		{"e\xcc\x81\xe4\xb8\xad", "e\xcc\x81\xe4\xb8\xad"},
		{"1\xef\xb8\x8f\xe2\x83\xa3", "1\xe2\x83\xa3"}, /* keycap */
	};
	for (int locale = 0; locale < 2; locale++) {
		if (locale && !use_utf8())
			break;
		for (size_t i = 0; i < ARRAY_LEN(cases); i++)
			assert_sanitized(cases[i][0], strlen(cases[i][0]), false, cases[i][1]);
		assert_sanitized("a\nb\r\n\t", 6, true, "a\nb" FFFD "\n ");
		assert_sanitized("a\0b", 3, true, "a" FFFD "b");
		use_c();
	}
}

/* Whatever comes in, what goes out is valid, has a width everywhere and is left alone by a second
 * pass. */
static void test_sanitize_any_bytes(void **state)
{
	(void)state;
	uint32_t x = 2463534242u;
	use_utf8();
	for (int round = 0; round < 20000; round++) {
		char raw[24];
		struct str once = {0}, twice = {0};
		for (size_t i = 0; i < sizeof(raw); i++) {
			static const unsigned char likely[] = {0xe2, 0x80, 0x8d, 0xf0, 0x9f, 0x91,
							       0xa9, 0xef, 0xb8, 0x8f, 'a'};
			x ^= x << 13, x ^= x >> 17, x ^= x << 5;
			raw[i] = (char)(x & 1 ? likely[(x >> 8) % sizeof(likely)] : x >> 16);
		}
		utf8_sanitize(&once, raw, sizeof(raw), false);
		utf8_sanitize(&twice, str_c(&once), once.len, false);
		assert_string_equal(str_c(&once), str_c(&twice));
		assert_int_equal(utf8_invalid_at(str_c(&once), once.len), once.len);
		for (size_t i = 0; i < once.len;) {
			uint32_t cp;
			i += (size_t)utf8_decode(once.p + i, once.len - i, &cp);
			assert_true(cp && utf8_width(cp) >= 0);
		}
		str_clear(&once);
		str_clear(&twice);
	}
	use_c();
}

static void test_clean_and_ellipsis(void **state)
{
	(void)state;
	struct arena a = {0};
	assert_string_equal(utf8_clean(&a, ""), "");
	assert_string_equal(utf8_clean(&a, "a\nb"), "a" FFFD "b");
	assert_string_equal(utf8_ellipsis(&a, "gateway", 7), "gateway");
	assert_string_equal(utf8_ellipsis(&a, "gateway", 6), "gatew\xe2\x80\xa6");
	assert_string_equal(utf8_ellipsis(&a, "gateway", 1), "\xe2\x80\xa6");
	assert_string_equal(utf8_ellipsis(&a, "gateway", 0), "");
	assert_string_equal(utf8_ellipsis(&a, "gateway", -1), "");
	assert_string_equal(utf8_ellipsis(&a, "", 0), "");
	assert_string_equal(utf8_ellipsis(&a, "\xe4\xb8\xad\xe6\x96\x87", 3),
			    "\xe4\xb8\xad\xe2\x80\xa6");
	assert_string_equal(utf8_ellipsis(&a, "\xe4\xb8\xad\xe6\x96\x87", 2), "\xe2\x80\xa6");
	arena_clear(&a);
}

static void test_fold(void **state)
{
	(void)state;
	struct arena a = {0};
	assert_string_equal(utf8_fold(&a, ""), "");
	assert_string_equal(utf8_fold(&a, " \t\n"), "");
	assert_string_equal(utf8_fold(&a, "  API\t\n Gateway "), "api gateway");
	assert_string_equal(utf8_fold(&a, "A\xc2\xa0"
					  "B"),
			    "a b");
	assert_string_equal(utf8_fold(&a, "\xff"), FFFD);
	if (use_utf8()) {
		assert_string_equal(utf8_fold(&a, "\xc3\x89T\xc3\x89"), "\xc3\xa9t\xc3\xa9");
		assert_string_equal(utf8_fold(&a, "\xd0\x96\xe3\x80\x80\xce\xa9"),
				    "\xd0\xb6 \xcf\x89");
	}
	use_c();
	arena_clear(&a);
}

static void test_to_ascii(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"plain\n\t\x1b", "plain\n\t\x1b"},
		{"\xe2\x80\x9cso\xe2\x80\x9d \xe2\x80\x98x\xe2\x80\x99", "\"so\" 'x'"},
		{"a\xe2\x80\x93"
		 "b\xe2\x80\x94"
		 "c\xe2\x80\xa6",
		 "a-b--c..."},
		{"\xe2\x86\x90\xe2\x86\x92\xe2\x87\x92", "<-->=>"},
		{"\xe2\x94\x8c\xe2\x94\x80\xe2\x94\xac\xe2\x94\x90\xe2\x94\x82", "+-++|"},
		{"\xe2\x89\xa4\xe2\x89\xa5\xe2\x89\xa0\xc3\x97", "<=>=!=x"},
		{"\xe2\x80\xa2 \xe2\x9c\x93 \xe2\x9c\x97", "* + x"},
		{"\xe4\xb8\xad\xc3\xa9\xff", "???"},
		{"e\xcc\x81", "e"},
		{"a\xc2\xa0"
		 "b",
		 "a b"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str out = {0};
		utf8_to_ascii(&out, cases[i][0], strlen(cases[i][0]));
		assert_string_equal(str_c(&out), cases[i][1]);
		str_clear(&out);
	}
}

/* Any code point gives ASCII: the table is in order and has no hole that is read wrongly. */
static void test_to_ascii_all(void **state)
{
	(void)state;
	for (uint32_t cp = 1; cp < 0x30000; cp++) {
		char bytes[4];
		struct str out = {0};
		if (!is_scalar(cp))
			continue;
		utf8_to_ascii(&out, bytes, (size_t)utf8_encode(cp, bytes));
		for (size_t i = 0; i < out.len; i++)
			assert_true((unsigned char)out.p[i] < 0x80);
		if (cp >= 0x2500 && cp <= 0x2593 && (out.len != 1 || out.p[0] == '?'))
			fail_msg("U+%04X gives \"%s\"", (unsigned)cp, str_c(&out));
		str_clear(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_all_pairs),
		cmocka_unit_test(test_invalid_at),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_width_is_wcwidth),
		cmocka_unit_test(test_width_without_locale),
		cmocka_unit_test(test_width_agrees),
		cmocka_unit_test(test_columns_and_fit),
		cmocka_unit_test(test_sanitize),
		cmocka_unit_test(test_sanitize_any_bytes),
		cmocka_unit_test(test_clean_and_ellipsis),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_to_ascii),
		cmocka_unit_test(test_to_ascii_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
