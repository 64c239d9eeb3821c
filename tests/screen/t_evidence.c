/* t_evidence.c -- evidence drills on the screen: what an operator has, the stage that fails, and
 * why it was that one. */
#include "tests/screen/home.h"

#include <unistd.h>

#define CTRL_G "\007"

static struct term *start_drill(struct home *h)
{
	home_labs(h);
	struct term *t = home_start(h, "");
	term_wait(t, "▸ Review");
	term_send(t, "l");
	term_wait(t, "The locked door");
	term_send(t, DOWN);
	term_wait(t, "▸   Nobody gets in");
	term_send(t, ENTER);
	term_wait(t, "Which stage fails?");
	return t;
}

static void quit(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

/* The letter that stands before a stage. */
static void choose(struct term *t, const char *stage)
{
	char letter[2] = "";
	int row, col;
	for (int i = 0; i < 8 && !letter[0]; i++) {
		char text[64];
		snprintf(text, sizeof(text), "%c  %s", 'A' + i, stage);
		if (term_find(t, text, &row, &col))
			letter[0] = (char)('a' + i);
	}
	assert_true(letter[0]);
	term_send(t, letter);
	term_wait(t, "[■]");
}

static void the_evidence_stands_above_the_stages(void **state)
{
	struct term *t = start_drill(*state);
	assert_true(term_shows(t, "Evidence · Nobody gets in"));
	assert_true(term_shows(t, "case 1"));
	assert_true(term_shows(t, "Access log"));
	assert_true(term_shows(t, "GET /live/door 403"));
	assert_true(term_shows(t, "[ ] A"));
	term_send(t, CTRL_D CTRL_D CTRL_D CTRL_D);
	term_wait(t, "Trace");
	assert_true(term_shows(t, "[ ] A"));
	term_send(t, ENTER);
	term_wait(t, "Choose a stage first");
	quit(t);
}

static void a_right_stage_is_right(void **state)
{
	struct term *t = start_drill(*state);
	choose(t, "API key");
	term_send(t, ENTER);
	term_wait(t, "✓ Right.");
	assert_true(term_shows(t, "API key."));
	assert_true(term_shows(t, "What it was"));
	assert_true(term_shows(t, "The whole trace"));
	term_send(t, "o");
	term_wait(t, "https://docs.aws.amazon.com/keys");
	term_send(t, ESC);
	term_wait(t, "✓ Right.");
	term_send(t, " ");
	term_wait(t, "case 2");
	term_send(t, "q");
	term_wait(t, "1 of 1 fault named rightly");
	term_send(t, "q");
	term_wait(t, "Gateway labs");
	quit(t);
}

static void a_wrong_stage_brings_cards_back(void **state)
{
	struct term *t = start_drill(*state);
	int row, col;
	/* The first option, or the second where the first is right. */
	const char *letter = term_find(t, "A  API key", &row, &col) ? "b" : "a";
	term_send(t, letter);
	term_wait(t, "[■]");
	term_send(t, ENTER);
	term_wait(t, "✗ Wrong.");
	assert_true(term_shows(t, "You named"));
	term_send(t, CTRL_D CTRL_D);
	term_wait(t, "1 card is due");
	quit(t);
	const char *out;
	home_run(*state, "search is:due rated:1 or is:due", "", &out);
	assert_non_null(strstr(out, "kinds/idle"));
}

static void giving_up_shows_what_it_was(void **state)
{
	struct term *t = start_drill(*state);
	term_send(t, CTRL_G);
	term_wait(t, "✗ Given up.");
	assert_true(term_shows(t, "API key."));
	quit(t);
}

static void stages_can_be_ruled_out_and_walked(void **state)
{
	struct term *t = start_drill(*state);
	term_send(t, "x");
	term_wait(t, "Rule out which?");
	term_send(t, "b");
	term_wait(t, "[-] B");
	term_send(t, UP);
	term_wait(t, "▸");
	term_send(t, " ");
	term_wait(t, "[■]");
	quit(t);
}

static void lines_are_readable_at_every_size(void **state)
{
	static const int sizes[][2] = {{24, 80}, {18, 60}, {50, 200}, {12, 40}};
	struct home *h = *state;
	struct term *t = start_drill(h);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		term_resize(t, sizes[i][0], sizes[i][1]);
		term_wait(t, "Which stage fails?");
		assert_true(term_shows(t, "GET /live/"));
		assert_false(term_shows(t, "…"));
	}
	quit(t);
}

static void so_many_cases_and_a_sum(void **state)
{
	home_labs(*state);
	struct term *t = home_start(*state, "lab --drill 2 outage");
	term_wait(t, "case 1 of 2");
	choose(t, "API key");
	term_send(t, ENTER);
	term_wait(t, "✓ Right.");
	term_send(t, " ");
	term_wait(t, "case 2 of 2");
	term_send(t, CTRL_G);
	term_wait(t, "✗ Given up.");
	term_send(t, " ");
	term_wait(t, "1 of 2 faults named rightly");
	term_send(t, " ");
	assert_int_equal(term_end(t), 0);
}

/* A drill of the learner's own, whose one fault breaks nothing. */
static void write_own_drill(const struct home *h)
{
	home_folder(h, "drills");
	home_write(h, "drills/mine.yaml",
		   "drill: mine\ntitle: From elsewhere\nabout: It runs a command.\nformat: 1\n"
		   "gateway: [mine.yaml]\n"
		   "requests:\n  call: {send: GET /hello}\ntraffic: [call]\n"
		   "faults:\n- id: none\n  stage: integration\n"
		   "  edits: [{edit: mine.yaml, find: timeout, put: timeout}]\n"
		   "  requests: [call]\n  expect: {status: 599}\n  why: It is not.\n");
	home_own_api(h, "drills/mine");
}

static void a_drill_from_elsewhere_asks_and_may_fail(void **state)
{
	struct home *h = *state;
	home_labs(h);
	write_own_drill(h);
	struct term *t = home_start(h, "lab --drill 1 mine");
	term_wait(t, "May they run?");
	assert_true(term_shows(t, "say: sh say.sh"));
	assert_int_not_equal(access(home_path(h, "ran"), F_OK), 0);
	term_send(t, "y");
	assert_int_equal(term_finish(t), 1);
	assert_true(term_shows(t, "evidence-fault"));
	term_free(t);
	assert_int_equal(access(home_path(h, "ran"), F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(the_evidence_stands_above_the_stages),
		home_test(a_right_stage_is_right),
		home_test(a_wrong_stage_brings_cards_back),
		home_test(giving_up_shows_what_it_was),
		home_test(stages_can_be_ruled_out_and_walked),
		home_test(so_many_cases_and_a_sum),
		home_test(lines_are_readable_at_every_size),
		home_test(a_drill_from_elsewhere_asks_and_may_fail),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
