/* t_search.c -- finding cards and looking at one; and what lies over other screens: help, prompts,
 * notes. */
#include "tests/screen/home.h"

static void quit(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

static struct term *start_search(const struct home *h)
{
	struct term *t = home_start(h, "");
	term_wait(t, "cards are due");
	term_send(t, "/");
	term_wait(t, "15 cards");
	return t;
}

static struct term *start_card(const struct home *h)
{
	struct term *t = home_start(h, "search id:idle");
	term_wait(t, "▸ How long may");
	term_send(t, ENTER);
	term_wait(t, "Card · kinds/idle");
	return t;
}

/* ---- search -------------------------------------------------------------------------- */

static void finds_with_every_key(void **state)
{
	static const struct {
		const char *key, *count;
	} steps[] = {{"c", " cards"},
		     {"o", " cards"},
		     {"g", "1 card"},
		     {"x", "0 cards"},
		     {"\177", "1 card"}};
	struct term *t = start_search(*state);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		term_send(t, steps[i].key);
		term_wait(t, steps[i].count);
	}
	assert_true(term_shows(t, "▸ Cognito tokens"));
	term_send(t, "\025");
	term_wait(t, "15 cards");
	term_send(t, "zzz");
	term_wait(t, "No card meets this.");
	quit(t);
}

static void says_what_can_be_looked_for(void **state)
{
	struct term *t = start_search(*state);
	term_wait(t, "tag:ws");
	term_wait(t, "a or b");
	term_send(t, "kind:");
	term_wait_gone(t, "a or b");
	term_send(t, "choice");
	term_wait(t, "2 cards");
	term_send(t, " or kind:typed");
	term_wait(t, "3 cards");
	quit(t);
}

static void a_bad_query_says_why(void **state)
{
	static const struct {
		const char *query, *said;
	} bad[] = {
		{"is:sleepy ", "sleepy"},
		{"re:( ", "missing closing parenthesis"},
		{"colour:red ", "colour"},
	};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct term *t = start_search(*state);
		term_send(t, bad[i].query);
		term_wait(t, "0 cards");
		int row = 0;
		assert_true(term_find(t, "/ ", &row, NULL));
		assert_non_null(strstr(term_row(t, row + 1), bad[i].said));
		quit(t);
	}
}

static void from_the_line_to_the_list_and_back(void **state)
{
	struct term *t = start_search(*state);
	term_send(t, "kind:choice\t");
	term_wait(t, "? keys");
	assert_false(term_cursor(t, NULL, NULL));
	term_send(t, "j");
	term_wait(t, "▸ Cognito");
	term_send(t, "/");
	term_wait_gone(t, "? keys");
	assert_true(term_cursor(t, NULL, NULL));
	term_send(t, " tag:limits");
	term_wait(t, "/ kind:choice tag:limits");
	term_send(t, DOWN ENTER);
	term_wait(t, "Card · kinds/");
	term_send(t, "q");
	term_wait(t, "/ kind:choice tag:limits");
	quit(t);
}

/* Only rows without cards of the query leave the list. */
static void cards_are_changed_in_the_list(void **state)
{
	struct term *t = home_start(*state, "search is:new deck:kinds");
	term_wait(t, "15 cards");
	term_send(t, "f");
	term_wait(t, "⚑1");
	term_send(t, "!");
	term_wait(t, "Marked as a leech.");
	term_send(t, "jb");
	term_wait(t, "Buried until tomorrow");
	assert_true(term_shows(t, "buried"));
	term_send(t, "u");
	term_wait(t, "Undone: bury on kinds/connections.");
	term_wait_gone(t, " buried");
	term_send(t, "D5\r");
	term_wait(t, "14 cards");
	term_send(t, "u");
	term_wait(t, "15 cards");
	term_send(t, "\022");
	term_wait(t, "14 cards");
	quit(t);
}

static void search_within_a_review_keeps_the_question(void **state)
{
	struct term *t = home_start(*state, "review id:report");
	term_wait(t, "▸ [ ] A");
	term_send(t, "b");
	term_wait(t, "▸ [■] B");
	term_send(t, "/silent\r");
	term_wait(t, "1 card");
	term_send(t, ESC);
	term_wait(t, "▸ [■] B");
	quit(t);
}

/* ---- one card ------------------------------------------------------------------------ */

static void a_card_tells_all(void **state)
{
	struct home *h = *state;
	h->rows = 50;
	home_run(h, "search id:idle --do flag=2", "", NULL);
	home_run(h, "search id:idle --do due=4", "", NULL);
	struct term *t = start_card(h);
	static const char *const texts[] = {
		"in 4 days",
		"10 minutes.",
		"Many notes give 2 hours",
		"API Gateway quotas",
		"Choose between REST APIs",
		"Shorter than a lunch break.",
		"All kinds of cards",
		"basic",
		"limits",
		"decks/kinds.yaml:10",
		"in review, flag 2",
		"2026-11-20",
		"flag 2",
		"due 4",
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		term_wait(t, texts[i]);
	quit(t);
}

static void a_card_is_changed(void **state)
{
	struct home *h = *state;
	h->rows = 50;
	struct term *t = start_card(h);
	term_send(t, "s");
	term_wait(t, "new, suspended");
	term_send(t, "s");
	term_wait(t, "No longer suspended.");
	term_send(t, "b");
	term_wait(t, "buried until tomorrow");
	term_send(t, "b");
	term_wait(t, "No longer buried.");
	term_send(t, "D1\r");
	term_wait(t, "in review");
	term_send(t, "R");
	term_wait(t, "Make this card new again?");
	term_send(t, "y");
	term_wait(t, "state    new");
	term_send(t, "u");
	term_wait(t, "state    in review");
	term_wait(t, "taken back");
	quit(t);
}

static void a_card_scrolls(void **state)
{
	((struct home *)*state)->rows = 20;
	struct term *t = start_card(*state);
	term_wait(t, "more lines, C-d");
	assert_true(term_shows(t, "stay silent?"));
	term_send(t, "G");
	term_wait(t, "the end, C-u goes up");
	assert_true(term_shows(t, "state    new"));
	assert_false(term_shows(t, "stay silent?"));
	term_send(t, "kkkkkkkkkkkkkkkkkkkk");
	term_wait(t, "stay silent?");
	term_send(t, CTRL_D CTRL_D);
	term_wait(t, "the end");
	term_send(t, "g");
	term_wait(t, "stay silent?");
	quit(t);
}

static void the_card_under_review_is_changed_there_only(void **state)
{
	struct term *t = home_start(*state, "review id:idle");
	term_wait(t, "stay silent?");
	term_send(t, "/id:idle\r");
	term_wait(t, "1 card");
	term_send(t, "s");
	term_wait(t, "This card is being reviewed: do that there.");
	quit(t);
}

/* ---- help ---------------------------------------------------------------------------- */

static void help_lists_the_keys_of_the_screen(void **state)
{
	struct term *t = home_start(*state, "review kind:basic");
	term_wait(t, "stay silent?");
	term_send(t, "?");
	term_wait(t, "Keys · review: a question");
	assert_true(term_shows(t, "Space Enter       Show the answer"));
	assert_false(term_shows(t, "stay silent?"));
	term_send(t, "q");
	term_wait(t, "stay silent?");
	term_send(t, " ?");
	term_wait(t, "Keys · review: the answer");
	assert_true(term_shows(t, "I had forgotten it"));
	quit(t);
}

static void help_is_filtered(void **state)
{
	struct term *t = home_start(*state, "review kind:basic");
	term_wait(t, "stay silent?");
	term_send(t, "?");
	term_wait(t, "more lines");
	term_send(t, "/SOURCES");
	term_wait_gone(t, "Show the answer");
	assert_true(term_shows(t, "The addresses of the sources"));
	assert_true(term_shows(t, "/ SOURCES"));
	term_send(t, ENTER);
	term_wait(t, "/ filter");
	term_send(t, ESC);
	term_wait(t, "Show the answer");
	term_send(t, ESC);
	term_wait(t, "stay silent?");
	quit(t);
}

static void help_has_at_most_twenty_lines(void **state)
{
	struct home *h = *state;
	h->rows = 60;
	struct term *t = home_start(h, "review kind:basic");
	term_wait(t, "stay silent?");
	term_send(t, "?");
	term_wait(t, "more lines");
	int top = 0, more = 0;
	assert_true(term_find(t, "Show the answer", &top, NULL));
	assert_true(term_find(t, "more lines", &more, NULL));
	assert_true(more - top <= 20);
	quit(t);
}

/* ---- prompts and notes --------------------------------------------------------------- */

static void a_prompt_stands_over_its_screen(void **state)
{
	struct term *t = home_start(*state, "review kind:basic");
	term_wait(t, "stay silent?");
	term_send(t, ":");
	term_wait(t, "Enter take it");
	int row = 0, col = 0;
	assert_true(term_cursor(t, &row, &col));
	assert_int_equal(row, 21);
	assert_int_equal(col, 4);
	assert_true(term_shows(t, "stay silent?"));
	term_send(t, "su\t");
	term_wait(t, ":suspend   suspend: ");
	term_send(t, ESC);
	term_wait_gone(t, ":suspend");
	term_send(t, ":quit\r");
	assert_int_equal(term_end(t), 0);
}

static void a_name_is_completed_as_far_as_it_goes(void **state)
{
	struct term *t = home_start(*state, "review kind:basic");
	term_wait(t, "stay silent?");
	term_send(t, ":re\t\t");
	term_wait(t, ":re");
	term_send(t, "s\t");
	term_wait(t, ":reset");
	quit(t);
}

static void a_note_breaks_long_addresses(void **state)
{
	struct home *h = *state;
	h->cols = 60;
	h->rows = 18;
	struct term *t = home_start(h, "review kind:basic");
	term_wait(t, "stay silent?");
	term_send(t, "o");
	term_wait(t, "Sources");
	int row = 0;
	assert_true(
		term_find(t, "https://docs.aws.amazon.com/apigateway/latest/develope", &row, NULL));
	assert_non_null(strstr(term_row(t, row + 1), "   r"));
	term_send(t, "q");
	term_wait(t, "stay silent?");
	quit(t);
}

static void an_empty_list_offers_nothing_on_cards(void **state)
{
	struct term *t = home_start(*state, "search zzz");
	term_wait(t, "No card meets this.");
	assert_false(term_shows(t, "Enter open"));
	assert_false(term_shows(t, "e edit"));
	term_send(t, "/");
	term_wait_gone(t, "? keys");
	assert_false(term_shows(t, "Tab to the list"));
	quit(t);
}

static void a_list_tells_the_cells_of_a_table_apart(void **state)
{
	struct term *t = home_start(*state, "search kind:table");
	term_wait(t, "4 cards");
	term_wait(t, "Who may speak first · REST API");
	quit(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(finds_with_every_key),
		home_test(says_what_can_be_looked_for),
		home_test(a_bad_query_says_why),
		home_test(from_the_line_to_the_list_and_back),
		home_test(cards_are_changed_in_the_list),
		home_test(search_within_a_review_keeps_the_question),
		home_test(a_card_tells_all),
		home_test(a_card_is_changed),
		home_test(a_card_scrolls),
		home_test(the_card_under_review_is_changed_there_only),
		home_test(help_lists_the_keys_of_the_screen),
		home_test(help_is_filtered),
		home_test(help_has_at_most_twenty_lines),
		home_test(a_prompt_stands_over_its_screen),
		home_test(a_name_is_completed_as_far_as_it_goes),
		home_test(a_note_breaks_long_addresses),
		home_test(an_empty_list_offers_nothing_on_cards),
		home_test(a_list_tells_the_cells_of_a_table_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
