/* t_jsonlenient.c -- what json-smart's permissive mode makes of texts that are JSON, nearly JSON or
 * none at all. The answers are those of json-smart 2.2. */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The tree written again; NULL: refused. The text has no byte behind its end. */
static bool outcome(struct str *out, const char *text, size_t n)
{
	struct arena a = {0};
	struct node *root;
	char *copy = malloc(n ? n : 1);
	memcpy(copy, text, n);
	str_reset(out);
	bool ok = json_read_lenient(&a, (struct slice){copy, n}, &root);
	if (ok)
		json_write(out, root);
	else
		assert_null(root);
	free(copy);
	arena_clear(&a);
	return ok;
}

static const struct {
	const char *text, *want; /* NULL: refused */
} cases[] = {
	{"{\"a\":[1,-2.5e3,true,false,null,\"x\"]}", "{\"a\":[1,-2.5e3,true,false,null,\"x\"]}"},
	{" {} ", "{}"},
	{"[]", "[]"},
	/* no JSON: a text */
	{"", "\"\""},
	{"  ", "\"\""},
	{"a[", "\"a[\""},
	{"null{", "\"null{\""},
	{"true{", "\"true{\""},
	{" to{qoz ", "\"to{qoz\""},
	{"a,b", "\"a,b\""},
	{"a:b", "\"a:b\""},
	{"nul", "\"nul\""},
	{"\xc3\xa9", "\"\xc3\xa9\""},
	{".5", "\".5\""},
	{"+1", "\"+1\""},
	{"1x", "\"1x\""},
	{"1 2", "\"1 2\""},
	{"1e", "\"1e\""},
	{"0x10", "\"0x10\""},
	/* quotes and words */
	{"'x'", "\"x\""},
	{"{'a':'b'}", "{\"a\":\"b\"}"},
	{"{a:1}", "{\"a\":1}"},
	{"{a:b c}", "{\"a\":\"b c\"}"},
	{"{a b : c}", "{\"a b\":\"c\"}"},
	{"[a b,c]", "[\"a b\",\"c\"]"},
	{"[1 2]", "[\"1 2\"]"},
	{"{\"a\":1 \"b\":2}", "{\"a\":\"1 \\\"b\\\":2\"}"},
	{"{\"a\":tru}", "{\"a\":\"tru\"}"},
	{"\"a\" b", "\"a\""},
	{"{\"a\":1}x", "{\"a\":1}"},
	/* commas */
	{"[1,]", "[1]"},
	{"[,1]", "[1]"},
	{"[1,,2]", "[1,2]"},
	{"[\"a\" \"b\"[]]", "[\"a\",\"b\",[]]"},
	{"{\"a\":1,}", "{\"a\":1}"},
	/* the last of a key given twice */
	{"{\"a\":1,\"a\":2}", "{\"a\":2}"},
	/* numbers as JSON has them */
	{"01", "1"},
	{"-", "0"},
	{"-0", "0"},
	{"-0.0", "-0.0"},
	{"1.", "1.0"},
	{"1.e2", "1.0e2"},
	{"-007.5", "-7.5"},
	{"-.5", "-0.5"},
	{"1e+x", "\"1e+x\""},
	{"[00]", "[0]"},
	{"12345678901234567890", "12345678901234567890"},
	/* escapes; controls are left out */
	{"\"\\u00e9\\n\\t\\/\\\\\\\"\\'\"", "\"\xc3\xa9\\n\\t/\\\\\\\"'\""},
	{"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""},
	{"\"\\ud83d\"", "\"\xef\xbf\xbd\""},
	{"\"\\x41\"", "\"A\""},
	{"\"a\nb\x7f\"", "\"a\\nb\\u007f\""},
	{"\"a\nb\x7f\\t\"", "\"ab\\t\""},
	{"\"a\\\xc3\xa9\"", "\"a\""},
	/* broken in the middle */
	{"{", NULL},
	{"-.", NULL},
	{"-e5", NULL},
	{"1e+", NULL},
	{"[1.5e-]", NULL},
	{"[", NULL},
	{"]", NULL},
	{"}", NULL},
	{"{a", NULL},
	{"\"a", NULL},
	{"'x", NULL},
	{"\"a\\", NULL},
	{"\"\\u12\"", NULL},
	{"{\"a\":}", NULL},
	{"{\"a\" 1}", NULL},
	{"{\"a\":\"1\" \"b\":2}", NULL},
	{"[1}", NULL},
	{"{{}:1}", NULL},
	{"\"\xff\"", NULL},
};

static void test_table(void **state)
{
	(void)state;
	struct str out = {0};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool ok = outcome(&out, cases[i].text, strlen(cases[i].text));
		if (ok != (cases[i].want != NULL) || (ok && strcmp(str_c(&out), cases[i].want)))
			print_error("%s gives %s\n", cases[i].text, ok ? str_c(&out) : "refused");
		assert_int_equal(ok, cases[i].want != NULL);
		if (ok)
			assert_string_equal(str_c(&out), cases[i].want);
	}
	str_clear(&out);
}

static void test_limits(void **state)
{
	(void)state;
	struct str text = {0}, out = {0};
	for (int i = 0; i < MAX_TREE_DEPTH; i++)
		str_add(&text, "[");
	for (int i = 0; i < MAX_TREE_DEPTH; i++)
		str_add(&text, "]");
	assert_true(outcome(&out, text.p, text.len));
	str_reset(&text);
	for (int i = 0; i < 100000; i++)
		str_add(&text, "[");
	assert_false(outcome(&out, text.p, text.len));
	str_clear(&text);
	str_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
