/* t_quiz.c -- a practice quiz on the screen: every kind that can be graded, how sure the learner
 * was before the answer is shown, the reasons, and what the quiz came to. */
#include "tests/screen/home.h"

static struct term *quiz(struct home *h, const char *args)
{
	char line[80];
	snprintf(line, sizeof(line), "quiz %s", args);
	return home_start(h, line);
}

static void quit(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

/* The letter of the option with this text. */
static const char *letter_of(struct term *t, const char *text)
{
	static char letter[2];
	int row, col;
	assert_true(term_find(t, text, &row, &col));
	snprintf(letter, sizeof(letter), "%c", term_cell(t, row, col - 3)[0] | 0x20);
	return letter;
}

#define RIGHT_ONE "Answer 202"
#define WRONG_ONE "Raise the timeout"

static void choose(struct term *t, const char *text)
{
	char line[16];
	const char *letter = letter_of(t, text);
	snprintf(line, sizeof(line), "[■] %c", letter[0] & ~0x20);
	term_send(t, letter);
	term_wait(t, line);
}

static void answer(struct term *t, const char *text, const char *sure)
{
	choose(t, text);
	term_send(t, ENTER);
	term_wait(t, "Are you sure?");
	term_send(t, sure);
	term_wait_gone(t, "Are you sure?");
}

static void sure_is_said_before_the_answer(void **state)
{
	struct term *t = quiz(*state, "id:report");
	term_wait(t, "A report takes ten minutes.");
	assert_true(term_shows(t, "1 of 1"));
	term_send(t, ENTER);
	term_wait(t, "Choose one first");
	choose(t, RIGHT_ONE);
	assert_false(term_shows(t, "The call ends at once."));
	term_send(t, ENTER);
	term_wait(t, "Are you sure?");
	assert_false(term_shows(t, "The call ends at once."));
	term_send(t, ESC);
	term_wait_gone(t, "Are you sure?");
	assert_true(term_shows(t, "[■]"));
	term_send(t, ENTER);
	term_wait(t, "Are you sure?");
	term_send(t, "s");
	term_wait(t, "The call ends at once.");
	/* Every option has its reason, and the source stands below. */
	assert_true(term_shows(t, "A cache helps the second caller."));
	assert_true(term_shows(t, "Its limit is 30 seconds."));
	assert_true(term_shows(t, "The gateway gives up first."));
	assert_true(term_shows(t, "✓ Right."));
	term_send(t, "o");
	term_wait(t, "https://docs.aws.amazon.com");
	term_send(t, ESC);
	term_wait(t, "✓ Right.");
	term_send(t, " ");
	term_wait(t, "That was the quiz.");
	assert_true(term_shows(t, "✓ 1 of 1"));
	term_send(t, " ");
	assert_int_equal(term_end(t), 0);
}

static void sure_and_wrong_stands_out(void **state)
{
	struct term *t = quiz(*state, "id:report");
	term_wait(t, "A report takes ten minutes.");
	answer(t, WRONG_ONE, "3");
	term_wait(t, "✗ Wrong.");
	assert_true(term_shows(t, "You were sure of it."));
	assert_true(term_shows(t, "It comes back"));
	term_send(t, " ");
	term_wait(t, "1, 1 of them sure");
	assert_true(term_shows(t, "To look at again"));
	assert_true(term_shows(t, "1 card comes back soon"));
	quit(t);
}

static void an_unsure_answer_comes_back(void **state)
{
	struct term *t = quiz(*state, "id:report");
	term_wait(t, "A report takes ten minutes.");
	answer(t, RIGHT_ONE, "u");
	term_wait(t, "You were unsure of it.");
	assert_true(term_shows(t, "It comes back"));
	term_send(t, " ");
	term_wait(t, "1 right all the same");
	quit(t);
}

static void giving_up_and_leaving_out_differ(void **state)
{
	struct term *t = quiz(*state, "kind:choice");
	term_wait(t, "1 of 2");
	term_send(t, "\t");
	term_wait(t, "2 of 2");
	term_send(t, "\a");
	term_wait(t, "✗ Given up.");
	term_send(t, " ");
	term_wait(t, "✗ 1");
	assert_true(term_shows(t, "✓ 0 of 1"));
	quit(t);
}

static void an_answer_is_undone(void **state)
{
	struct term *t = quiz(*state, "id:report");
	term_wait(t, "A report takes ten minutes.");
	answer(t, WRONG_ONE, "s");
	term_wait(t, "✗ Wrong.");
	term_send(t, "u");
	term_wait(t, "Undone: ");
	assert_false(term_shows(t, "[■]"));
	answer(t, RIGHT_ONE, "s");
	term_wait(t, "✓ Right.");
	term_send(t, " ");
	term_wait(t, "✓ 1 of 1");
	quit(t);
}

static void every_kind_can_be_asked(void **state)
{
	static const struct {
		const char *args, *text, *keys, *shown;
	} kinds[] = {
		{"kind:truefalse", "True or false?", "b" ENTER "s", "✓ Right."},
		{"kind:typed", "▸", "nonsense" ENTER "s", "You typed"},
		{"kind:ordering", "▸ 1", "J" ENTER "s", "Wrong."},
		{"kind:matching", "[ ]", "aaa" ENTER "s", "→"},
		{"id:tokens", "0 of 2 chosen", "ab" ENTER "s", "your choice"},
	};
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct term *t = quiz(*state, kinds[i].args);
		term_wait(t, kinds[i].text);
		term_send(t, kinds[i].keys);
		term_wait(t, kinds[i].shown);
		quit(t);
	}
}

static void nothing_to_ask_is_said(void **state)
{
	struct home *h = *state;
	struct term *t = quiz(h, "kind:basic");
	assert_int_equal(term_end(t), 3);
	home_remove(h, "decks/kinds.yaml");
	t = home_start(h, "");
	term_wait(t, "There are no cards yet.");
	const char *before = term_keep(t);
	term_send(t, "q");
	term_wait_change(t, before);
	assert_true(term_shows(t, "▸ Review"));
	quit(t);
}

static void the_clock_is_shown(void **state)
{
	struct term *t = quiz(*state, "--minutes 7 id:report");
	term_wait(t, "0:07:00 left");
	quit(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(sure_is_said_before_the_answer),
		home_test(sure_and_wrong_stands_out),
		home_test(an_unsure_answer_comes_back),
		home_test(giving_up_and_leaving_out_differ),
		home_test(an_answer_is_undone),
		home_test(every_kind_can_be_asked),
		home_test(nothing_to_ask_is_said),
		home_test(the_clock_is_shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
