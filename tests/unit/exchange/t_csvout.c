/* t_csvout.c -- delimited text: quotes where they are needed, formulas made harmless where asked.
 */
#include "exchange/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* One record of fields, as text. */
static void record(struct csv_out c, const char *const *fields, size_t n, const char *want)
{
	struct str out = {0};
	c.out = &out;
	for (size_t i = 0; i < n; i++)
		csv_field(&c, fields[i], strlen(fields[i]));
	csv_end(&c);
	assert_string_equal(str_c(&out), want);
	str_clear(&out);
}

#define FIELDS(...) \
	(const char *const[]){__VA_ARGS__}, ARRAY_LEN(((const char *const[]){__VA_ARGS__}))

static void quotes_where_needed(void **state)
{
	const struct csv_out comma = {.separator = ','}, tab = {.separator = '\t'};
	(void)state;
	record(comma, FIELDS("a", "b c", ""), "a,b c,\n");
	record(comma, FIELDS("a,b", "say \"x\"", "two\nlines", "c\rr"),
	       "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"c\rr\"\n");
	record(comma, FIELDS(" a", "b ", "a\tb"), "\" a\",\"b \",a\tb\n");
	record(tab, FIELDS("a,b", "a\tb", "\""), "a,b\t\"a\tb\"\t\"\"\"\"\n");
}

static void comments_are_quoted_first_in_a_record(void **state)
{
	const struct csv_out anki = {.separator = ',', .hash = true}, other = {.separator = ','};
	(void)state;
	record(anki, FIELDS("#a", "#b"), "\"#a\",#b\n");
	record(other, FIELDS("#a", "#b"), "#a,#b\n");
}

static void formulas_are_guarded_when_asked(void **state)
{
	const struct csv_out plain = {.separator = ',', .crlf = true, .guard = true};
	const struct csv_out exact = {.separator = ','};
	(void)state;
	record(plain, FIELDS("=1+1", "+1", "-1", "@x", "a=b", "\tx"),
	       "'=1+1,'+1,'-1,'@x,a=b,'\tx\r\n");
	record(plain, FIELDS("=\"x\"", "-a,b"), "\"'=\"\"x\"\"\",\"'-a,b\"\r\n");
	record(exact, FIELDS("=1+1", "@x"), "=1+1,@x\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_where_needed),
		cmocka_unit_test(comments_are_quoted_first_in_a_record),
		cmocka_unit_test(formulas_are_guarded_when_asked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
