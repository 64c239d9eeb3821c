/* t_trace.c -- traces as pictures: lines of the list, heads, stages, details; at every width, in
 * ASCII, and with hostile bytes; and the filter over them. */
#include "pagetext.h"
#include "tui/trace.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct gw_trace throttled = {
	.number = 3,
	.kind = GW_TRACE_REQUEST,
	.began_ms = 1763629200000, /* 09:00:00 UTC */
	.total_us = 430,
	.api = "shop",
	.stage = "dev",
	.method = "GET",
	.path = "/dev/products/42",
	.target = "/dev/products/42?x=1",
	.resource = "/products/{id}",
	.request_id = "r-1",
	.status = 429,
	.error = "THROTTLED",
	.rows = {[GW_STEP_STAGE] = {GW_PASSED, 10, NULL, NULL},
		 [GW_STEP_ROUTE] = {GW_PASSED, 20, "matched GET /products/{id}", NULL},
		 [GW_STEP_POLICY] = {GW_NONE, 0, NULL, NULL},
		 [GW_STEP_API_KEY] = {GW_PASSED, 20, "found, plan \"bronze\"", NULL},
		 [GW_STEP_THROTTLE] = {GW_REFUSED, 10, "bucket empty: rate 5, burst 2", NULL}},
};

static struct page page;
static struct arena arena;

static int setup(void **state)
{
	(void)state;
	page_reset(&page, 74, false);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	page_clear(&page);
	arena_clear(&arena);
	return 0;
}

static const char *drawn(void)
{
	return page_text(&arena, &page);
}

static void expect_within(int width)
{
	for (size_t i = 0; i < page.count; i++)
		assert_true(page.lines[i].cols <= width);
}

/* ---- pictures ------------------------------------------------------------------------ */

static void stages_are_rows(void **state)
{
	(void)state;
	trace_head(&page, &throttled);
	trace_draw(&page, &throttled, GW_STEP_THROTTLE, false);
	assert_string_equal(
		drawn(),
		"GET /dev/products/42?x=1               429 Too Many Requests        0.4 ms\n"
		"   1 stage                  passed                                    0.01\n"
		"   2 route                  matched GET /products/{id}                0.02\n"
		"   3 resource policy        none                                      0.00\n"
		"   4 API key                found, plan \"bronze\"                      0.02\n"
		"▸ ✗  5 throttling             refused: bucket empty: rate 5, burst 2    0.01\n"
		"   6 integration            not reached                                  -\n");
	expect_within(74);
}

/* Without colour, and without UTF-8, the failing stage still has a sign and a word. */
static void ascii_says_the_same(void **state)
{
	(void)state;
	page_reset(&page, 54, true);
	trace_draw(&page, &throttled, -1, true);
	const char *text = drawn();
	for (const char *p = text; *p; p++)
		assert_true((unsigned char)*p < 128);
	assert_non_null(strstr(text, "x 10 throttling"));
	assert_non_null(strstr(text, "refused: bucket"));
	assert_int_equal(page.count, GW_STEP_COUNT);
	expect_within(54);
}

static void the_list_has_columns(void **state)
{
	struct trace_columns c;
	(void)state;
	trace_columns(&c, 74);
	page_line(&page);
	trace_titles_draw(&page, &c);
	trace_line_draw(&page, &c, &throttled, 60, false);
	assert_string_equal(
		drawn(),
		"time      code kind      path                  how it ended             ms\n"
		"10:00:00  429  GET       /dev/products/42?x=1  THROTTLED               0.4\n");
}

static void narrow_lists_leave_columns_out(void **state)
{
	static const int widths[] = {94, 74, 54, 44, 38, 20};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
		struct trace_columns c;
		page_reset(&page, widths[i], false);
		trace_columns(&c, widths[i]);
		trace_line_draw(&page, &c, &throttled, 0, true);
		trace_head(&page, &throttled);
		trace_draw(&page, &throttled, 0, true);
		expect_within(widths[i]);
		assert_non_null(strstr(drawn(), "429"));
	}
}

/* What was set up for nothing goes first, the one that decides stays. */
static void brief_keeps_what_decides(void **state)
{
	(void)state;
	for (int rows = 6; rows >= 1; rows--) {
		page_reset(&page, 74, false);
		trace_brief_draw(&page, &throttled, rows);
		assert_int_equal(page.count, rows);
		assert_non_null(strstr(drawn(), "throttling"));
		assert_true((rows == 6) == (strstr(drawn(), "resource policy") != NULL));
	}
}

static void json_is_laid_out(void **state)
{
	struct gw_detail answer = {"answer", "{\"a\":[1,{\"b\":\"c\"}],\"n\":1.50}", NULL};
	struct gw_detail plan = {"usage plan", "bronze", &answer};
	(void)state;
	trace_details_draw(&page, &plan, 2);
	assert_string_equal(drawn(), "  usage plan                bronze\n"
				     "  answer\n"
				     "    {\n"
				     "      \"a\": [\n"
				     "        1,\n"
				     "        {\n"
				     "          \"b\": \"c\"\n"
				     "        }\n"
				     "      ],\n"
				     "      \"n\": 1.50\n"
				     "    }\n");
}

static void what_is_no_json_stays(void **state)
{
	(void)state;
	trace_text_draw(&page, "{\"a\": \n$input.path('$')\r\n}", 0);
	assert_string_equal(drawn(), "{\"a\":\n$input.path('$')\n}\n");
}

/* ---- hostile ------------------------------------------------------------------------- */

static void nothing_hostile_is_drawn(void **state)
{
	static const char evil[] = "/\x1b]0;owned\x07\x1b[2J\r\xff\xfe\xc0\x80\xe2\x80\xae"
				   "abc";
	struct gw_detail header = {evil, evil, NULL};
	struct gw_trace t = throttled;
	struct trace_columns c;
	(void)state;
	t.method = t.path = t.target = t.resource = t.error = evil;
	t.rows[GW_STEP_ROUTE].summary = evil;
	trace_columns(&c, 74);
	trace_line_draw(&page, &c, &t, 0, false);
	trace_head(&page, &t);
	trace_draw(&page, &t, -1, true);
	trace_details_draw(&page, &header, 4);
	trace_text_draw(&page, evil, 0);
	for (const char *p = drawn(); *p; p++)
		assert_true((unsigned char)*p >= ' ' || *p == '\n');
	assert_null(strstr(drawn(), "\xe2\x80\xae"));
	expect_within(74);
}

static void long_texts_end(void **state)
{
	char *text = arena_alloc(&arena, 200001);
	(void)state;
	memset(text, '\n', 200000);
	trace_text_draw(&page, text, 0);
	assert_true(page.count < 3000);
	assert_non_null(strstr(drawn(), "bytes more"));
}

/* ---- words --------------------------------------------------------------------------- */

static void kinds_have_words(void **state)
{
	struct gw_trace t = throttled;
	char ms[16];
	(void)state;
	t.kind = GW_TRACE_DISCONNECT;
	assert_string_equal(trace_verb(&t), "closed");
	t.kind = GW_TRACE_MESSAGE;
	t.resource = "sendMessage";
	assert_string_equal(trace_path(&t), "sendMessage");
	t = throttled;
	t.target = "/_aws/execute-api/shop/dev/x";
	assert_string_equal(trace_path(&t), "shop/dev/x");
	t.error = NULL;
	assert_string_equal(trace_ending(&t), "throttling");
	trace_ms(ms, 7);
	assert_string_equal(ms, "0.01");
	trace_ms(ms, 1203456);
	assert_string_equal(ms, "1203");
}

/* ---- filter -------------------------------------------------------------------------- */

static void filters(void **state)
{
	static const struct {
		const char *filter;
		bool passes;
	} cases[] = {
		{"", true},
		{"  ", true},
		{"429", true},
		{"4xx", true},
		{"4XX", true},
		{"5xx", false},
		{"200", false},
		{"get", true},
		{"POST", false},
		{"products", true},
		{"PRODUCTS 4xx", true},
		{"products 5xx", false},
		{"-products", false},
		{"-orders", true},
		{"-", true},
		{"shop", true},
		{"api:shop stage:dev", true},
		{"api:sho", false},
		{"stage:prod", false},
		{"path:42", true},
		{"path:throttled", false},
		{"route:{id}", true},
		{"error:throttled", true},
		{"-error:throttled", false},
		{"kind:request", true},
		{"kind:connect", false},
		{"status:4xx", true},
		{"status:", true},
		{"conn:abc", false},
		{"x:y", false},
		{"x=1", true},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (trace_passes(&throttled, cases[i].filter) != cases[i].passes)
			fail_msg("filter \"%s\"", cases[i].filter);
}

static void nothing_known_is_filtered_too(void **state)
{
	static const struct gw_trace empty;
	(void)state;
	assert_true(trace_passes(&empty, ""));
	assert_false(trace_passes(&empty, "shop"));
	assert_false(trace_passes(&empty, "path:x route:x conn:x"));
	assert_true(trace_passes(&empty, "-4xx"));
}

/* ---- kept ---------------------------------------------------------------------------- */

static void a_kept_trace_stays(void **state)
{
	struct kept_trace k = {0};
	struct gw_trace t = throttled;
	char path[] = "/dev/gone";
	(void)state;
	assert_null(kept_trace(&k));
	t.path = path;
	kept_trace_set(&k, &t);
	path[1] = 'X';
	assert_string_equal(kept_trace(&k)->path, "/dev/gone");
	assert_int_equal(k.number, 3);
	kept_trace_set(&k, kept_trace(&k));
	assert_string_equal(kept_trace(&k)->path, "/dev/gone");
	kept_trace_clear(&k);
	assert_null(kept_trace(&k));
}

int main(void)
{
#define drawing(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		drawing(stages_are_rows),
		drawing(ascii_says_the_same),
		drawing(the_list_has_columns),
		drawing(narrow_lists_leave_columns_out),
		drawing(brief_keeps_what_decides),
		drawing(json_is_laid_out),
		drawing(what_is_no_json_stays),
		drawing(nothing_hostile_is_drawn),
		drawing(long_texts_end),
		cmocka_unit_test(kinds_have_words),
		cmocka_unit_test(filters),
		cmocka_unit_test(nothing_known_is_filtered_too),
		cmocka_unit_test(a_kept_trace_stays),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
