/* t_javaregex.c -- Java's patterns: what is rewritten, what is refused, replacing and splitting.
 * That the whole is Java's is shown by tests/oracle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/javaregex.h"

#include <stdlib.h>
#include <string.h>

static struct regex *compile(const char *pattern, bool whole)
{
	struct diags d = {0};
	struct regex *re = javaregex_compile(pattern, strlen(pattern), whole, (struct pos){0}, &d);
	assert_true((re == NULL) == (d.errors > 0));
	diags_clear(&d);
	return re;
}

struct sample {
	const char *pattern, *text;
	bool want;
};

static void check(const struct sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct regex *re = compile(samples[i].pattern, true);
		if (!re)
			fail_msg("%s is refused", samples[i].pattern);
		enum regex_result r = regex_match(re, samples[i].text, strlen(samples[i].text));
		if (r != (samples[i].want ? REGEX_YES : REGEX_NO))
			fail_msg("%s, %s", samples[i].pattern, samples[i].text);
		regex_free(re);
	}
}

static void test_matches(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{".*Error.*", "an Error here", true},
		{".*Error.*", "an Error\nhere", false},
		{"(\\n|.)+", "an Error\nhere", true},
		{"Malformed*", "Malformed: x", false},
		{"4\\d{2}", "404", true},
		{"4\\d{2}", "4\xd9\xa0\xd9\xa0", false}, /* Arabic digits */
		{"\\w+", "\xc3\xa4", false},
		{"(?U)\\w+", "\xc3\xa4", true},
		{"\\s", "\xc2\xa0", false},
		{".", "\xc2\x85", false},
		{".", "\xe2\x80\xa8", false},
		{".", "\xf0\x9f\x98\x80", true},
		{"(?s).", "\n", true},
		{"(?d).", "\r", true},
		{"a$\\n", "a\n", true},
		{"a\\z\\n", "a\n", false},
		{"(?m)a$.*^b(?s).*", "a\nb", false},
		{"(?ms)a$.*^b.*", "a\r\nb", true},
		{"[a-z&&[^aeiou]]+", "xyz", true},
		{"[a-z&&[^aeiou]]+", "xaz", false},
		{"[a-d[m-p]]+", "am", true},
		{"[^a-d[m-p]]+", "am", false},
		{"[]a]+", "]a", true},
		{"[\\w.%+-]+@[\\w.-]+", "a.b+c@d-e.f", true},
		{"\\p{Alpha}\\P{Digit}\\p{Punct}", "ax!", true},
		{"\\p{javaUpperCase}\\p{IsLatin}\\p{L}\\pN", "Aab1", true},
		{"\\Qa.b\\E", "a.b", true},
		{"\\Qa.b", "a.b", true},
		{"\\Qa.b\\E+", "a.bb", true},
		{"[\\Q]^\\E]+", "]^", true},
		{"\\u0041\\x42\\x{43}\\0104", "ABCD", true},
		{"\\uD83D\\uDE00", "\xf0\x9f\x98\x80", true},
		{"(?i)stra\xc3\x9f"
		 "e k",
		 "STRA\xc3\x9f"
		 "E K",
		 true},
		{"(?i)\xc3\xa4", "\xc3\x84", false},
		{"(?iu)\xc3\xa4", "\xc3\x84", true},
		{"(?i)k", "\xe2\x84\xaa", false},
		{"(?x) a b # c\n c", "abc", true},
		{"(?x)[a b]+", "ab", true},
		{"(a)(?i:B)\\1", "aba", true},
		{"(?<y>a)\\k<y>", "aa", true},
		{"a{2}+b*+", "aab", true},
		{"(?=a)(?!b)(?<=)(?<!c)a", "a", true},
		{"^Bearer [-0-9a-zA-Z\\._]*$", "Bearer a.b-c_d", true},
		{"\\R", "\r\n", true},
		{"", "", true},
		{"", "a", false},
		{"a|", "", true},
		{"]}", "]}", true},
	};
	check(samples, ARRAY_LEN(samples));
}

static void test_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"(",         ")",      "[",           "[a",     "*a",      "a**",  "a|*",
		"(*ACCEPT)", "(*UTF)", "(?",          "(?q)",   "(?<1>a)", "(?<a", "\\",
		"\\y",       "\\k<a>", "\\p{Nope}",   "\\p{x",  "a{",      "a{x}", "a{,2}",
		"[z-a]",     "[&&]",   "\\x{110000}", "\\xg",   "\\u12",   "\\08", "\\N{x}",
		"(?<=a*)",   "\\b{g}", "a{70000}",    "\xff",   "(?R)",    "(?1)", "(?P<a>b)",
		"\\C",       "\\K",    "(?C1)a",      "\\g{1}",
	};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (compile(bad[i], true))
			fail_msg("%s", bad[i]);
	char deep[2 * 600 + 1];
	memset(deep, '(', 600);
	memset(deep + 600, ')', 600);
	deep[1200] = '\0';
	assert_null(compile(deep, true));
	memset(deep, '[', 600);
	assert_null(compile(deep, true));
	char *longest = malloc(MAX_REGEX_PATTERN + 2);
	memset(longest, '.', MAX_REGEX_PATTERN + 1);
	longest[MAX_REGEX_PATTERN + 1] = '\0';
	assert_null(compile(longest, true));
	free(longest);
}

/* JavaScript's, for schemas: anywhere in the text. */
static void test_ecma(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{"^a", "ab", true},     {"b", "abc", true},       {"^a$", "a\n", false},
		{"[[a]", "[", true},    {"[a&&b]", "&", true},    {"\\d", "\xd9\xa0", false},
		{"a\\/b", "a/b", true}, {"^\\S+$", "a b", false}, {"^(a|b)+$", "abab", true},
	};
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct regex *re = ecmaregex_compile(samples[i].pattern, strlen(samples[i].pattern),
						     (struct pos){0}, NULL);
		assert_non_null(re);
		if ((regex_match(re, samples[i].text, strlen(samples[i].text)) == REGEX_YES) !=
		    samples[i].want)
			fail_msg("%s, %s", samples[i].pattern, samples[i].text);
		regex_free(re);
	}
}

static void test_replace(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *text, *with, *all, *first; /* NULL: an error */
	} rows[] = {
		{"a", "banana", "o", "bonono", "bonana"},
		{"(a)(n)", "banana", "$2$1", "bnanaa", "bnaana"},
		{"a", "banana", "\\$", "b$n$n$", "b$nana"},
		{"a", "banana", "$", NULL, NULL},
		{"a", "banana", "\\", NULL, NULL},
		{"a", "banana", "$1", NULL, NULL},
		{"x", "banana", "$1", "banana", "banana"},
		{"(?<v>a)", "banana", "[${v}]", "b[a]n[a]n[a]", "b[a]nana"},
		{"a", "a", "${v}", NULL, NULL},
		{"a", "a", "${v", NULL, NULL},
		{"(a)", "a", "$12", "a2", "a2"},
		{"(a)|b", "ab", "[$1]", "[a][]", "[a]b"},
		{"", "ab", "-", "-a-b-", "-ab"},
		{"x*", "axb", "-", "-a--b-", "-axb"},
		{"\\\\'", "it\\'s", "'", "it's", "it's"},
		{"$", "a\n", "-", "a-\n-", "a-\n"},
		{"^", "ab", "-", "-ab", "-ab"},
		{"", "\xc3\xa4", "-", "-\xc3\xa4-", "-\xc3\xa4"},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (int all = 0; all <= 1; all++) {
			struct regex *re = compile(rows[i].pattern, false);
			struct str out = {0};
			const char *error = NULL;
			const char *want = all ? rows[i].all : rows[i].first;
			str_add(&out, "=");
			bool ok = javaregex_replace(
				re, (struct slice){rows[i].text, strlen(rows[i].text)},
				(struct slice){rows[i].with, strlen(rows[i].with)}, all, &out,
				&error);
			assert_true(ok == (error == NULL));
			if (!ok && want)
				fail_msg("%s: %s", rows[i].pattern, error);
			assert_string_equal(str_c(&out) + 1, want ? want : "");
			str_clear(&out);
			regex_free(re);
		}
	}
}

static void test_split(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *text;
		int limit;
		const char *want; /* pieces, each ended by '|' */
	} rows[] = {
		{",", "a,b,c", 0, "a|b|c|"},
		{",", "a,b,,", 0, "a|b|"},
		{",", "a,b,,", -1, "a|b|||"},
		{",", "a,b,c", 2, "a|b,c|"},
		{",", "a,b,c", 1, "a,b,c|"},
		{",", ",a", 0, "|a|"},
		{",", "", 0, "|"},
		{",", ",", 0, ""},
		{"x", "abc", 0, "abc|"},
		{"", "abc", 0, "a|b|c|"},
		{"\\s*", "a b", 0, "a||b|"},
		{"(?=b)", "abab", 0, "a|ba|b|"},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = {0};
		struct str out = {0};
		size_t n;
		struct regex *re = compile(rows[i].pattern, false);
		struct slice *pieces =
			javaregex_split(&a, re, (struct slice){rows[i].text, strlen(rows[i].text)},
					rows[i].limit, &n);
		assert_non_null(pieces);
		for (size_t k = 0; k < n; k++)
			str_addf(&out, "%.*s|", (int)pieces[k].len, pieces[k].p);
		assert_string_equal(str_c(&out), rows[i].want);
		str_clear(&out);
		regex_free(re);
		arena_clear(&a);
	}
}

static void test_bounds(void **state)
{
	(void)state;
	struct str text = {0}, out = {0};
	struct arena a = {0};
	const char *error;
	size_t n;
	for (int i = 0; i < 5000; i++)
		str_add(&text, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,");
	str_addc(&text, 'b');
	struct slice subject = {str_c(&text), text.len};
	struct regex *slow = compile("(a+)+b", false);
	assert_false(javaregex_replace(slow, subject, (struct slice){"", 0}, true, &out, &error));
	assert_null(javaregex_split(&a, slow, subject, 0, &n));
	regex_free(slow);
	struct regex *grows = compile("a", false);
	str_reset(&text);
	for (int i = 0; i < 100; i++)
		str_add(&text, "aaaaaaaaaa");
	struct str with = {0};
	for (int i = 0; i < 20000; i++)
		str_addc(&with, 'x');
	assert_false(javaregex_replace(grows, (struct slice){text.p, text.len},
				       (struct slice){with.p, with.len}, true, &out, &error));
	assert_int_equal(out.len, 0);
	regex_free(grows);
	str_clear(&with);
	str_clear(&text);
	str_clear(&out);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_ecma),    cmocka_unit_test(test_replace),
		cmocka_unit_test(test_split),   cmocka_unit_test(test_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
