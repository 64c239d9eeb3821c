/* t_session.c -- a review session as a whole: grades and what they promise, undo and redo, what can
 * be done with a card, waiting, the end, and what is on disk afterwards. */
#include "tests/screen/home.h"

static const char *plain(const struct home *h, const char *args)
{
	const char *out;
	assert_int_equal(home_run(h, args, "", &out), 0);
	return out;
}

static void expect_found(const struct home *h, const char *query, const char *key)
{
	char args[128];
	const char *out;
	snprintf(args, sizeof(args), "search %s", query);
	home_run(h, args, "", &out);
	if (!strstr(out, key))
		fail_msg("%s is not %s:\n%s", key, query, out);
}

static void expect_not_found(const struct home *h, const char *query, const char *key)
{
	char args[128];
	const char *out;
	snprintf(args, sizeof(args), "search %s", query);
	home_run(h, args, "", &out);
	if (strstr(out, key))
		fail_msg("%s is %s:\n%s", key, query, out);
}

/* In front of the answer of the basic card. */
static struct term *start_answered(const struct home *h)
{
	struct term *t = home_start(h, "review kind:basic");
	term_wait(t, "stay silent?");
	term_send(t, " ");
	term_wait(t, "How did it go?");
	return t;
}

static struct term *start_asked(const struct home *h)
{
	struct term *t = home_start(h, "review kind:basic");
	term_wait(t, "stay silent?");
	return t;
}

static void quit(struct term *t)
{
	term_send(t, "Q");
	assert_int_equal(term_end(t), 0);
}

/* ---- grades -------------------------------------------------------------------------- */

/* The words below a button, without the blanks around. */
static void words_below(struct term *t, const char *button, char *out, size_t size)
{
	int row = 0, col = 0;
	assert_true(term_find(t, button, &row, &col));
	const char *line = term_row(t, row + 1);
	assert_true((int)strlen(line) > col);
	line += col;
	line += strspn(line, " ");
	const char *end = strstr(line, "  ");
	snprintf(out, size, "%.*s", end ? (int)(end - line) : (int)strlen(line), line);
}

/* Learning steps come as minutes; a card that left them as days. */
static void buttons_say_what_happens(void **state)
{
	static const char *const buttons[] = {"1  again", "2  hard", "3  good", "4  easy"};
	char words[32], said[64], key[2] = "1";
	for (int due = 0; due < 2; due++) {
		for (int i = 0; i < 4; i++) {
			if (due)
				plain(*state, "search kind:basic --do due=0");
			key[0] = (char)('1' + i);
			struct term *t = start_answered(*state);
			words_below(t, buttons[i], words, sizeof(words));
			bool tomorrow = strcmp(words, "1 day") == 0;
			snprintf(said, sizeof(said), "Due again %s%s",
				 tomorrow ? "tomorrow" : "in ", tomorrow ? "" : words);
			term_send(t, key);
			term_wait(t, said);
			quit(t);
			expect_found(*state, "kind:basic", tomorrow ? "tomorrow" : words);
			home_remove(*state, "study.db");
		}
	}
}

static void space_takes_the_marked_grade(void **state)
{
	struct term *t = start_answered(*state);
	term_send(t, " ");
	term_wait(t, "1 kept · 0 lost");
	quit(t);
	assert_non_null(strstr(plain(*state, "stats --json"), "\"kept\": 1"));
}

/* ---- undo and redo ------------------------------------------------------------------- */

static void undo_and_redo_an_answer(void **state)
{
	struct term *t = start_answered(*state);
	term_send(t, "1");
	term_wait(t, "0 kept · 1 lost");
	term_send(t, "u");
	term_wait(t, "Undone: again on kinds/idle.");
	term_wait(t, "1 of 1");
	assert_false(term_shows(t, "lost"));
	term_send(t, "u");
	term_wait(t, "There is nothing to undo.");
	term_send(t, "\022");
	term_wait(t, "Done again: again on kinds/idle.");
	term_wait(t, "0 kept · 1 lost");
	quit(t);
	expect_found(*state, "is:learn", "kinds/idle");
}

static void undo_at_the_end(void **state)
{
	struct term *t = start_answered(*state);
	term_send(t, "4");
	term_wait(t, "That was all for now.");
	term_send(t, "u");
	term_wait(t, "stay silent?");
	term_send(t, " ");
	term_wait(t, "How did it go?");
	quit(t);
	expect_found(*state, "is:new", "kinds/idle");
}

static void undo_across_sessions(void **state)
{
	struct term *t = start_answered(*state);
	term_send(t, "4");
	term_wait(t, "Every answer is kept.");
	quit(t);
	t = home_start(*state, "review kind:typed");
	term_wait(t, "fetch anew?");
	term_send(t, "\024");
	term_wait(t, "Undone: easy on kinds/idle.");
	term_wait(t, "stay silent?");
	quit(t);
	expect_found(*state, "is:new", "kinds/idle");
}

static void undo_from_home(void **state)
{
	struct term *t = start_answered(*state);
	term_send(t, "4");
	term_wait(t, "Every answer is kept.");
	quit(t);
	t = home_start(*state, "");
	term_wait(t, "u undo");
	assert_true(term_shows(t, "1 answer, 1 kept"));
	term_send(t, "u");
	term_wait(t, "on kinds/idle.");
	assert_false(term_shows(t, "1 answer, 1 kept"));
	term_send(t, "\022");
	term_wait(t, "Done again");
	assert_true(term_shows(t, "1 answer, 1 kept"));
	quit(t);
}

/* ---- what is done with a card -------------------------------------------------------- */

static void bury_hides_until_tomorrow(void **state)
{
	struct home *h = *state;
	struct term *t = home_start(h, "review");
	term_wait(t, "stay silent?");
	term_send(t, "b");
	term_wait(t, "Buried until tomorrow");
	term_wait_gone(t, "stay silent?");
	quit(t);
	expect_found(h, "is:buried", "kinds/idle");
	h->now = TOMORROW;
	expect_not_found(h, "is:buried", "kinds/idle");
	t = start_asked(h);
	quit(t);
}

static void undo_takes_bury_and_suspend_back(void **state)
{
	static const struct {
		const char *key, *said, *query;
	} acts[] = {
		{"b", "Buried until tomorrow", "is:buried"},
		{"s", "Suspended; u takes it back.", "is:suspended"},
	};
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		struct term *t = home_start(*state, "review");
		term_wait(t, "stay silent?");
		term_send(t, acts[i].key);
		term_wait(t, acts[i].said);
		term_wait_gone(t, "stay silent?");
		expect_found(*state, acts[i].query, "kinds/idle");
		term_send(t, "u");
		term_wait(t, "stay silent?");
		quit(t);
		expect_not_found(*state, acts[i].query, "kinds/idle");
	}
}

static void the_last_card_suspended_ends_the_session(void **state)
{
	struct term *t = start_asked(*state);
	term_send(t, "s");
	term_wait(t, "Suspended");
	term_wait(t, "Every answer is kept.");
	quit(t);
	expect_found(*state, "is:suspended", "kinds/idle");
}

static void flags_go_round(void **state)
{
	static const char *const said[] = {"Flag 1.", "Flag 2.",  "Flag 3.",
					   "Flag 4.", "No flag.", "Flag 1."};
	struct term *t = start_asked(*state);
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		term_send(t, "f");
		term_wait(t, said[i]);
	}
	term_send(t, " ");
	term_wait(t, "⚑ flag 1");
	quit(t);
	expect_found(*state, "flag:1", "kinds/idle");
}

static void leech_is_marked_and_unmarked(void **state)
{
	struct term *t = start_answered(*state);
	term_send(t, "!");
	term_wait(t, "Marked as a leech.");
	expect_found(*state, "is:leech", "kinds/idle");
	term_wait(t, "! leech");
	term_send(t, "!");
	term_wait(t, "No leech any more.");
	term_wait_gone(t, "! leech");
	quit(t);
	expect_not_found(*state, "is:leech", "kinds/idle");
}

static void a_forgotten_card_becomes_a_leech(void **state)
{
	home_write(*state, "config.yaml", "leech-threshold: 1\n");
	plain(*state, "search kind:basic --do due=0");
	struct term *t = start_answered(*state);
	term_send(t, "1");
	term_wait(t, "it is a leech now and suspended");
	quit(t);
	expect_found(*state, "is:leech", "kinds/idle");
	expect_found(*state, "is:suspended", "kinds/idle");
}

static void due_is_asked_for(void **state)
{
	struct term *t = start_asked(*state);
	term_send(t, "D");
	term_wait(t, "Due in how many days?");
	assert_true(term_cursor(t, NULL, NULL));
	term_send(t, "soon\r");
	term_wait(t, "Days are a number from 0 to 36500.");
	term_send(t, "D" ESC);
	term_wait_gone(t, "Due in how many days?");
	term_wait(t, "stay silent?");
	term_send(t, "D3\r");
	term_wait(t, "Due in 3 days.");
	quit(t);
	expect_found(*state, "kind:basic", "in 3 days");
}

static void reset_is_confirmed(void **state)
{
	plain(*state, "search kind:basic --do due=0");
	struct term *t = start_asked(*state);
	term_send(t, "R");
	term_wait(t, "Make this card new again?");
	assert_true(term_shows(t, "stay silent?"));
	term_send(t, "n");
	term_wait_gone(t, "Make this card new again?");
	expect_not_found(*state, "is:new", "kinds/idle");
	term_send(t, "R");
	term_wait(t, "Make this card new again?");
	term_send(t, "y");
	term_wait(t, "The card is new again.");
	quit(t);
	expect_found(*state, "is:new", "kinds/idle");
}

static void commands_by_name(void **state)
{
	struct term *t = start_asked(*state);
	term_send(t, ":");
	term_wait(t, ":");
	term_send(t, "fl");
	term_wait(t, "flag: ");
	term_send(t, "\t 7\r");
	term_wait(t, "Flag 7.");
	term_send(t, ":fl 9\r");
	term_wait(t, "A flag is a number from 1 to 7");
	term_send(t, ":jump\r");
	term_wait(t, "There is no command \"jump\" here");
	term_send(t, ":due 2\r");
	term_wait(t, "Due in 2 days.");
	quit(t);
	expect_found(*state, "flag:7", "kinds/idle");
}

static void source_is_shown_in_full(void **state)
{
	struct term *t = start_asked(*state);
	term_send(t, "o");
	term_wait(t, "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html");
	assert_true(term_shows(t, "Choose between REST APIs and HTTP APIs"));
	term_send(t, ESC);
	term_wait(t, "stay silent?");
	quit(t);
}

/* ---- waiting and the end ------------------------------------------------------------- */

static void a_learning_card_is_waited_for(void **state)
{
	struct home *h = *state;
	home_write(h, "config.yaml", "learn-ahead: 0\nfuzz: off\n");
	struct term *t = start_answered(h);
	term_send(t, "3");
	term_wait(t, "The next card is ready in 10 min.");
	assert_true(term_shows(t, "So far 1 answer, 1 kept, 0 lost."));
	assert_false(term_shows(t, "stay silent?"));
	quit(t);
	h->now = "2026-11-20T09:03:30Z";
	t = home_start(h, "review kind:basic");
	term_wait(t, "The next card is ready in 7 min.");
	quit(t);
	h->now = "2026-11-20T09:10:00Z";
	t = start_asked(h);
	quit(t);
}

static void the_end_counts(void **state)
{
	struct term *t = home_start(*state, "review id:connections or id:report");
	term_wait(t, "1 of 2");
	term_send(t, " 4");
	term_wait(t, "2 of 2 · 1 kept · 0 lost");
	term_send(t, "\a1");
	term_wait(t, "1 kept · 1 lost");
	term_send(t, "q");
	term_wait(t, "Stopped here. Every answer is kept.");
	term_wait(t, "answers     2");
	term_wait(t, "✓ 1");
	term_wait(t, "✗ 1");
	term_wait(t, "1 card is left");
	term_send(t, ENTER);
	assert_int_equal(term_end(t), 0);
}

static void leaving_before_the_first_answer_ends_at_once(void **state)
{
	struct term *t = start_asked(*state);
	term_send(t, "q");
	assert_int_equal(term_end(t), 0);
}

static void nothing_due(void **state)
{
	struct term *t = home_start(*state, "review is:suspended");
	assert_int_equal(term_finish(t), 3);
	assert_false(term_wrote(t, "\033[?1049h"));
	assert_true(term_wrote(t, "nothing is due now"));
	term_free(t);
	home_write(*state, "config.yaml", "new-per-day: 0\n");
	t = home_start(*state, "");
	term_wait(t, "Nothing is due now.");
	assert_true(term_shows(t, "nothing due"));
	term_send(t, " ");
	term_wait(t, "Nothing is due there now.");
	quit(t);
}

static void new_cards_stop_at_the_daily_number(void **state)
{
	home_write(*state, "config.yaml", "new-per-day: 1\n");
	struct term *t = home_start(*state, "review");
	term_wait(t, "1 of 1");
	term_send(t, " 4");
	term_wait(t, "That was all for now.");
	quit(t);
	assert_int_equal(home_run(*state, "review", "", NULL), 3);
}

static void cram_leaves_the_dates(void **state)
{
	struct term *t = home_start(*state, "review --cram kind:basic");
	term_wait(t, "Cram · All kinds");
	term_send(t, " ");
	term_wait(t, "How did it go?");
	assert_false(term_shows(t, "10 min "));
	term_send(t, "3");
	term_wait(t, "Noted; its date stays.");
	quit(t);
	expect_found(*state, "is:new", "kinds/idle");
}

/* ---- two at once --------------------------------------------------------------------- */

static void a_second_instance_is_told(void **state)
{
	struct term *first = start_asked(*state);
	struct term *second = home_start(*state, "review");
	assert_int_equal(term_finish(second), 1);
	assert_true(term_wrote(second, "another gatedrill"));
	assert_true(term_wrote(second, "end it first"));
	term_free(second);
	second = home_start(*state, "");
	term_wait(second, "cards are due");
	term_send(second, " ");
	term_wait(second, "another gatedrill");
	quit(first);
	term_send(second, " ");
	term_wait(second, "stay silent?");
	quit(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(buttons_say_what_happens),
		home_test(space_takes_the_marked_grade),
		home_test(undo_and_redo_an_answer),
		home_test(undo_at_the_end),
		home_test(undo_across_sessions),
		home_test(undo_from_home),
		home_test(bury_hides_until_tomorrow),
		home_test(undo_takes_bury_and_suspend_back),
		home_test(the_last_card_suspended_ends_the_session),
		home_test(flags_go_round),
		home_test(leech_is_marked_and_unmarked),
		home_test(a_forgotten_card_becomes_a_leech),
		home_test(due_is_asked_for),
		home_test(reset_is_confirmed),
		home_test(commands_by_name),
		home_test(source_is_shown_in_full),
		home_test(a_learning_card_is_waited_for),
		home_test(the_end_counts),
		home_test(leaving_before_the_first_answer_ends_at_once),
		home_test(nothing_due),
		home_test(new_cards_stop_at_the_daily_number),
		home_test(cram_leaves_the_dates),
		home_test(a_second_instance_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
