/* t_tree.c -- decision trees on the screen: advice for the learner's own case, scenario questions
 * with their proof, walks with the first wrong turn, and the matrix behind them. */
#include "tests/screen/home.h"

static struct term *open_trees(struct home *h)
{
	home_share(h);
	struct term *t = home_start(h, "");
	term_wait(t, "▸ Review");
	term_send(t, "t");
	term_wait(t, "▸ Which API type");
	return t;
}

static void quit(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

static void the_list_says_what_was_done(void **state)
{
	struct term *t = open_trees(*state);
	assert_true(term_shows(t, "not tried yet"));
	assert_true(term_shows(t, "1 tree"));
	term_send(t, "m");
	term_wait(t, "Matrix · Types of API");
	term_send(t, ESC);
	term_wait(t, "▸ Which API type");
	quit(t);
}

/* ---- advice -------------------------------------------------------------------------- */

static void advice_says_why_and_what_else(void **state)
{
	struct term *t = open_trees(*state);
	term_send(t, ENTER);
	term_wait(t, "▸ Must the server reach clients that have not just asked?");
	term_send(t, "y");
	term_wait(t, "▸ Does a WebSocket API have everything else?");
	term_send(t, "y");
	term_wait(t, "✓ WebSocket API");
	assert_true(term_shows(t, "A message that nobody asked for is a push."));
	assert_true(term_shows(t, "no ─▸ asks: Where does the endpoint stand?"));
	assert_true(term_shows(t, "no ─▸ nothing has all of it"));
	term_send(t, "o");
	term_wait(t, "https://docs.aws.amazon.com/pick");
	term_send(t, ESC);
	term_wait(t, "✓ WebSocket API");
	term_send(t, "u");
	term_wait(t, "▸ Does a WebSocket API have everything else?");
	assert_true(
		term_shows(t, "● Must the server reach clients that have not just asked?  yes"));
	term_send(t, "n");
	term_wait(t, "Nothing has all of this.");
	term_send(t, ESC);
	term_wait(t, "▸ Which API type");
	quit(t);
}

static void a_switch_takes_letters(void **state)
{
	struct term *t = open_trees(*state);
	term_send(t, "a");
	term_wait(t, "Must the server reach");
	assert_true(term_shows(t, "y n answer"));
	assert_false(term_shows(t, "a-"));
	term_send(t, "n");
	term_wait(t, "▸ Where does the endpoint stand?");
	assert_true(term_shows(t, "a-c choose"));
	assert_false(term_shows(t, "y n answer"));
	term_send(t, "y");
	term_sync(t);
	assert_true(term_shows(t, "▸ Where does the endpoint stand?"));
	term_send(t, "d");
	term_wait(t, "There is no such branch.");
	term_send(t, "c");
	term_wait(t, "▸ Does the API check OIDC tokens itself?");
	quit(t);
}

/* ---- scenarios ----------------------------------------------------------------------- */

static void a_case_is_answered_and_proved(void **state)
{
	struct term *t = open_trees(*state);
	term_send(t, "d");
	term_wait(t, "Which API meets every need?");
	assert_true(term_shows(t, "case 1 of 10"));
	term_send(t, ENTER);
	term_wait(t, "Choose one first");
	term_send(t, "a");
	term_wait(t, "[■] A");
	term_send(t, "b");
	term_wait(t, "[■] B");
	assert_false(term_shows(t, "[■] A"));
	term_send(t, "x");
	term_wait(t, "Rule out which?");
	term_send(t, "b");
	term_wait(t, "[-] B");
	assert_false(term_shows(t, "[■]"));
	term_send(t, DOWN " ");
	term_wait(t, "[■]");
	term_send(t, ENTER);
	term_wait(t, "w why not the others");
	assert_true(term_shows(t, "is the answer."));
	assert_true(term_shows(t, "seed "));
	const char *before = term_keep(t);
	term_send(t, "w");
	term_wait_change(t, before);
	term_send(t, "w");
	term_wait_same(t, before);
	term_send(t, "m");
	term_wait(t, "Matrix · Types of API");
	assert_true(term_shows(t, "▸ "));
	term_send(t, ESC);
	term_wait_same(t, before);
	term_send(t, " ");
	term_wait(t, "case 2 of 10");
	quit(t);
}

static void giving_up_shows_the_answer(void **state)
{
	struct term *t = open_trees(*state);
	term_send(t, "d");
	term_wait(t, "case 1 of 10");
	term_send(t, "g");
	term_wait(t, "✗ Given up.");
	assert_true(term_shows(t, "is the answer."));
	term_send(t, "q");
	term_wait(t, "0 of 1 case right");
	term_send(t, " ");
	term_wait(t, "▸ Which API type");
	assert_false(term_shows(t, "not tried yet"));
	quit(t);
}

static void an_answer_is_taken_back(void **state)
{
	struct term *t = open_trees(*state);
	term_send(t, "d");
	term_wait(t, "case 1 of 10");
	const char *asked = term_keep(t);
	term_send(t, "a" ENTER);
	term_wait(t, "w why not the others");
	term_send(t, "u");
	term_wait(t, "Taken back");
	term_sync(t);
	term_wait_same(t, asked);
	quit(t);
}

/* ---- walks --------------------------------------------------------------------------- */

/* Answer yes or the first branch until the walk has ended. */
static void walk_wrong(struct term *t)
{
	for (int i = 0; i < 6 && !term_shows(t, "w why not the others"); i++) {
		const char *before = term_keep(t);
		term_send(t, term_shows(t, "y n answer") ? "y" : "a");
		term_wait_change(t, before);
	}
	assert_true(term_shows(t, "w why not the others"));
}

static void a_walk_shows_the_first_wrong_turn(void **state)
{
	struct term *t = open_trees(*state);
	term_send(t, "w");
	term_wait(t, "case 1 of 10");
	bool wrong = false;
	for (int i = 1; i < 8 && !wrong; i++) {
		char number[16];
		walk_wrong(t);
		wrong = term_shows(t, "first wrong turn");
		assert_true(wrong || term_shows(t, "✓ the answer"));
		if (wrong)
			break;
		snprintf(number, sizeof(number), "case %d of", i + 1);
		term_send(t, " ");
		term_wait(t, number);
	}
	assert_true(wrong);
	assert_true(term_shows(t, "✗ Wrong."));
	term_send(t, "q");
	term_wait(t, "without a wrong turn");
	quit(t);
}

static void steps_of_a_walk_are_taken_back(void **state)
{
	struct term *t = open_trees(*state);
	term_send(t, "w");
	term_wait(t, "▸ Must the server");
	const char *first = term_keep(t);
	term_send(t, "n");
	term_wait(t, "▸ Where does the endpoint stand?");
	term_send(t, "u");
	term_wait(t, "Taken back");
	term_sync(t);
	term_wait_same(t, first);
	quit(t);
}

static void the_home_starts_a_drill(void **state)
{
	struct home *h = *state;
	home_share(h);
	struct term *t = home_start(h, "");
	term_wait(t, "▸ Review");
	term_send(t, "d");
	term_wait(t, "Scenario · Which API type");
	assert_true(term_shows(t, "case 1"));
	assert_false(term_shows(t, "case 1 of"));
	term_send(t, "q");
	term_wait(t, "cards are due");
	quit(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(the_list_says_what_was_done),
		home_test(advice_says_why_and_what_else),
		home_test(a_switch_takes_letters),
		home_test(a_case_is_answered_and_proved),
		home_test(giving_up_shows_the_answer),
		home_test(an_answer_is_taken_back),
		home_test(a_walk_shows_the_first_wrong_turn),
		home_test(steps_of_a_walk_are_taken_back),
		home_test(the_home_starts_a_drill),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
