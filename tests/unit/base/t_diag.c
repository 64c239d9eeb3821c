/* t_diag.c -- diagnostics: counted, bounded, neutralised, sorted, printed. */
#include "base/diag.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What diags_print says, on the heap. */
static char *printed(const struct diags *d)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	diags_print(d, out);
	fclose(out);
	return text;
}

static void assert_prints(const struct diags *d, const char *expected)
{
	char *text = printed(d);
	assert_string_equal(text, expected);
	free(text);
}

static void test_add(void **state)
{
	(void)state;
	struct diags d = {0};
	char file[] = "a.yaml";
	struct pos at = {file, 12, 5};
	assert_string_equal(diags_first(&d), "");
	diag_note(&d, at, "n", "see %d", 1);
	assert_string_equal(diags_first(&d), "see 1");
	diag_warn(&d, at, "w", "odd");
	assert_false(diag_error(&d, at, "e", "unknown key \"%s\"", "anwser"));
	assert_false(diag_fail(&d, "f", "no room"));
	file[0] = 'b';
	assert_int_equal(d.count, 4);
	assert_int_equal(d.errors, 2);
	assert_int_equal(d.warnings, 1);
	assert_string_equal(diags_first(&d), "unknown key \"anwser\"");
	assert_prints(&d, "a.yaml:12:5: note: see 1 [n]\n"
			  "a.yaml:12:5: warning: odd [w]\n"
			  "a.yaml:12:5: error: unknown key \"anwser\" [e]\n"
			  "gatedrill: no room\n");
	diags_clear(&d);
	assert_int_equal(d.count, 0);
	assert_int_equal(d.errors, 0);
}

static void test_without_line(void **state)
{
	(void)state;
	struct diags d = {0};
	diag_error(&d, (struct pos){.file = "x"}, "c", "t");
	assert_prints(&d, "x: error: t [c]\n");
	diags_clear(&d);
}

static void test_null(void **state)
{
	(void)state;
	assert_false(diag_error(NULL, (struct pos){0}, "c", "t %d", 1));
	assert_false(diag_fail(NULL, "c", "t"));
	diag_warn(NULL, (struct pos){0}, "c", "t");
	diag_note(NULL, (struct pos){0}, "c", "t");
}

static void test_neutralised(void **state)
{
	(void)state;
	struct diags d = {0};
	diag_error(&d, (struct pos){"a\x1b]0;x\a", 1, 1}, "c", "key \"%s\"", "\x1b[2J\nrm\xff");
	assert_string_equal(d.items[0].text, "key \"\xef\xbf\xbd[2J\xef\xbf\xbdrm\xef\xbf\xbd\"");
	assert_prints(&d, "a\xef\xbf\xbd]0;x\xef\xbf\xbd:1:1: error: key "
			  "\"\xef\xbf\xbd[2J\xef\xbf\xbdrm\xef\xbf\xbd\" [c]\n");
	diags_clear(&d);
}

static void test_bounded(void **state)
{
	(void)state;
	struct diags d = {0};
	for (int i = 0; i < MAX_DIAGS - 1; i++)
		diag_error(&d, (struct pos){0}, "c", "%d", i);
	diag_note(&d, (struct pos){0}, "c", "the last kept");
	char *text = printed(&d);
	assert_true(str_ends(text, "gatedrill: the last kept\n"));
	free(text);
	diag_error(&d, (struct pos){0}, "c", "not kept");
	text = printed(&d);
	assert_true(str_ends(text, "gatedrill: 1 more message is not shown\n"));
	free(text);
	diag_warn(&d, (struct pos){0}, "c", "not kept");
	text = printed(&d);
	assert_true(str_ends(text, "kept\ngatedrill: 2 more messages are not shown\n"));
	free(text);
	assert_int_equal(d.count, MAX_DIAGS);
	assert_int_equal(d.errors, MAX_DIAGS);
	assert_int_equal(d.warnings, 1);
	diags_clear(&d);
}

static void test_append(void **state)
{
	(void)state;
	struct diags a = {0}, b = {0};
	diag_warn(&a, (struct pos){"f", 3, 1}, "w", "first");
	diag_error(&b, (struct pos){"g", 4, 2}, "e", "second");
	diags_append(&a, &b);
	diags_clear(&b);
	assert_int_equal(a.errors, 1);
	assert_int_equal(a.warnings, 1);
	assert_prints(&a, "f:3:1: warning: first [w]\ng:4:2: error: second [e]\n");
	diags_clear(&a);
}

static void test_sort(void **state)
{
	(void)state;
	struct diags d = {0};
	diag_error(&d, (struct pos){"b", 1, 1}, "c", "6");
	diag_error(&d, (struct pos){"a", 10, 1}, "c", "5");
	diag_error(&d, (struct pos){"a", 2, 9}, "c", "3");
	diag_error(&d, (struct pos){"a", 2, 9}, "c", "4");
	diag_error(&d, (struct pos){"a", 2, 1}, "c", "2");
	diag_fail(&d, "c", "1");
	diags_sort(&d);
	for (size_t i = 0; i < d.count; i++)
		assert_int_equal(d.items[i].text[0], '1' + (int)i);
	diags_clear(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),     cmocka_unit_test(test_without_line),
		cmocka_unit_test(test_null),    cmocka_unit_test(test_neutralised),
		cmocka_unit_test(test_bounded), cmocka_unit_test(test_append),
		cmocka_unit_test(test_sort),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
