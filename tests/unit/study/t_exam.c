/* t_exam.c -- sitting an exam: the plan, answering, the clock, what the end writes. */
#include "tests/unit/study/examworld.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
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

static struct sitting_plan plan_of(struct world *w, struct exam_options o)
{
	struct sitting_plan p;
	struct diags d = {0};
	if (!sitting_plan(&p, &w->study, &o, &d)) {
		diags_print(&d, stderr);
		fail_msg("no plan");
	}
	diags_clear(&d);
	return p;
}

/* ---- the plan ------------------------------------------------------------------------ */

static void the_plan(void **state)
{
	struct world *w = *state;
	struct sitting_plan p = plan_of(w, exam_seeded(4711));
	assert_true(p.fits);
	assert_string_equal(p.form_text, "mini.4711.1");
	assert_int_equal(p.need.scored[0], 3);
	assert_int_equal(p.need.scored[1], 2);
	assert_int_equal(p.minutes, 20);
	assert_int_equal(p.pool[0], 20);
	assert_int_equal(p.late, 0);
	assert_null(p.notice);
	sitting_plan_clear(&p);
	p = plan_of(w, (struct exam_options){.exam = "mini.5.3", .esl = true});
	assert_string_equal(p.form_text, "mini.5.3");
	assert_int_equal(p.minutes, 25);
	sitting_plan_clear(&p);
}

static void the_exam_by_setting_and_by_date(void **state)
{
	struct world *w = *state;
	struct sitting_plan p = plan_of(w, (struct exam_options){0});
	assert_string_equal(p.blueprint.id, "mini"); /* the later of the two in use */
	sitting_plan_clear(&p);
	world_config(w, "exam: old\nesl: on\n");
	world_open(w);
	p = plan_of(w, (struct exam_options){0});
	assert_string_equal(p.blueprint.id, "old");
	assert_int_equal(p.minutes, 25);
	sitting_plan_clear(&p);
}

static void unknown_exams(void **state)
{
	static const char *const names[] = {"minni", "x", "mini.1", "other.1.1", "mini.1.1.s9"};
	struct world *w = *state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct sitting_plan p;
		struct diags d = {0};
		assert_false(
			sitting_plan(&p, &w->study, &(struct exam_options){.exam = names[i]}, &d));
		assert_string_equal(d.items[0].code, "exam-unknown");
		if (i == 0)
			assert_string_equal(d.items[0].text,
					    "no exam \"minni\", did you mean \"mini\"?");
		diags_clear(&d);
	}
}

static void a_retiring_exam_says_so_once(void **state)
{
	struct world *w = *state;
	struct exam_options o = {.exam = "old", .has_seed = true};
	struct sitting_plan p = plan_of(w, o);
	assert_string_equal(
		p.notice,
		"old can be sat until 2026-11-22; mini replaces it: `gatedrill exam mini`.");
	sitting_plan_clear(&p);
	sitting_close(exam_begin(w, o), NULL);
	p = plan_of(w, o);
	assert_null(p.notice);
	assert_int_equal(p.waiting, 1);
	sitting_plan_clear(&p);
	world_wait(w, 5 * DAY);
	p = plan_of(w, o);
	assert_non_null(strstr(p.notice, "was last sat on 2026-11-22"));
	sitting_plan_clear(&p);
}

static void a_small_deck(void **state)
{
	struct world *w = *state;
	struct diags d = {0};
	struct sitting *x;
	exam_deck(w, "d", 6); /* three of each domain */
	world_open(w);
	struct sitting_plan p = plan_of(w, exam_seeded(1));
	assert_false(p.fits);
	assert_int_equal(p.missing_count, 1);
	assert_string_equal(p.missing[0], "Building: 3 of 4 questions");
	assert_true(p.largest > 0 && p.largest < 5);
	assert_false(sitting_start(&x, &w->study, &p, &d));
	assert_string_equal(d.items[0].code, "exam-too-small");
	diags_clear(&d);
	struct exam_options o = exam_seeded(1);
	o.is_short = true;
	int largest = p.largest;
	sitting_plan_clear(&p);
	p = plan_of(w, o);
	assert_true(p.fits);
	assert_int_equal(p.need.scored_sum, largest);
	assert_int_equal(p.minutes, (20 * (largest + p.need.unscored_sum) + 6) / 7);
	assert_non_null(strstr(p.form_text, "mini.1.1.s"));
	assert_true(sitting_start(&x, &w->study, &p, &d));
	assert_true(sitting_info(x)->is_short);
	sitting_close(x, NULL);
	sitting_plan_clear(&p);
}

static void keys_of(struct sitting *x, const char **keys)
{
	for (size_t i = 0; i < sitting_exam(x)->count; i++)
		keys[i] = sitting_item(x, i).card->choice.question;
}

static void the_same_id_is_the_same_form(void **state)
{
	struct world *w = *state;
	const char *first[7], *second[7];
	struct sitting *a = exam_begin(w, exam_seeded(9));
	keys_of(a, first);
	struct sitting *b = exam_begin(w, (struct exam_options){.exam = "mini.9.1"});
	keys_of(b, second);
	for (int i = 0; i < 7; i++)
		assert_string_equal(first[i], second[i]);
	sitting_close(a, NULL);
	sitting_close(b, NULL);
}

/* Items seen lately are avoided: the next exams of a learner share none while the decks last. */
static void repeated_exams_avoid_what_was_seen(void **state)
{
	struct world *w = *state;
	struct idset seen = {0};
	for (int k = 0; k < 5; k++) {
		struct sitting_plan p = plan_of(w, (struct exam_options){.exam = "mini"});
		assert_int_equal(p.late, 0);
		sitting_plan_clear(&p);
		struct sitting *x = exam_begin(w, (struct exam_options){0});
		for (size_t i = 0; i < 7; i++) {
			int64_t n = atoi(sitting_item(x, i).card->id + 1) + 1;
			assert_false(idset_has(&seen, n));
			idset_add(&seen, n);
			assert_true(sitting_goto(x, i, NULL));
			exam_answer(x, true);
		}
		assert_true(sitting_submit(x, NULL));
		sitting_close(x, NULL);
		world_wait(w, DAY);
	}
	struct sitting_plan p = plan_of(w, (struct exam_options){.exam = "mini"});
	assert_true(p.late > 0);
	sitting_plan_clear(&p);
	world_wait(w, EXAM_LATE_DAYS * DAY);
	p = plan_of(w, (struct exam_options){.exam = "mini"});
	assert_int_equal(p.late, 0);
	sitting_plan_clear(&p);
	idset_clear(&seen);
}

/* ---- sitting ------------------------------------------------------------------------- */

static void a_whole_exam(void **state)
{
	struct world *w = *state;
	struct diags d = {0};
	struct sitting *x = exam_begin(w, exam_seeded(1));
	for (size_t i = 0; i < 7; i++) {
		assert_true(sitting_goto(x, i, &d));
		if (i == 0)
			assert_true(sitting_sure(x, SURE_YES, &d));
		if (i == 2)
			assert_true(sitting_sure(x, SURE_GUESS, &d));
		exam_answer(x, i != 0 && i != 1);
		exam_pass(w, x, MINUTE);
	}
	assert_int_equal(log_rows(w), 0);
	assert_true(sitting_submit(x, &d));
	const struct sitting_result *r = exam_result(x);
	assert_int_equal(r->points.right + r->points.unscored_right, 5);
	assert_int_equal(r->points.of, 5);
	assert_int_equal(r->points.sure_wrong, 1);
	assert_int_equal(r->points.unsure_right, 1);
	assert_int_equal(r->points.mean_ms, MINUTE);
	assert_int_equal(r->open_ms, 7 * MINUTE);
	assert_int_equal(r->reviews, 3); /* two wrong, one unsure */
	assert_int_equal(r->domain[0].of, 3);
	assert_string_equal(r->domain[1].title, "Guarding");
	assert_false(r->chance.enough);
	assert_int_equal(r->chance.tries, 7);
	assert_true(r->loss_count >= 1 && r->losses[0].items >= 1);
	assert_int_equal(log_rows(w), 7);
	struct sitting_review rev = sitting_review(x, 0);
	assert_false(rev.result.right);
	assert_string_equal(ask_why(&rev.item.item->ask, 0) ? "why" : "", "why");
	assert_non_null(strstr(rev.task, ".1 "));
	size_t *numbers;
	struct arena a = {0};
	assert_int_equal(sitting_filter(x, SITTING_WRONG, &a, &numbers), 2);
	assert_int_equal(sitting_filter(x, SITTING_SURE_WRONG, &a, &numbers), 1);
	assert_int_equal(numbers[0], 0);
	assert_int_equal(sitting_filter(x, SITTING_ALL, &a, &numbers), 7);
	assert_non_null(strstr(sitting_source(x, 0, 0, &a), "checked 2026-11-01"));
	assert_null(sitting_source(x, 0, 1, &a));
	arena_clear(&a);
	sitting_close(x, &d);
	assert_int_equal(d.count, 0);
	diags_clear(&d);
}

static void the_result_is_the_same_whenever_it_is_read(void **state)
{
	struct world *w = *state;
	struct str first = {0}, later = {0};
	struct sitting *x = exam_begin(w, exam_seeded(1));
	exam_answer(x, true);
	assert_true(sitting_submit(x, NULL) && sitting_markdown(x, &first, NULL));
	sitting_close(x, NULL);
	exam_deck(w, "e", 12);
	world_wait(w, 40 * DAY);
	world_open(w);
	struct sitting *y = exam_begin(w, exam_seeded(2));
	exam_answer(y, false);
	assert_true(sitting_submit(y, NULL));
	sitting_close(y, NULL);
	assert_true(sitting_view(&x, &w->study, 1, NULL));
	assert_true(sitting_markdown(x, &later, NULL));
	assert_string_equal(str_c(&first), str_c(&later));
	assert_non_null(strstr(str_c(&first), "# Mock exam 1: mini"));
	sitting_close(x, NULL);
	str_clear(&first);
	str_clear(&later);
}

/* What is not answered is wrong; what was never in front was not tried. */
static void blanks(void **state)
{
	struct world *w = *state;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	exam_answer(x, true);
	assert_true(sitting_next(x, NULL));
	assert_true(sitting_submit(x, NULL));
	const struct sitting_result *r = exam_result(x);
	assert_int_equal(r->points.blank, 6);
	assert_int_equal(r->reviews, 1);
	assert_int_equal(log_rows(w), 2);
	assert_int_equal(r->chance.tries, 2);
	sitting_close(x, NULL);
}

static void right_changed_to_wrong(void **state)
{
	struct world *w = *state;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	exam_answer(x, true);
	exam_answer(x, false);
	assert_true(sitting_next(x, NULL));
	exam_answer(x, false);
	exam_answer(x, true);
	assert_true(sitting_submit(x, NULL));
	assert_int_equal(exam_result(x)->points.to_wrong, 1);
	assert_int_equal(exam_result(x)->points.to_right, 1);
	sitting_close(x, NULL);
}

static void walking_and_grid(void **state)
{
	struct world *w = *state;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	bool found;
	assert_true(sitting_prev(x, NULL) && sitting_exam(x)->at == 0);
	assert_true(sitting_next_flagged(x, &found, NULL) && !found);
	assert_true(sitting_goto(x, 5, NULL) && sitting_flag(x, NULL));
	assert_true(sitting_goto(x, 6, NULL) && sitting_next(x, NULL));
	assert_int_equal(sitting_exam(x)->at, 6);
	assert_true(sitting_next_flagged(x, &found, NULL) && found);
	assert_int_equal(sitting_exam(x)->at, 5);
	exam_answer(x, true);
	assert_true(sitting_next_open(x, &found, NULL) && found);
	assert_int_equal(sitting_exam(x)->at, 6);
	assert_true(sitting_flag(x, NULL) && sitting_flag(x, NULL));
	assert_false(sitting_current(x).item->flagged);
	assert_true(sitting_clock(x, false, NULL) && !sitting_exam(x)->clock_shown);
	sitting_close(x, NULL);
}

static void answers_as_typed(void **state)
{
	struct world *w = *state;
	const char *why;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	for (size_t i = 0; i < 7; i++) {
		assert_true(sitting_goto(x, i, NULL));
		const struct ask *q = &sitting_current(x).item->ask;
		bool two = q->need == 2;
		assert_false(sitting_answer(x, "zebra", &why, NULL));
		assert_non_null(why);
		assert_true(sitting_answer(x, two ? "a c" : "a", &why, NULL));
		assert_true(q->chosen[0] && q->chosen[2] == two);
		assert_true(sitting_answer(x, two ? "c b" : "b", &why, NULL));
		assert_true(!q->chosen[0] && q->chosen[1] && q->chosen[2] == two);
		assert_true(sitting_answer(x, two ? "b c" : "b", &why, NULL));
		assert_int_equal(sitting_current(x).fill, EXAM_ANSWERED);
	}
	x = exam_again(w, x);
	assert_int_equal(exam_counts(sitting_exam(x)).answered, 7);
	sitting_close(x, NULL);
}

/* ---- the clock ----------------------------------------------------------------------- */

static void the_clock_counts_open_time_alone(void **state)
{
	struct world *w = *state;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	exam_pass(w, x, 3 * MINUTE);
	assert_int_equal(sitting_left_ms(x), 17 * MINUTE);
	sitting_close(x, NULL);
	world_wait(w, 2 * DAY);
	world_open(w);
	assert_true(sitting_resume(&x, &w->study, 0, NULL));
	assert_int_equal(sitting_left_ms(x), 17 * MINUTE);
	assert_int_equal(sitting_away_ms(x), 2 * DAY);
	assert_int_equal(sitting_exam(x)->aways, 1);
	exam_pass(w, x, MINUTE);
	assert_int_equal(sitting_left_ms(x), 16 * MINUTE);
	sitting_close(x, NULL);
}

/* A closed lid: no tick for long. */
static void a_gap_is_time_away(void **state)
{
	struct world *w = *state;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	int warn;
	exam_pass(w, x, MINUTE);
	world_wait(w, 90 * MINUTE);
	assert_true(sitting_tick(x, &warn, NULL));
	assert_int_equal(sitting_left_ms(x), 19 * MINUTE);
	assert_int_equal(sitting_away_ms(x), 90 * MINUTE);
	world_wait(w, 20000);
	assert_true(sitting_flag(x, NULL));
	assert_int_equal(sitting_left_ms(x), 19 * MINUTE - 20000);
	x = exam_again(w, x);
	assert_int_equal(sitting_away_ms(x), 90 * MINUTE);
	sitting_close(x, NULL);
}

static void a_clock_set_back_changes_nothing(void **state)
{
	struct world *w = *state;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	exam_pass(w, x, MINUTE);
	world_wait(w, -3 * DAY);
	exam_answer(x, true);
	exam_pass(w, x, MINUTE);
	assert_int_equal(sitting_left_ms(x), 18 * MINUTE);
	sitting_close(x, NULL);
	world_wait(w, -3 * DAY);
	world_open(w);
	assert_true(sitting_resume(&x, &w->study, 0, NULL));
	assert_int_equal(sitting_left_ms(x), 18 * MINUTE);
	assert_int_equal(sitting_away_ms(x), 0);
	assert_int_equal(exam_counts(sitting_exam(x)).answered, 1);
	assert_true(sitting_submit(x, NULL));
	assert_int_equal(exam_result(x)->points.right + exam_result(x)->points.unscored_right, 1);
	sitting_close(x, NULL);
}

static void warnings_come_once(void **state)
{
	struct world *w = *state;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	assert_int_equal(exam_pass(w, x, 14 * MINUTE), 0);
	assert_int_equal(exam_pass(w, x, 2 * MINUTE), 5);
	assert_int_equal(exam_pass(w, x, MINUTE), 0);
	x = exam_again(w, x);
	assert_int_equal(exam_pass(w, x, MINUTE), 0);
	sitting_close(x, NULL);
}

static void time_up_submits(void **state)
{
	struct world *w = *state;
	struct diags d = {0};
	struct sitting *x = exam_begin(w, exam_seeded(1));
	exam_answer(x, true);
	exam_pass(w, x, 20 * MINUTE - 1);
	assert_int_equal(sitting_exam(x)->end, EXAM_RUNNING);
	world_wait(w, 1);
	assert_false(sitting_flag(x, &d));
	assert_string_equal(d.items[0].code, "exam-over");
	assert_int_equal(d.errors, 0);
	assert_int_equal(sitting_exam(x)->end, EXAM_TIMED_OUT);
	assert_true(exam_result(x)->timed_out);
	assert_int_equal(exam_result(x)->open_ms, 20 * MINUTE);
	assert_int_equal(log_rows(w), 1);
	diags_clear(&d);
	sitting_close(x, NULL);
	assert_false(sitting_resume(&x, &w->study, 0, &d));
	assert_string_equal(d.items[0].code, "exam-none");
	diags_clear(&d);
}

static void time_up_in_a_tick(void **state)
{
	struct world *w = *state;
	struct sitting *x = exam_begin(w, exam_seeded(1));
	exam_pass(w, x, 20 * MINUTE);
	assert_int_equal(sitting_exam(x)->end, EXAM_TIMED_OUT);
	int warn;
	assert_true(sitting_tick(x, &warn, NULL) && !warn);
	sitting_close(x, NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_plan),
		TEST(the_exam_by_setting_and_by_date),
		TEST(unknown_exams),
		TEST(a_retiring_exam_says_so_once),
		TEST(a_small_deck),
		TEST(the_same_id_is_the_same_form),
		TEST(repeated_exams_avoid_what_was_seen),
		TEST(a_whole_exam),
		TEST(the_result_is_the_same_whenever_it_is_read),
		TEST(blanks),
		TEST(right_changed_to_wrong),
		TEST(walking_and_grid),
		TEST(answers_as_typed),
		TEST(the_clock_counts_open_time_alone),
		TEST(a_gap_is_time_away),
		TEST(a_clock_set_back_changes_nothing),
		TEST(warnings_come_once),
		TEST(time_up_submits),
		TEST(time_up_in_a_tick),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
