/* t_kinds.c -- each kind of card on the screen: how it asks, and what a right and a wrong answer
 * lead to. Options come in an order drawn from the seed, so letters are read off the screen, as a
 * learner does. */
#include "tests/screen/home.h"

#include <ctype.h>

/* The letter before an option or text, as the key for it. */
static const char *key_of(struct term *t, const char *text)
{
	static char key[2];
	int row = 0;
	if (!term_find(t, text, &row, NULL))
		fail_msg("\"%s\" is not on this screen:\n%s", text, term_screen(t));
	const char *line = term_row(t, row);
	const char *p = strstr(line, text);
	while (p > line && p[-1] == ' ')
		p--;
	assert_true(p > line && isupper((unsigned char)p[-1]));
	key[0] = (char)tolower((unsigned char)p[-1]);
	return key;
}

/* Choose an option and wait until it stands as chosen. */
static void choose(struct term *t, const char *text)
{
	char shown[64];
	const char *key = key_of(t, text);
	snprintf(shown, sizeof(shown), "[■] %c  %s", toupper((unsigned char)key[0]), text);
	term_send(t, key);
	term_wait(t, shown);
}

static void give_up_and_end(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

/* The answer was judged; the grade is offered, taken with Enter and said. */
static void expect_verdict(struct term *t, bool right)
{
	term_wait(t, right ? "✓ Right." : "✗ Wrong.");
	assert_true(term_shows(t, right ? "▸ 3  good" : "▸ 1  again"));
	term_send(t, ENTER);
	term_wait(t, "Due again in ");
	term_wait(t, right ? "1 kept · 0 lost" : "0 kept · 1 lost");
	give_up_and_end(t);
}

/* ---- recall: think, then turn the card ----------------------------------------------- */

static void shows_the_answer_only_when_asked(void **state)
{
	static const struct {
		const char *kind, *question, *answer;
	} cards[] = {
		{"basic", "How long may a WebSocket connection stay silent?", "10 minutes."},
		{"reversed", "What does a backend call to reach one connected client?",
		 "@connections with the connection id"},
		{"cloze", "A WebSocket frame may hold [a size] and a message 128 KB.",
		 "may hold 32 KB and a message 128 KB."},
		{"table", "Who may speak first · REST API", "only the client"},
	};
	char args[64];
	for (size_t i = 0; i < ARRAY_LEN(cards); i++) {
		snprintf(args, sizeof(args), "review kind:%s", cards[i].kind);
		struct term *t = home_start(*state, args);
		term_wait(t, cards[i].question);
		assert_false(term_shows(t, cards[i].answer));
		assert_false(term_shows(t, "How did it go?"));
		term_send(t, " ");
		term_wait(t, "How did it go?");
		assert_true(term_shows(t, cards[i].answer));
		assert_true(term_shows(t, "▸ 3  good"));
		give_up_and_end(t);
	}
}

static void answer_tells_lore_source_and_history(void **state)
{
	struct term *t = home_start(*state, "review kind:basic");
	term_wait(t, "stay silent?");
	term_send(t, " ");
	term_wait(t, "Many notes give 2 hours as the idle limit.");
	term_wait(t, "API Gateway quotas, and 1 more");
	term_wait(t, "checked 2026-11-18");
	term_wait(t, "history  new");
	give_up_and_end(t);
}

static void hint_is_shown_and_hidden(void **state)
{
	struct term *t = home_start(*state, "review kind:basic");
	term_wait(t, "H hint");
	term_send(t, "H");
	term_wait(t, "Shorter than a lunch break.");
	term_send(t, "H");
	term_wait_gone(t, "Shorter than a lunch break.");
	give_up_and_end(t);
}

static void reversed_card_asks_back_another_day(void **state)
{
	struct home *h = *state;
	struct term *t = home_start(h, "review kind:reversed");
	term_wait(t, "1 of 1");
	term_send(t, " ");
	term_wait(t, "How did it go?");
	term_send(t, "4");
	term_wait(t, "Every answer is kept.");
	term_send(t, "q");
	assert_int_equal(term_end(t), 0);
	h->now = TOMORROW;
	t = home_start(h, "review kind:reversed");
	term_wait(t, "@connections with the connection id");
	assert_false(term_shows(t, "What does a backend call"));
	term_send(t, " ");
	term_wait(t, "What does a backend call to reach one connected client?");
	give_up_and_end(t);
}

/* ---- true or false, and choices ------------------------------------------------------ */

static void true_or_false(void **state)
{
	for (int right = 0; right < 2; right++) {
		struct term *t = home_start(*state, "review kind:truefalse");
		term_wait(t, "An HTTP API is a REST API at a lower price.");
		term_send(t, right ? "b" : "a");
		term_wait(t, right ? "[■] B  False" : "[■] A  True");
		term_send(t, ENTER);
		term_wait(t, "It has no API keys");
		expect_verdict(t, right);
		home_remove(*state, "study.db");
	}
}

static void one_choice(void **state)
{
	for (int right = 0; right < 2; right++) {
		struct term *t = home_start(*state, "review id:report");
		term_wait(t, "What");
		choose(t, right ? "Turn on the cache" : "Answer 202");
		/* A second choice takes the place of the first. */
		choose(t, right ? "Answer 202" : "Turn on the cache");
		assert_false(term_shows(t, right ? "[■] A  Turn on" : "[■] B  Answer"));
		term_send(t, ENTER);
		term_wait(t, right ? "Right, your choice. The call ends at once."
				   : "Right, not chosen. The call ends at once.");
		assert_true(term_shows(t, right ? "Wrong. A cache helps"
						: "Wrong, your choice. A cache helps"));
		assert_true(term_shows(t, "Wrong. Its limit is 30 seconds."));
		assert_true(term_shows(t, "Wrong. The gateway gives up first."));
		expect_verdict(t, right);
		home_remove(*state, "study.db");
	}
}

static void several_choices(void **state)
{
	for (int right = 0; right < 2; right++) {
		struct term *t = home_start(*state, "review id:tokens");
		term_wait(t, "0 of 2 chosen");
		choose(t, "HTTP API with a JWT");
		term_wait(t, "1 of 2 chosen");
		term_send(t, ENTER);
		term_wait(t, "Not enough are chosen yet.");
		choose(t, right ? "REST API with a Cognito" : "REST API with an API key");
		term_wait(t, "2 of 2 chosen");
		term_send(t, key_of(t, "WebSocket API with"));
		term_wait(t, "2 are chosen already: take one back first.");
		term_send(t, ENTER);
		expect_verdict(t, right);
		home_remove(*state, "study.db");
	}
}

static void choosing_with_arrows_and_space(void **state)
{
	struct term *t = home_start(*state, "review id:report");
	term_wait(t, "▸ [ ] A");
	term_send(t, UP DOWN DOWN);
	term_wait(t, "▸ [ ] C");
	term_send(t, " ");
	term_wait(t, "▸ [■] C");
	term_send(t, DOWN DOWN DOWN);
	term_wait(t, "▸ [ ] D");
	term_send(t, UP UP);
	term_wait(t, "▸ [ ] B");
	give_up_and_end(t);
}

static void options_are_ruled_out(void **state)
{
	struct term *t = home_start(*state, "review id:report");
	term_wait(t, "[ ] B");
	term_send(t, "x");
	term_wait(t, "Rule out which?");
	term_send(t, "b");
	term_wait(t, "[-] B");
	term_wait_gone(t, "Rule out which?");
	term_send(t, "xx");
	term_sync(t);
	assert_false(term_shows(t, "Rule out which?"));
	term_send(t, "xb");
	term_wait(t, "[ ] B");
	give_up_and_end(t);
}

static void nothing_chosen_is_no_answer(void **state)
{
	struct term *t = home_start(*state, "review id:report");
	term_wait(t, "[ ] A");
	term_send(t, ENTER);
	term_wait(t, "Choose one first");
	term_send(t, "i");
	term_wait(t, "There is no such option.");
	term_send(t, "\a");
	term_wait(t, "How did it go?");
	assert_false(term_shows(t, "✗ Wrong.  How"));
	assert_true(term_shows(t, "▸ 1  again"));
	give_up_and_end(t);
}

/* ---- pairs --------------------------------------------------------------------------- */

static void give(struct term *t, const char *left, const char *right)
{
	char shown[64];
	const char *key = key_of(t, right);
	snprintf(shown, sizeof(shown), "[%c] %s", toupper((unsigned char)key[0]), left);
	term_send(t, key);
	term_wait(t, shown);
}

static void matching(void **state)
{
	for (int right = 0; right < 2; right++) {
		struct term *t = home_start(*state, "review kind:matching");
		term_wait(t, "▸ [ ] Stock ticker");
		term_send(t, ENTER);
		term_wait(t, "Some lines have no letter yet.");
		give(t, "Stock ticker", right ? "  WebSocket API" : "  GraphQL API");
		term_wait(t, "▸ [ ] Public proxy");
		give(t, "Public proxy for a function", "  HTTP API");
		give(t, "Usage plans for partners", "  REST API");
		term_send(t, ENTER);
		term_wait(t, "→  WebSocket API");
		assert_true(term_shows(t, right ? "✓ Stock ticker" : "✗ Stock ticker"));
		assert_true(term_shows(t, "✓ Public proxy for a function"));
		assert_int_equal(term_shows(t, "you gave: GraphQL API"), !right);
		expect_verdict(t, right);
		home_remove(*state, "study.db");
	}
}

static void a_pair_is_taken_back(void **state)
{
	struct term *t = home_start(*state, "review kind:matching");
	term_wait(t, "▸ [ ] Stock ticker");
	term_send(t, "a");
	term_wait(t, "[A] Stock ticker");
	term_send(t, UP "\177");
	term_wait(t, "▸ [ ] Stock ticker");
	term_send(t, "j");
	term_wait(t, "There is no such text.");
	term_send(t, "\a");
	term_wait(t, "How did it go?");
	assert_false(term_shows(t, "✗ Stock ticker"));
	give_up_and_end(t);
}

/* ---- order --------------------------------------------------------------------------- */

static const char *const in_order[] = {"Resource policy", "Authorizer", "Throttle", "Integration"};

static int row_of(struct term *t, const char *text)
{
	int row = 0;
	assert_true(term_find(t, text, &row, NULL));
	return row;
}

/* Bring each item up to its place, the first one first. carry: with K, else picked up and moved by
 * arrows. */
static void put_in_order(struct term *t, bool carry)
{
	char shown[64];
	int first = row_of(t, " 1   ");
	int step = row_of(t, " 2   ") - first;
	for (size_t i = 0; i < ARRAY_LEN(in_order); i++) {
		int place = (row_of(t, in_order[i]) - first) / step;
		term_send(t, UP UP UP UP);
		for (int k = 0; k < place; k++)
			term_send(t, DOWN);
		if (!carry)
			term_send(t, " ");
		for (int k = place; k > (int)i; k--)
			term_send(t, carry ? "K" : UP);
		if (!carry)
			term_send(t, " ");
		snprintf(shown, sizeof(shown), "▸ %zu   %s", i + 1, in_order[i]);
		term_wait(t, shown);
	}
}

static void ordering(void **state)
{
	for (int carry = 0; carry < 2; carry++) {
		struct term *t = home_start(*state, "review kind:ordering");
		term_wait(t, "In which order does a REST request pass these?");
		put_in_order(t, carry);
		term_send(t, ENTER);
		term_wait(t, "✓ 4  Integration");
		expect_verdict(t, true);
		home_remove(*state, "study.db");
	}
}

static void wrong_order(void **state)
{
	struct term *t = home_start(*state, "review kind:ordering");
	term_wait(t, "In which order does a REST request pass these?");
	put_in_order(t, true);
	term_send(t, UP UP UP UP "J");
	term_wait(t, "▸ 2   Resource policy");
	term_send(t, ENTER);
	term_wait(t, "✗ 1  Resource policy");
	assert_true(term_shows(t, "you had: Authorizer"));
	assert_true(term_shows(t, "✓ 3  Throttle"));
	expect_verdict(t, false);
}

/* ---- an answer to type --------------------------------------------------------------- */

static void typed(void **state)
{
	static const struct {
		const char *text, *said;
		bool right;
	} answers[] = {
		{"  CACHE-CONTROL : max-age=0 ", "✓ You typed", true},
		{"Expires: 0", "✗ You typed  Expires: 0", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct term *t = home_start(*state, "review kind:typed");
		term_wait(t, "Which header asks the stage cache to fetch anew?");
		assert_true(term_cursor(t, NULL, NULL));
		term_send(t, answers[i].text);
		term_send(t, ENTER);
		term_wait(t, answers[i].said);
		assert_true(term_shows(t, "Cache-Control: max-age=0"));
		assert_false(term_cursor(t, NULL, NULL));
		expect_verdict(t, answers[i].right);
		home_remove(*state, "study.db");
	}
}

static void a_slip_is_almost_right(void **state)
{
	struct term *t = home_start(*state, "review kind:typed");
	term_wait(t, "fetch anew?");
	term_send(t, "Cache-Control: max-age0\r");
	term_wait(t, "Almost: a slip in the spelling.");
	assert_true(term_shows(t, "▸ 1  again"));
	give_up_and_end(t);
}

/* Letters are text there, also those that are commands elsewhere. */
static void letters_are_typed_and_edited(void **state)
{
	struct term *t = home_start(*state, "review kind:typed");
	term_wait(t, "fetch anew?");
	term_send(t, "quse?:/ 1");
	term_wait(t, "▸ quse?:/ 1");
	term_send(t, "\001é\005!\002\002\177");
	term_wait(t, "▸ équse?:/1!");
	term_send(t, "\025neu");
	term_wait(t, "▸ neu1!");
	term_send(t, ENTER);
	term_wait(t, "✗ You typed  neu1!");
	give_up_and_end(t);
}

static void an_empty_line_is_no_answer_but_esc_gives_up(void **state)
{
	struct term *t = home_start(*state, "review kind:typed");
	term_wait(t, "fetch anew?");
	term_send(t, "  \r");
	term_wait(t, "Type an answer, or Esc to give up.");
	term_send(t, ESC);
	term_wait(t, "Cache-Control: max-age=0");
	assert_false(term_shows(t, "You typed"));
	assert_true(term_shows(t, "▸ 1  again"));
	give_up_and_end(t);
}

static void clear_is_offered_only_where_there_is_something(void **state)
{
	struct term *t = home_start(*state, "review id:uses");
	term_wait(t, "▸ [ ] Stock ticker");
	assert_false(term_shows(t, "Backspace clear"));
	give_up_and_end(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(shows_the_answer_only_when_asked),
		home_test(answer_tells_lore_source_and_history),
		home_test(hint_is_shown_and_hidden),
		home_test(reversed_card_asks_back_another_day),
		home_test(true_or_false),
		home_test(one_choice),
		home_test(several_choices),
		home_test(choosing_with_arrows_and_space),
		home_test(options_are_ruled_out),
		home_test(nothing_chosen_is_no_answer),
		home_test(matching),
		home_test(a_pair_is_taken_back),
		home_test(ordering),
		home_test(wrong_order),
		home_test(typed),
		home_test(a_slip_is_almost_right),
		home_test(letters_are_typed_and_edited),
		home_test(an_empty_line_is_no_answer_but_esc_gives_up),
		home_test(clear_is_offered_only_where_there_is_something),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
