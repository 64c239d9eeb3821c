/* t_blueprint.c -- blueprints: the bundled ones, the exam in use on a day, how questions are shared
 * among domains, and the schema, which is the committed one (GATEDRILL_GOLDEN=update renews it).
 * Errors have goldens. */
#include "base/clock.h"
#include "base/file.h"
#include "deck/blueprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int32_t day(const char *date)
{
	int32_t d;
	assert_true(date_parse(date, &d));
	return d;
}

static void bundled(struct blueprints *list)
{
	struct diags d = {0};
	if (!blueprints_read(list, "data/exams", &d))
		fail_msg("%s", diags_first(&d));
	diags_clear(&d);
}

static void test_bundled(void **state)
{
	struct blueprints list;
	(void)state;
	bundled(&list);
	const struct blueprint *c02 = blueprint_find(&list, "dva-c02");
	const struct blueprint *c03 = blueprint_find(&list, "dva-c03");
	assert_non_null(c02);
	assert_non_null(c03);
	assert_null(blueprint_find(&list, "dva-c01"));
	assert_string_equal(c02->code, "DVA-C02");
	assert_string_equal(c02->replaced_by, "dva-c03");
	assert_string_equal(c03->replaces, "dva-c02");
	assert_int_equal(c03->minutes, 130);
	assert_int_equal(c03->extra_minutes, 30);
	assert_int_equal(c03->scored + c03->unscored, 65);
	assert_int_equal(c03->types, 1 << BLUEPRINT_SINGLE | 1 << BLUEPRINT_MULTIPLE);
	assert_true(c03->pass_share > 0.71 && c03->pass_share < 0.73);
	assert_non_null(strstr(c03->pass_note, "assumption"));
	assert_false(c03->has_until);
	assert_int_equal(c03->from_day, c02->until_day + 1);
	assert_int_equal(c03->cited_count, c03->source_count);
	blueprints_clear(&list);
}

static void check_scored(const struct blueprint *b, const int *want)
{
	for (size_t i = 0; i < b->domain_count; i++)
		assert_int_equal(b->domains[i].scored, want[i]);
}

static void test_scored_by_domain(void **state)
{
	static const int c02[] = {16, 13, 12, 9}, c03[] = {15, 13, 11, 11};
	struct blueprints list;
	(void)state;
	bundled(&list);
	check_scored(blueprint_find(&list, "dva-c02"), c02);
	check_scored(blueprint_find(&list, "dva-c03"), c03);
	blueprints_clear(&list);
}

/* Shares sum to what is shared, none is more than one off its weight, and of equal remainders the
 * earlier domain's counts. */
static void test_shares(void **state)
{
	struct blueprints list;
	int counts[MAX_DOMAINS];
	(void)state;
	bundled(&list);
	for (size_t i = 0; i < list.count; i++)
		for (int items = 0; items <= MAX_EXAM_ITEMS; items++) {
			const struct blueprint *b = &list.items[i];
			int sum = 0;
			blueprint_shares(b, items, counts);
			for (size_t k = 0; k < b->domain_count; k++) {
				int off = counts[k] * 100 - b->domains[k].weight * items;
				assert_true(off > -100 && off < 100);
				sum += counts[k];
			}
			assert_int_equal(sum, items);
		}
	/* 65 by 30, 26, 22, 22: 19.5, 16.9, 14.3, 14.3 */
	blueprint_shares(blueprint_find(&list, "dva-c03"), 65, counts);
	assert_int_equal(counts[0], 20);
	assert_int_equal(counts[1], 17);
	assert_int_equal(counts[2], 14);
	blueprint_shares(blueprint_find(&list, "dva-c03"), 2, counts); /* .6 .52 .44 .44 */
	assert_int_equal(counts[0], 1);
	assert_int_equal(counts[1], 1);
	blueprints_clear(&list);
}

static void test_tasks(void **state)
{
	struct blueprints list;
	(void)state;
	bundled(&list);
	const struct blueprint *c02 = blueprint_find(&list, "dva-c02");
	const struct blueprint *c03 = blueprint_find(&list, "dva-c03");
	assert_string_equal(blueprint_domain_of(c02, "3.4")->title, "Deployment");
	assert_null(blueprint_domain_of(c03, "3.4"));
	assert_null(blueprint_domain_of(c03, "3"));
	assert_null(blueprint_domain_of(c03, ""));
	assert_string_equal(blueprint_task(c03, "4.1")->title, "Assist in a root cause analysis");
	assert_null(blueprint_task(c03, "4.10"));
	blueprints_clear(&list);
}

static const char *in_use(const struct blueprints *list, const char *date)
{
	const struct blueprint *b = blueprint_in_use(list, day(date));
	return b ? b->id : "none";
}

static void test_in_use(void **state)
{
	struct blueprints list, none = {0};
	(void)state;
	bundled(&list);
	assert_string_equal(in_use(&list, "2020-01-01"), "dva-c02");
	assert_string_equal(in_use(&list, "2026-11-30"), "dva-c02");
	assert_string_equal(in_use(&list, "2026-12-01"), "dva-c03");
	assert_string_equal(in_use(&list, "2040-01-01"), "dva-c03");
	assert_string_equal(in_use(&none, "2026-11-27"), "none");
	blueprints_clear(&list);
}

/* A blueprint of one domain, in use between the dates, which may be NULL. */
static void make(struct blueprint *b, const char *id, const char *from, const char *until)
{
	struct str s = {0};
	struct diags d = {0};
	str_addf(&s, "exam: %s\ntitle: T\ncode: C\nformat: 1\n", id);
	if (from)
		str_addf(&s, "from: %s\n", from);
	if (until)
		str_addf(&s, "until: %s\n", until);
	str_add(&s, "minutes: 1\nscored: 1\nunscored: 0\ntypes: [single]\n"
		    "pass: {share: 0.5, spread: 0, note: N}\n"
		    "domains: {\"1\": {title: D, weight: 100, tasks: {\"1.1\": A}}}\n");
	if (!blueprint_read(b, id, str_c(&s), s.len, &d))
		fail_msg("%s", diags_first(&d));
	str_clear(&s);
}

/* Gaps and overlaps: what began last of those in use, else what comes next, else what ended last.
 */
static void test_in_use_with_gaps(void **state)
{
	struct blueprint items[4];
	struct blueprints list = {items, 4};
	(void)state;
	make(&items[0], "late", "2026-05-01", "2026-06-30");
	make(&items[1], "early", "2026-01-01", "2026-03-31");
	make(&items[2], "later", "2026-06-01", "2026-07-31");
	make(&items[3], "early-beta", "2026-02-01", "2026-02-28");
	assert_string_equal(in_use(&list, "2025-12-31"), "early");
	assert_string_equal(in_use(&list, "2026-01-01"), "early");
	assert_string_equal(in_use(&list, "2026-02-10"), "early-beta");
	assert_string_equal(in_use(&list, "2026-03-31"), "early");
	assert_string_equal(in_use(&list, "2026-04-01"), "late");
	assert_string_equal(in_use(&list, "2026-06-01"), "later");
	assert_string_equal(in_use(&list, "2026-08-01"), "later");
	for (size_t i = 0; i < 4; i++)
		blueprint_clear(&items[i]);
}

static void test_folder(void **state)
{
	struct blueprints list;
	struct diags d = {0};
	(void)state;
	assert_true(blueprints_read(&list, "tests/data/no-such-folder", &d));
	assert_int_equal(list.count, 0);
	blueprints_clear(&list);
	assert_false(blueprints_read(&list, "tests/data/schema/valid", &d));
	assert_true(d.errors > 0);
	assert_int_equal(list.count, 0);
	blueprints_clear(&list);
	diags_clear(&d);
}

static void test_schema(void **state)
{
	struct str made = {0}, kept = {0};
	struct diags d = {0};
	(void)state;
	blueprint_schema(&made);
	if (str_eq(getenv("GATEDRILL_GOLDEN"), "update"))
		assert_true(file_write("data/schema/exam.schema.json", made.p, made.len, &d));
	if (!file_read("data/schema/exam.schema.json", 1 << 20, &kept, &d))
		fail_msg("%s", diags_first(&d));
	assert_string_equal(str_c(&kept), str_c(&made));
	str_clear(&made);
	str_clear(&kept);
}

static void test_mdoc(void **state)
{
	struct str out = {0};
	(void)state;
	blueprint_keys_mdoc(&out);
	for (const char *line = str_c(&out); *line;) {
		size_t n = strcspn(line, "\n");
		assert_true(n > 0 && n <= 80);
		line += n + 1;
	}
	assert_non_null(strstr(str_c(&out), ".Ss Keys of an exam\n"));
	assert_non_null(strstr(str_c(&out), ".Ss Keys of a domain\n"));
	assert_non_null(strstr(str_c(&out), ".It Ic share Pq required\n"));
	str_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bundled), cmocka_unit_test(test_scored_by_domain),
		cmocka_unit_test(test_shares),  cmocka_unit_test(test_tasks),
		cmocka_unit_test(test_in_use),  cmocka_unit_test(test_in_use_with_gaps),
		cmocka_unit_test(test_folder),  cmocka_unit_test(test_schema),
		cmocka_unit_test(test_mdoc),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
