/* t_plumbing_fsrs.c -- JSON Lines in and out: the three questions, every kind of bad line, and
 * lines without end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "cli/plumbing_fsrs.h"
#include "cli/plumbing_lines.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct str out;

static const char *reply(const char *line)
{
	str_reset(&out);
	plumbing_fsrs_line(line, strlen(line), &out);
	return str_c(&out);
}

/* The number at a path such as "states.1.stability". */
static double number(const char *json, const char *path)
{
	struct arena a = {0};
	struct diags d = {0};
	struct node *root;
	char part[32];
	double v = NAN;
	if (!json_read(&a, NULL, json, strlen(json), &root, &d))
		fail_msg("not JSON: %s", json);
	const struct node *n = root;
	for (int used; n && sscanf(path, "%31[^.]%n", part, &used) == 1;
	     path += path[used] ? used + 1 : used) {
		if (n->kind == NODE_MAP) {
			n = node_get(n, part);
			continue;
		}
		const struct node *item = n->child;
		for (int i = atoi(part); item && i > 0; i--)
			item = item->next;
		n = item;
	}
	if (!n || !str_to_double(n->text, -1e9, 1e9, &v))
		fail_msg("no number at %s in %s", path, json);
	diags_clear(&d);
	arena_clear(&a);
	return v;
}

static void assert_number(const char *json, const char *path, double want, double tolerance)
{
	double got = number(json, path);
	if (!(fabs(got - want) <= tolerance * fabs(want)))
		fail_msg("%s is %.17g, not %.17g", path, got, want);
}

static void test_reviews(void **state)
{
	(void)state; /* fsrs-rs, src/inference.rs, test_memory_state */
	const char *six = "{\"params\": \"default\", \"desired_retention\": 0.9, \"reviews\": "
			  "[[1,0],[3,0],[3,1],[3,3],[3,8],[3,21]]}";
	assert_number(reply(six), "states.0.stability", 0.212, 0);
	assert_number(reply(six), "states.0.difficulty", 6.4133, 0);
	assert_number(reply(six), "states.5.stability", 53.62691, 1e-5);
	assert_number(reply(six), "states.5.difficulty", 6.3574867, 1e-5);
	assert_number(reply(six), "states.5.interval", 53.62691, 1e-5);
	assert_string_equal(reply("{\"reviews\":[]}"), "{\"states\":[]}");
	assert_true(
		str_starts(reply("{\"reviews\":[[4,0]]}"),
			   "{\"states\":[{\"stability\":8.2956,\"difficulty\":1,\"interval\":8."));
}

static void test_params_and_retention(void **state)
{
	(void)state;
	const char *older = "{\"params\":[0.6845422,1.6790825,4.7349424,10.042885,7.4410233,0."
			    "64219797,1.071918,0.0025195254,1.432437,0.1544,"
			    "0.8692766,2.0696752,0.0953,0.2975,2.4691248,0.19542035,3.201072,0."
			    "18046261,0.121442534],"
			    "\"reviews\":[[1,0],[3,1],[3,3],[3,8],[3,21]]}";
	assert_number(reply(older), "states.4.stability", 31.722992, 1e-5);
	assert_number(reply("{\"desired_retention\":0.8,\"reviews\":[[3,0]]}"), "states.0.interval",
		      2.3065 * 3.32, 2e-3);
	assert_number(reply("{\"desired_retention\":0.9,\"reviews\":[[3,0]]}"), "states.0.interval",
		      2.3065, 1e-12);
}

static void test_state(void **state)
{
	(void)state; /* ts-fsrs, algorithm.test.ts: same-day stability and difficulty */
	const char *same = "{\"params\":\"default\",\"desired_retention\":0.9,\"state\":{"
			   "\"stability\":5,\"difficulty\":5},\"delta_days\":0}";
	static const char *const buttons[] = {"again", "hard", "good", "easy"};
	static const double s[] = {1.596818, 5, 5, 8.12961},
			    d[] = {8.34176237, 6.66599536, 4.99022837, 3.31446137};
	static const double first[] = {0.212, 1.2931, 2.3065, 8.2956};
	for (int g = 0; g < 4; g++) {
		char path[32];
		snprintf(path, sizeof(path), "%s.stability", buttons[g]);
		assert_number(reply(same), path, s[g], 1e-6);
		assert_number(reply("{\"state\":null,\"delta_days\":0}"), path, first[g], 0);
		snprintf(path, sizeof(path), "%s.difficulty", buttons[g]);
		assert_number(reply(same), path, d[g], 1e-8);
		snprintf(path, sizeof(path), "%s.interval", buttons[g]);
		assert_number(reply(same), path, s[g], 1e-6);
	}
}

static void test_fuzz(void **state)
{
	(void)state;
	assert_string_equal(reply("{\"fuzz\":{\"interval\":7,\"minimum\":1,\"maximum\":1000}}"),
			    "{\"lower\":5,\"upper\":9}");
	assert_string_equal(reply("{\"fuzz\":{\"interval\":2.49,\"minimum\":3,\"maximum\":36500}}"),
			    "{\"lower\":3,\"upper\":4}");
	assert_string_equal(reply("{\"fuzz\":{\"interval\":100,\"minimum\":97,\"maximum\":103}}"),
			    "{\"lower\":97,\"upper\":103}");
}

static void test_manual_grade(void **state)
{
	(void)state; /* changes nothing, where there is something */
	const char *line = "{\"reviews\":[[3,0],[0,4],[3,4]]}";
	assert_number(reply(line), "states.1.stability", 2.3065, 0);
	assert_number(reply(line), "states.1.interval", 2.3065, 1e-12);
	assert_number(reply(line), "states.2.stability",
		      number(reply("{\"reviews\":[[3,0],[3,4]]}"), "states.1.stability"), 0);
}

static void test_bad_lines(void **state)
{
	(void)state;
	static const struct {
		const char *line, *says;
	} rows[] = {
		{"", "value must follow"},
		{"x", "value must follow"},
		{"{\"reviews\":[[3,0]]} x", ""},
		{"[]", "not an object"},
		{"3", "not an object"},
		{"{}", "give one of reviews, state, fuzz"},
		{"{\"reviews\":[[3,0]],\"fuzz\":{}}", "two questions"},
		{"{\"reviews\":[[3,0]],\"reviews\":[[3,0]]}", ""},
		{"{\"reviews\":7}", "reviews must be a list"},
		{"{\"reviews\":[3]}", "[grade, days]"},
		{"{\"reviews\":[[3]]}", "[grade, days]"},
		{"{\"reviews\":[[3,0,0]]}", "[grade, days]"},
		{"{\"reviews\":[[0,0]]}", "first grade"},
		{"{\"reviews\":[[5,0]]}", "a grade must be a number from"},
		{"{\"reviews\":[[3,0],[-1,0]]}", "a grade"},
		{"{\"reviews\":[[2.5,0]]}", "whole number"},
		{"{\"reviews\":[[\"3\",0]]}", "a grade"},
		{"{\"reviews\":[[3,-1]]}", "days must be"},
		{"{\"reviews\":[[3,0.5]]}", "days must be a whole"},
		{"{\"reviews\":[[3,1e400]]}", "days must be"},
		{"{\"params\":\"mine\",\"reviews\":[]}", "params must be"},
		{"{\"params\":[],\"reviews\":[]}", "params must be"},
		{"{\"params\":[1,2,3],\"reviews\":[]}", "FSRS-6 takes 21 parameters"},
		{"{\"params\":[1,\"2\"],\"reviews\":[]}", "each of params"},
		{"{\"desired_retention\":0,\"reviews\":[]}",
		 "desired_retention must be a number from 0.001 to 1"},
		{"{\"desired_retention\":1.1,\"reviews\":[]}", "desired_retention must be"},
		{"{\"desired_retention\":null,\"reviews\":[]}", "desired_retention must be"},
		{"{\"state\":{},\"delta_days\":1}", "stability must be"},
		{"{\"state\":{\"stability\":1},\"delta_days\":1}", "difficulty must be"},
		{"{\"state\":3,\"delta_days\":1}", "state must be"},
		{"{\"state\":{\"stability\":1,\"difficulty\":5}}", "delta_days must be"},
		{"{\"state\":{\"stability\":-1,\"difficulty\":5},\"delta_days\":1}",
		 "stability must be"},
		{"{\"fuzz\":1}", "fuzz must be"},
		{"{\"fuzz\":{\"interval\":7,\"minimum\":1}}", "maximum must be"},
		{"{\"fuzz\":{\"interval\":-7,\"minimum\":1,\"maximum\":9}}", "interval must be"},
		{"{\"fuzz\":{\"interval\":7,\"minimum\":1.5,\"maximum\":9}}",
		 "minimum must be a whole"},
		{"{\"reviews\":[[3,0]],\"x\":\"\xff\"}", ""},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		str_reset(&out);
		str_add(&out, "before ");
		if (plumbing_fsrs_line(rows[i].line, strlen(rows[i].line), &out))
			fail_msg("accepted: %s", rows[i].line);
		if (strncmp(out.p, "before {\"error\":\"", 17) != 0 || !str_ends(out.p, "\"}") ||
		    !strstr(out.p, rows[i].says))
			fail_msg("%s gave %s", rows[i].line, out.p);
		assert_null(strchr(out.p, '\n'));
	}
}

static void test_too_many_reviews(void **state)
{
	(void)state;
	struct str line = {0};
	for (int extra = 0; extra < 2; extra++) {
		str_reset(&line);
		str_add(&line, "{\"reviews\":[[3,0]");
		for (int i = 1; i < MAX_PLUMBING_REVIEWS + extra; i++)
			str_add(&line, ",[3,1]");
		str_add(&line, "]}");
		str_reset(&out);
		assert_int_equal(plumbing_fsrs_line(line.p, line.len, &out), !extra);
	}
	assert_string_equal(str_c(&out), "{\"error\":\"100001 reviews are more than 100000\"}");
	str_clear(&line);
}

/* What a whole input gives. */
static int run(const char *bytes, size_t n, struct str *got)
{
	char *text = NULL;
	size_t size = 0;
	FILE *in = fmemopen((void *)(uintptr_t)bytes, n, "r"), *to = open_memstream(&text, &size);
	int code = plumbing_fsrs(in, to);
	fclose(in);
	fclose(to);
	str_reset(got);
	str_addn(got, text, size);
	free(text);
	return code;
}

#define FUZZ "{\"fuzz\":{\"interval\":7,\"minimum\":1,\"maximum\":1000}}"
#define BOUNDS "{\"lower\":5,\"upper\":9}\n"

static void test_lines(void **state)
{
	(void)state;
	struct str got = {0};
	assert_int_equal(run("\n", 1, &got), 0);
	assert_true(str_starts(got.p, "{\"error\":"));
	const char *three = FUZZ "\nwhat\n" FUZZ; /* the last line without an end */
	assert_int_equal(run(three, strlen(three), &got), 0);
	assert_true(str_starts(got.p, BOUNDS "{\"error\":") && str_ends(got.p, "\"}\n" BOUNDS));
	assert_int_equal(run(FUZZ "\n", strlen(FUZZ) + 1, &got), 0);
	assert_string_equal(got.p, BOUNDS);
	assert_int_equal(run(FUZZ "\r\n", strlen(FUZZ) + 2, &got), 0);
	assert_string_equal(got.p, BOUNDS);
	str_clear(&got);
}

static void test_overlong_line(void **state)
{
	(void)state;
	struct str in = {0}, got = {0};
	str_add(&in, FUZZ);
	while (in.len < MAX_PLUMBING_LINE)
		str_addc(&in, ' '); /* as long as a line may be */
	str_addc(&in, '\n');
	for (size_t i = 0; i < 3 * MAX_PLUMBING_LINE; i++)
		str_addc(&in, i % 100 ? '[' : '"');
	str_add(&in, "\n" FUZZ "\n");
	assert_int_equal(run(in.p, in.len, &got), 0);
	assert_string_equal(got.p, BOUNDS "{\"error\":\"the line is longer than 1 MiB\"}\n" BOUNDS);
	str_reset(&got);
	assert_false(plumbing_fsrs_line(in.p, MAX_PLUMBING_LINE + 1, &got));
	str_clear(&in);
	str_clear(&got);
}

static void test_full_disk(void **state)
{
	(void)state;
	FILE *in = fmemopen((void *)(uintptr_t)(FUZZ "\n"), strlen(FUZZ) + 1, "r"),
	     *full = fopen("/dev/full", "w");
	if (full)
		assert_int_equal(plumbing_fsrs(in, full), 1);
	if (full)
		fclose(full);
	fclose(in);
}

static int clear(void **state)
{
	(void)state;
	str_clear(&out);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reviews),
		cmocka_unit_test(test_params_and_retention),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_fuzz),
		cmocka_unit_test(test_manual_grade),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_too_many_reviews),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_overlong_line),
		cmocka_unit_test(test_full_disk),
	};
	return cmocka_run_group_tests(tests, NULL, clear);
}
