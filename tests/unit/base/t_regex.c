/* t_regex.c -- patterns: flags, errors, UTF-8, and that no pattern works on without end. Bounds are
 * tested by their outcome, not by time. */
#include "base/regex.h"

#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum regex_result match_n(const char *pattern, int flags, const char *subject, size_t n)
{
	struct diags d = {0};
	struct regex *re = regex_new(pattern, flags, (struct pos){0}, &d);
	if (!re)
		fail_msg("%s: %s", pattern, d.items[0].text);
	assert_int_equal(d.errors, 0);
	char *copy = malloc(n ? n : 1); /* exactly n bytes, no NUL behind them */
	memcpy(copy, subject, n);
	enum regex_result result = regex_match(re, copy, n);
	assert_int_equal(regex_match(re, copy, n), result);
	free(copy);
	regex_free(re);
	return result;
}

struct sample {
	const char *pattern;
	int flags;
	const char *subject;
	enum regex_result want;
};

static void test_samples(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{"b", 0, "abc", REGEX_YES},
		{"x", 0, "abc", REGEX_NO},
		{"", 0, "", REGEX_YES},
		{"B", 0, "abc", REGEX_NO},
		{"B", REGEX_CASELESS, "abc", REGEX_YES},
		{"b", REGEX_WHOLE, "abc", REGEX_NO},
		{"abc", REGEX_WHOLE, "abc", REGEX_YES},
		{"ABC", REGEX_WHOLE | REGEX_CASELESS, "abc", REGEX_YES},
		/* whole: alternatives, options, comments and newlines at the end do not get around
		   it */
		{"a|ab", REGEX_WHOLE, "ab", REGEX_YES},
		{"a|b", REGEX_WHOLE, "ab", REGEX_NO},
		{"(?x) abc # comment", REGEX_WHOLE, "abc", REGEX_YES},
		{"(?i)abc", REGEX_WHOLE, "ABC", REGEX_YES},
		{"abc", REGEX_WHOLE, "abc\n", REGEX_NO},
		{"abc$", REGEX_WHOLE, "abc\n", REGEX_NO},
		{"\\Qa.c\\E", REGEX_WHOLE, "a.c", REGEX_YES},
		{"", REGEX_WHOLE, "", REGEX_YES},
		{"", REGEX_WHOLE, "a", REGEX_NO},
		/* Unicode */
		{"\xc3\x84", REGEX_CASELESS, "\xc3\xa4", REGEX_YES},
		{"^.$", 0, "\xf0\x9f\x98\x80", REGEX_YES},
		{"^\\w+$", 0, "\xc3\xa4\xd1\x83", REGEX_YES},
		{"\\d", 0, "\xd9\xa3", REGEX_YES},
		{"\\bs", REGEX_CASELESS, "\xc5\xbf", REGEX_YES},
		{"10 ?(min|minutes)", REGEX_WHOLE | REGEX_CASELESS, "10 Minutes", REGEX_YES},
		{"(?<n>a)\\k<n>", 0, "aa", REGEX_YES},
		{"(?=b)b", 0, "ab", REGEX_YES},
	};
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const struct sample *s = &samples[i];
		if (match_n(s->pattern, s->flags, s->subject, strlen(s->subject)) != s->want)
			fail_msg("/%s/ on \"%s\"", s->pattern, s->subject);
	}
}

static void test_nul_in_subject(void **state)
{
	(void)state;
	assert_int_equal(match_n("b", 0, "a\0b", 3), REGEX_YES);
	assert_int_equal(match_n("a", REGEX_WHOLE, "a\0b", 3), REGEX_NO);
	assert_int_equal(match_n("a", 0, "", 0), REGEX_NO);
}

static void test_invalid_utf8_never_matches(void **state)
{
	(void)state;
	static const char *const subjects[] = {
		"a\xff",
		"\xc0\xaf"
		"a",
		"a\xed\xa0\x80",
		"a\xe2\x82",
		"\x80"
		"a",
		"a\xf4\x90\x80\x80",
		"\xfe"
		"a",
		"a\xf8\x88\x80\x80\x80",
	};
	for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
		assert_int_equal(match_n("a", 0, subjects[i], strlen(subjects[i])), REGEX_NO);
		assert_int_equal(match_n("(*NO_JIT)a", 0, subjects[i], strlen(subjects[i])),
				 REGEX_NO);
	}
}

static void check_error(const char *pattern, const char *words)
{
	struct diags d = {0};
	assert_null(regex_new(pattern, 0, (struct pos){"f", 3, 4}, &d));
	assert_int_equal(d.errors, 1);
	assert_string_equal(d.items[0].code, "regex-syntax");
	assert_string_equal(d.items[0].pos.file, "f");
	assert_int_equal(d.items[0].pos.line, 3);
	assert_int_equal(d.items[0].pos.col, 4);
	if (!strstr(d.items[0].text, words))
		fail_msg("%s", d.items[0].text);
	diags_clear(&d);
}

static void test_errors(void **state)
{
	(void)state;
	check_error("a(b", "missing closing parenthesis at offset 3");
	check_error("[z-a]", "at offset 3");
	check_error("*", "quantifier does not follow");
	check_error("a\xff", "UTF-8");
	check_error("\\C", "offset 2");
	check_error("(?<n>a)(?<n>b)", "same name");
	check_error("(((a{1,9999}){1,9999}){1,9999})", "too large");
	assert_null(regex_new("(", 0, (struct pos){0}, NULL));
}

static void test_pattern_size(void **state)
{
	(void)state;
	char pattern[MAX_REGEX_PATTERN + 2];
	memset(pattern, 'a', sizeof(pattern));
	pattern[MAX_REGEX_PATTERN + 1] = '\0';
	check_error(pattern, "4096");
	pattern[MAX_REGEX_PATTERN] = '\0';
	assert_int_equal(match_n(pattern, 0, "a", 1), REGEX_NO);
	memset(pattern, '(', MAX_REGEX_PATTERN);
	check_error(pattern, "parentheses");
}

/* n times unit, then tail. */
static enum regex_result match_run(const char *pattern, int flags, const char *unit, size_t n,
				   const char *tail)
{
	struct str subject = {0};
	for (size_t i = 0; i < n; i++)
		str_add(&subject, unit);
	str_add(&subject, tail);
	enum regex_result result = match_n(pattern, flags, subject.p, subject.len);
	str_clear(&subject);
	return result;
}

static void test_catastrophes_end(void **state)
{
	(void)state;
	static const char *const patterns[] = {
		"(a+)+$",     "(a|aa)+$",         "(a*)*$",    "^(([a-z])+.)+[A-Z]([a-z])+$",
		"(.*a){20}$", "(?:a|a?)+$",       "((a+)+)+$", "(?=(a+)+$)",
		"(a+)+\\1$",  "(?>a+b?)*?(a+)+$",
	};
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		struct str plain = {0};
		str_addf(&plain, "(*NO_JIT)%s", patterns[i]);
		assert_int_equal(match_run(patterns[i], 0, "a", 10000, "!"), REGEX_LIMIT);
		assert_int_equal(match_run(patterns[i], REGEX_WHOLE, "a", 10000, "!"), REGEX_LIMIT);
		assert_int_equal(match_run(str_c(&plain), 0, "a", 10000, "!"), REGEX_LIMIT);
		str_clear(&plain);
	}
}

static void test_a_pattern_cannot_raise_its_limits(void **state)
{
	(void)state;
	const char *pattern =
		"(*LIMIT_MATCH=4000000000)(*LIMIT_DEPTH=4000000000)(*LIMIT_HEAP=4000000000)(a+)+$";
	assert_int_equal(match_run(pattern, 0, "a", 10000, "!"), REGEX_LIMIT);
}

static void test_recursion_ends(void **state)
{
	(void)state;
	assert_int_equal(match_run("(a(?1)?[bc])[xy]", 0, "a", 500000, ""), REGEX_LIMIT);
	assert_int_equal(match_run("(*NO_JIT)(a(?1)?[bc])[xy]", 0, "a", 500000, ""), REGEX_LIMIT);
	assert_int_equal(match_run("^(?:(a)|b)*$", 0, "a", 1000000, "!"), REGEX_LIMIT);
}

/* Little work at each of very many places is much work. */
static void test_long_searches_end(void **state)
{
	(void)state;
	assert_int_equal(match_run("(?:a{0,300}){2}[bc]", 0, "a", 1000000, ""), REGEX_LIMIT);
	assert_int_equal(match_run("a.*[bc]", 0, "a", 1000000, ""), REGEX_LIMIT);
	assert_int_equal(match_run("(?i)(\\w*)\\1[bc]", 0, "a", 1000000, ""), REGEX_LIMIT);
	assert_int_equal(match_run("\\b(\\w+) \\1\\b", 0, "no word twice, ", 10000, "but but"),
			 REGEX_YES);
	assert_int_equal(match_run("needle", 0, "hay ", 250000, "needle"), REGEX_YES);
	assert_int_equal(match_run("lim\\w+\\s+of\\b", 0, "a limit in words ", 60000, "limits of"),
			 REGEX_YES);
	assert_int_equal(match_run("x", 0, "a", MAX_REGEX_SUBJECT + 1, ""), REGEX_LIMIT);
}

static void test_free_nothing(void **state)
{
	(void)state;
	regex_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_nul_in_subject),
		cmocka_unit_test(test_invalid_utf8_never_matches),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_pattern_size),
		cmocka_unit_test(test_catastrophes_end),
		cmocka_unit_test(test_a_pattern_cannot_raise_its_limits),
		cmocka_unit_test(test_recursion_ends),
		cmocka_unit_test(test_long_searches_end),
		cmocka_unit_test(test_free_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
