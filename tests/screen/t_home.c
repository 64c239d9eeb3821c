/* t_home.c -- the first screen and the ways from it: decks, a deck's cards, statistics. */
#include "tests/screen/home.h"

static void quit(struct term *t)
{
	term_send(t, "Q");
	assert_int_equal(term_end(t), 0);
}

static void answer_easily(const struct home *h, const char *args)
{
	struct term *t = home_start(h, args);
	term_wait(t, "1 of 1");
	term_send(t, " ");
	term_wait(t, "How did it go?");
	term_send(t, "4");
	term_wait(t, "Every answer is kept.");
	quit(t);
}

/* ---- home ---------------------------------------------------------------------------- */

static void says_how_much_there_is_to_do(void **state)
{
	struct term *t = home_start(*state, "");
	term_wait(t, "10 cards are due. That is about 3 minutes.");
	assert_true(term_shows(t, "1 deck, 15 cards"));
	assert_true(term_shows(t, "10 new"));
	assert_true(term_shows(t, "DVA-C03"));
	quit(t);
	answer_easily(*state, "review kind:basic");
	t = home_start(*state, "");
	term_wait(t, "9 cards are due.");
	assert_true(term_shows(t, "1 answer, 1 kept"));
	assert_true(term_shows(t, "100 % kept"));
	quit(t);
}

static void says_when_the_exam_is(void **state)
{
	static const struct {
		const char *config, *said;
	} dates[] = {
		{"exam-date: 2026-12-02\n", "DVA-C03 · exam in 12 days"},
		{"exam-date: 2026-11-21\n", "exam in 1 day"},
		{"exam-date: 2026-11-20\n", "the exam is today"},
	};
	for (size_t i = 0; i < ARRAY_LEN(dates); i++) {
		home_write(*state, "config.yaml", dates[i].config);
		struct term *t = home_start(*state, "");
		term_wait(t, dates[i].said);
		quit(t);
	}
}

static void menu_opens_each_screen(void **state)
{
	static const struct {
		int downs;
		const char *key, *text;
	} entries[] = {
		{0, " ", "Space show the answer"}, {2, "q", "1 of "},
		{4, "t", "There are no decision"}, {5, "l", "There are no labs."},
		{6, "D", "All kinds of cards"},    {7, "/", "two words"},
		{8, "S", "No answers yet"},
	};
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		struct term *t = home_start(*state, "");
		term_wait(t, "▸ Review");
		for (int k = 0; k < entries[i].downs; k++)
			term_send(t, DOWN);
		term_send(t, ENTER);
		term_wait(t, entries[i].text);
		term_send(t, ESC);
		term_wait(t, "cards are due");
		term_send(t, entries[i].key);
		term_wait(t, entries[i].text);
		term_send(t, ESC);
		term_wait(t, "cards are due");
		term_send(t, "Q");
		assert_int_equal(term_end(t), 0);
	}
}

static void what_is_not_installed_is_said(void **state)
{
	struct term *t = home_start(*state, "");
	term_wait(t, "▸ Review");
	term_send(t, "e");
	term_wait(t, "no exam is installed");
	term_send(t, "d");
	term_wait(t, "there are no decision trees");
	term_send(t, "Q");
	assert_int_equal(term_end(t), 0);
}

static void a_home_without_decks(void **state)
{
	home_remove(*state, "decks/kinds.yaml");
	struct term *t = home_start(*state, "");
	term_wait(t, "There are no cards yet.");
	assert_true(term_shows(t, "gatedrill deck new NAME"));
	term_send(t, "D");
	term_wait(t, "There are no decks yet.");
	term_send(t, ESC);
	term_wait(t, "There are no cards yet.");
	term_send(t, "S");
	term_wait(t, "0 cards");
	quit(t);
}

static void a_broken_deck_hides_no_other(void **state)
{
	home_write(*state, "decks/broken.yaml",
		   "deck: broken\ntitle: Broken\nformat: 1\ncards:\n- id: x\n  kind: basik\n");
	struct term *t = home_start(*state, "");
	term_wait(t, "10 cards are due.");
	quit(t);
}

static void suspended_cards_are_not_counted(void **state)
{
	assert_int_equal(home_run(*state, "search deck:kinds --do suspend", "", NULL), 0);
	struct term *t = home_start(*state, "");
	term_wait(t, "Nothing is due now.");
	quit(t);
}

static void home_and_session_count_alike(void **state)
{
	struct term *t = home_start(*state, "");
	term_wait(t, "10 cards are due.");
	term_send(t, " ");
	term_wait(t, "1 of 10");
	quit(t);
}

/* ---- decks --------------------------------------------------------------------------- */

static void decks_show_their_figures(void **state)
{
	home_write(*state, "decks/second.yaml",
		   "deck: second\ntitle: The second deck\nformat: 1\n"
		   "sources: {s: {title: A, url: \"https://example.org/\", checked: 2026-11-18}}\n"
		   "cards:\n- {id: one, kind: basic, front: First question, back: An answer, "
		   "source: s}\n");
	answer_easily(*state, "review deck:second");
	struct term *t = home_start(*state, "");
	term_wait(t, "cards are due");
	term_send(t, "D");
	term_wait(t, "2 decks · 16 cards");
	int due = 0, first = 0;
	assert_true(term_find(t, "due", NULL, &due));
	assert_true(term_find(t, "All kinds of cards", &first, NULL));
	assert_true(term_find(t, "▸ All kinds", NULL, NULL));
	term_send(t, DOWN);
	term_wait(t, "▸ The second deck");
	term_send(t, "k");
	term_wait(t, "▸ All kinds of cards");
	assert_non_null(strstr(term_row(t, first), " 15 "));
	quit(t);
}

static void a_deck_is_reviewed_or_listed(void **state)
{
	struct term *t = home_start(*state, "");
	term_wait(t, "cards are due");
	term_send(t, "D");
	term_wait(t, "▸ All kinds of cards");
	term_send(t, " ");
	term_wait(t, "Review · All kinds of cards");
	term_send(t, "q");
	term_wait(t, "▸ All kinds of cards");
	term_send(t, ENTER);
	term_wait(t, "15 cards");
	term_wait(t, "▸ How long may a WebSocket connection stay silent?");
	term_send(t, ENTER);
	term_wait(t, "Card · kinds/idle");
	term_send(t, ESC);
	term_wait(t, "▸ How long may");
	term_send(t, ESC);
	term_wait(t, "▸ All kinds of cards");
	quit(t);
}

static void a_long_list_scrolls(void **state)
{
	struct home *h = *state;
	h->rows = 16;
	struct term *t = home_start(h, "search deck:kinds");
	term_wait(t, "▸ How long may");
	assert_false(term_shows(t, "Which header asks"));
	term_send(t, "G");
	term_wait(t, "▸ Which header asks");
	assert_false(term_shows(t, "How long may"));
	term_send(t, CTRL_U CTRL_U CTRL_U CTRL_U);
	term_wait(t, "▸ How long may");
	term_send(t, PAGE_DOWN PAGE_DOWN PAGE_DOWN PAGE_DOWN);
	term_wait(t, "▸ Which header asks");
	term_send(t, "g");
	term_wait(t, "▸ How long may");
	quit(t);
}

/* ---- statistics ---------------------------------------------------------------------- */

static void statistics_count_answers(void **state)
{
	struct home *h = *state;
	answer_easily(h, "review kind:basic");
	answer_easily(h, "review kind:table");
	struct term *t = home_start(h, "");
	term_wait(t, "cards are due");
	term_send(t, "S");
	term_wait(t, "Statistics · all decks");
	int row = 0;
	assert_true(term_find(t, "today", &row, NULL));
	const char *line = term_row(t, row);
	assert_non_null(strstr(line, " 2 "));
	assert_non_null(strstr(line, "100 %"));
	assert_true(term_shows(t, "aimed at"));
	assert_true(term_shows(t, "90 %"));
	assert_true(term_shows(t, "13 new, 2 in review"));
	assert_true(term_shows(t, "Reviews ahead"));
	quit(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(says_how_much_there_is_to_do),
		home_test(says_when_the_exam_is),
		home_test(menu_opens_each_screen),
		home_test(what_is_not_installed_is_said),
		home_test(a_home_without_decks),
		home_test(a_broken_deck_hides_no_other),
		home_test(suspended_cards_are_not_counted),
		home_test(home_and_session_count_alike),
		home_test(decks_show_their_figures),
		home_test(a_deck_is_reviewed_or_listed),
		home_test(a_long_list_scrolls),
		home_test(statistics_count_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
