/* t_examkeep.c -- what happens to exams that wait: several of them, decks that change, disks that
 * break, undo, backups, exports. */
#include "base/file.h"
#include "tests/unit/study/examworld.h"
#include "tests/unit/study/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static int open_world(void **state)
{
	static struct world w;
	world_init(&w);
	world_config(&w, "fuzz: off\n");
	exam_blueprint(&w);
	exam_deck(&w, "d", 40);
	world_open(&w);
	*state = &w;
	return 0;
}

static int close_world(void **state)
{
	world_clear(*state);
	return 0;
}

/* ---- several ------------------------------------------------------------------------- */

static void several_exams_wait(void **state)
{
	struct world *w = *state;
	struct arena a = {0};
	struct sitting_row *rows;
	size_t n;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	exam_answer(x, true);
	sitting_close(x, NULL);
	world_wait(w, MINUTE);
	x = exam_begin(w, exam_seeded(2));
	sitting_close(x, NULL);
	assert_true(sitting_list(&w->study, &a, &rows, &n, NULL));
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].id, 2);
	assert_int_equal(rows[1].answered, 1);
	assert_int_equal(rows[1].items, 7);
	assert_string_equal(rows[1].form, "mini.1.1");
	assert_int_equal(rows[1].ended_ms, 0);
	assert_true(sitting_resume(&x, &w->study, 1, NULL));
	assert_true(sitting_submit(x, NULL));
	sitting_close(x, NULL);
	assert_true(sitting_list(&w->study, &a, &rows, &n, NULL));
	assert_true(rows[1].ended_ms > 0);
	assert_int_equal(rows[1].scored, 5);
	assert_true(sitting_view(&x, &w->study, 0, NULL));
	assert_int_equal(sitting_info(x)->id, 1);
	sitting_close(x, NULL);
	struct diags d = {0};
	assert_false(sitting_view(&x, &w->study, 2, &d));
	assert_non_null(strstr(d.items[0].text, "--resume 2"));
	diags_clear(&d);
	assert_false(sitting_resume(&x, &w->study, 99, &d));
	diags_clear(&d);
	arena_clear(&a);
}

/* ---- decks that change --------------------------------------------------------------- */

static void items_stay_as_they_were_asked(void **state)
{
	struct world *w = *state;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	const char *first = sitting_item(x, 0).prompt;
	char before[64];
	snprintf(before, sizeof(before), "%s", first);
	sitting_close(x, NULL);
	exam_deck(w, "d", 1); /* all but one are gone */
	world_open(w);
	assert_true(sitting_resume(&x, &w->study, 0, NULL));
	assert_string_equal(sitting_item(x, 0).prompt, before);
	for (size_t i = 0; i < 7; i++) {
		assert_true(sitting_goto(x, i, NULL));
		exam_answer(x, false);
	}
	assert_true(sitting_submit(x, NULL));
	const struct sitting_result *r = exam_result(x);
	assert_true(r->removed >= 6);
	assert_int_equal(r->points.of, 5);
	assert_int_equal(r->reviews, 7 - r->removed);
	assert_int_equal(log_rows(w), 7 - r->removed);
	sitting_close(x, NULL);
}

static void reworded_items_are_graded_as_asked(void **state)
{
	struct world *w = *state;
	struct str text = {0};
	struct arena a = {0};
	struct sitting *x = exam_begin(w, exam_seeded(1));
	sitting_close(x, NULL);
	const char *path = arena_printf(&a, "%s/decks/d.yaml", w->dir);
	assert_true(file_read(path, 1 << 20, &text, NULL));
	for (char *p = text.p; (p = strstr(p, "Question ")) != NULL; p++)
		p[0] = 'q';
	assert_true(file_write(path, text.p, text.len, NULL));
	str_clear(&text);
	arena_clear(&a);
	world_open(w);
	assert_true(sitting_resume(&x, &w->study, 0, NULL));
	assert_int_equal(sitting_current(x).prompt[0], 'Q');
	exam_answer(x, false);
	assert_true(sitting_submit(x, NULL));
	assert_int_equal(exam_result(x)->reworded, 7);
	assert_int_equal(exam_result(x)->removed, 0);
	assert_int_equal(log_rows(w), 1);
	sitting_close(x, NULL);
}

/* ---- faults -------------------------------------------------------------------------- */

/* A write that fails at any of its steps: what is shown is what the disk has. */
static void a_failed_write_changes_nothing(void **state)
{
	struct world *w = *state;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	struct diags d = {0};
	int failed = 0;
	for (int step = 1; step < 40; step++) {
		fault_after(w->study.store, step);
		bool ok = sitting_choose(x, 0, &d) && sitting_flag(x, &d) &&
			  sitting_goto(x, 3, &d) && sitting_goto(x, 0, &d);
		fault_after(w->study.store, 0);
		if (ok)
			break;
		failed++;
		assert_true(d.errors > 0);
		diags_clear(&d);
		struct exam_item shown = sitting_exam(x)->items[0];
		size_t at = sitting_exam(x)->at;
		x = exam_again(w, x);
		assert_int_equal(sitting_exam(x)->at, at);
		assert_int_equal(sitting_exam(x)->items[0].flagged, shown.flagged);
		assert_int_equal(sitting_exam(x)->items[0].ask.chosen[0], shown.ask.chosen[0]);
		assert_true(sitting_goto(x, 0, NULL));
	}
	assert_true(failed >= 8);
	diags_clear(&d);
	sitting_close(x, NULL);
}

/* The end is all or nothing. */
static void a_failed_end_leaves_the_exam_running(void **state)
{
	struct world *w = *state;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	struct diags d = {0};
	int failed = 0;
	exam_answer(x, true);
	for (int step = 1; sitting_exam(x)->end == EXAM_RUNNING; step++) {
		fault_after(w->study.store, step);
		bool ok = sitting_submit(x, &d);
		fault_after(w->study.store, 0);
		assert_int_equal(ok, sitting_exam(x)->end != EXAM_RUNNING);
		assert_int_equal(log_rows(w), ok ? 1 : 0);
		assert_false(!ok && sitting_current(x).item->ask.shown);
		failed += !ok;
		diags_clear(&d);
	}
	assert_true(failed >= 4);
	assert_int_equal(exam_result(x)->reviews, 0);
	sitting_close(x, NULL);
	struct store_rebuilt rebuilt;
	assert_true(store_check(w->study.store, NULL));
	assert_true(store_rebuild(w->study.store, true, &rebuilt, NULL));
	assert_int_equal(rebuilt.differed, 0);
}

static void undo_takes_back_a_review_of_an_exam(void **state)
{
	struct world *w = *state;
	struct arena a = {0};
	struct store_log_row row;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	exam_answer(x, false);
	assert_true(sitting_submit(x, NULL));
	assert_true(store_undo(w->study.store, w->now, 0, &a, &row, NULL));
	assert_string_equal(row.screen, "exam");
	assert_int_equal(exam_result(x)->points.of, 5);
	sitting_close(x, NULL);
	struct store_rebuilt rebuilt;
	assert_true(store_rebuild(w->study.store, true, &rebuilt, NULL));
	assert_int_equal(rebuilt.differed, 0);
	arena_clear(&a);
}

static void backups_hold_exams(void **state)
{
	struct world *w = *state;
	struct arena a = {0};
	struct store *copy;
	struct sitting_row *rows;
	size_t n;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	exam_answer(x, true);
	sitting_close(x, NULL);
	const char *path = arena_printf(&a, "%s/copy.db", w->dir);
	assert_true(store_backup(w->study.store, path, false, NULL));
	assert_true(store_open(&copy, path, STORE_WRITE, NULL));
	struct study other = {.store = copy};
	assert_true(sitting_list(&other, &a, &rows, &n, NULL));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].answered, 1);
	store_close(copy);
	arena_clear(&a);
}

static void exports(void **state)
{
	struct world *w = *state;
	struct arena a = {0};
	struct diags d = {0};
	struct sitting *x = exam_begin(w, exam_seeded(1));
	const char *md = arena_printf(&a, "%s/r.md", w->dir),
		   *json = arena_printf(&a, "%s/r.json", w->dir);
	assert_false(sitting_export(x, md, &d));
	diags_clear(&d);
	exam_answer(x, false);
	assert_true(sitting_submit(x, NULL));
	assert_true(sitting_export(x, md, NULL) && sitting_export(x, json, NULL));
	assert_false(sitting_export(x, md, &d));
	assert_string_equal(d.items[0].code, "file-exists");
	diags_clear(&d);
	assert_false(sitting_export(x, "/tmp/result.pdf", &d));
	assert_string_equal(d.items[0].code, "exam-format");
	diags_clear(&d);
	assert_string_equal(sitting_export_name(x, &a), "exam-1-result.md");
	sitting_close(x, NULL);
	arena_clear(&a);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(several_exams_wait),
		TEST(items_stay_as_they_were_asked),
		TEST(reworded_items_are_graded_as_asked),
		TEST(a_failed_write_changes_nothing),
		TEST(a_failed_end_leaves_the_exam_running),
		TEST(undo_takes_back_a_review_of_an_exam),
		TEST(backups_hold_exams),
		TEST(exports),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
