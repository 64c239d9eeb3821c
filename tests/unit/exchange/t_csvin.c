/* t_csvin.c -- reading delimited text: the same records whatever the pieces, and errors where they
 * stand. */
#include "exchange/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct got {
	struct str text; /* fields in <>, a record a line with its place */
	size_t stop_after;
	size_t count;
};

static bool take(void *ctx, const struct csv_record *r)
{
	struct got *g = ctx;
	str_addf(&g->text, "%d:%d%s", r->line, r->col, r->quoted ? "q" : "");
	for (size_t i = 0; i < r->count; i++) {
		str_addc(&g->text, '<');
		str_addn(&g->text, r->fields[i].p, r->fields[i].len);
		str_addc(&g->text, '>');
	}
	str_addc(&g->text, '\n');
	return ++g->count != g->stop_after;
}

static bool read_pieces(struct got *g, const char *bytes, size_t n, size_t piece, struct diags *d)
{
	struct csv_in *c = csv_in_new("x.csv", ',', take, g);
	bool ok = true;
	csv_in_comments(c, true);
	for (size_t i = 0; ok && i < n; i += piece)
		ok = csv_in_push(c, bytes + i, piece < n - i ? piece : n - i, d);
	ok = ok && csv_in_end(c, d);
	csv_in_free(c);
	return ok;
}

static void expect(const char *bytes, const char *want)
{
	size_t n = strlen(bytes);
	for (size_t piece = 1; piece <= n + 1; piece++) {
		struct got g = {.count = 0};
		struct diags d = {0};
		assert_true(read_pieces(&g, bytes, n, piece, &d));
		assert_string_equal(str_c(&g.text), want);
		assert_int_equal(d.count, 0);
		str_clear(&g.text);
	}
}

/* The error, and what was read before it. */
static void expect_error(const char *bytes, size_t n, const char *code, int line, int col,
			 const char *before)
{
	for (size_t piece = 1; piece <= n; piece++) {
		struct got g = {.count = 0};
		struct diags d = {0};
		assert_false(read_pieces(&g, bytes, n, piece, &d));
		assert_int_equal(d.count, 1);
		assert_string_equal(d.items[0].code, code);
		assert_string_equal(d.items[0].pos.file, "x.csv");
		assert_int_equal(d.items[0].pos.line, line);
		assert_int_equal(d.items[0].pos.col, col);
		assert_string_equal(str_c(&g.text), before);
		str_clear(&g.text);
		diags_clear(&d);
	}
}

static void test_records(void **state)
{
	(void)state;
	expect("a,b\nc,d\n", "1:1<a><b>\n2:1<c><d>\n");
	expect("a,b\r\nc,d", "1:1<a><b>\n2:1<c><d>\n");
	expect("a\rb\r\rc", "1:1<a>\n2:1<b>\n4:1<c>\n");
	expect("\n\n\na\n\n", "4:1<a>\n");
	expect(",\n", "1:1<><>\n");
	expect("a,", "1:1<a><>\n");
	expect(",,a", "1:1<><><a>\n");
	expect("\"\"", "1:1q<>\n");
	expect("\"a,b\",\"c\"\"d\"\n", "1:1q<a,b><c\"d>\n");
	expect("\"a\nb\r\nc\",d\ne", "1:1q<a\nb\r\nc><d>\n4:1<e>\n");
	expect("a\"b,c", "1:1<a\"b><c>\n");
	expect("é,ü€😀\n", "1:1<é><ü€😀>\n");
	expect("\xef\xbb\xbf"
	       "a,b",
	       "1:1<a><b>\n");
	expect("#comment, \"open\n#\r\na,#b\n\"#c\"", "3:1<a><#b>\n4:1q<#c>\n");
}

static void test_errors(void **state)
{
	static const char nul[] = "a,b\nc\0d";
	static const char utf16[] = "\xff\xfe"
				    "a\0b\0";
	(void)state;
	expect_error("a\n\"b", 4, "csv-open", 2, 1, "1:1<a>\n");
	expect_error("a,\"b\nc", 6, "csv-open", 1, 3, "");
	expect_error("\"a\"b", 4, "csv-quote", 1, 4, "");
	expect_error("\xc3\xa9,\"a\" ", 7, "csv-quote", 1, 6, "");
	expect_error(nul, 7, "csv-nul", 2, 2, "1:1<a><b>\n");
	expect_error("a\nb\xe4"
		     "c",
		     5, "csv-utf8", 2, 2, "1:1<a>\n");
	expect_error("a\xe2\x82", 3, "csv-utf8", 1, 2, "");
	expect_error("a\xe2\x82,b", 5, "csv-utf8", 1, 2, "");
	expect_error(utf16, 6, "csv-utf8", 1, 1, "");
}

static void test_limits(void **state)
{
	struct csv_in *c;
	struct got g = {.count = 0};
	struct diags d = {0};
	static char block[65536];
	bool ok = true;
	(void)state;
	memset(block, 'x', sizeof(block));
	c = csv_in_new("x.csv", ',', take, &g);
	for (int i = 0; ok && i < 100; i++)
		ok = csv_in_push(c, block, sizeof(block), &d);
	assert_false(ok);
	assert_string_equal(d.items[0].code, "csv-too-long");
	csv_in_free(c);
	diags_clear(&d);
	memset(block, ',', sizeof(block));
	c = csv_in_new("x.csv", ',', take, &g);
	assert_false(csv_in_push(c, block, sizeof(block), &d));
	assert_string_equal(d.items[0].code, "csv-too-many");
	assert_int_equal(d.items[0].pos.col, MAX_CSV_FIELDS + 1);
	csv_in_free(c);
	diags_clear(&d);
	str_clear(&g.text);
}

static void test_stop(void **state)
{
	struct got g = {.stop_after = 2};
	struct diags d = {0};
	(void)state;
	assert_false(read_pieces(&g, "a\nb\nc\n", 6, 6, &d));
	assert_int_equal(d.count, 0);
	assert_string_equal(str_c(&g.text), "1:1<a>\n2:1<b>\n");
	str_clear(&g.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
