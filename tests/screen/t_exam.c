/* t_exam.c -- a mock exam on the screen, from the list of exams to its result: what is answered is
 * kept whatever happens, nothing is told before the end, and each key does what the footer says. */
#include "tests/screen/home.h"

#include <unistd.h>

#define QUESTIONS 10

static struct term *begin(struct home *h)
{
	if (!h->share[0])
		home_share(h);
	struct term *t = home_start(h, "");
	term_wait(t, "▸ Review");
	term_send(t, "e");
	term_wait(t, "10 questions, 40 minutes");
	term_send(t, ENTER);
	term_wait(t, "question 1 of 10");
	return t;
}

static void quit(struct term *t)
{
	term_send(t, CTRL_C);
	assert_int_equal(term_end(t), 130);
}

/* Go to the question that holds this text. */
static void find(struct term *t, const char *text)
{
	char number[32];
	for (int i = 1; i < QUESTIONS && !term_shows(t, text); i++) {
		snprintf(number, sizeof(number), "question %d of", i + 1);
		term_send(t, RIGHT);
		term_wait(t, number);
	}
	assert_true(term_shows(t, text));
}

static void nothing_starts_a_clock_unasked(void **state)
{
	struct home *h = *state;
	home_share(h);
	struct term *t = home_start(h, "");
	term_wait(t, "▸ Review");
	term_send(t, "e");
	term_wait(t, "▸ Begin a new exam");
	assert_true(term_shows(t, "Small exam for tests"));
	term_send(t, "m");
	term_wait(t, "10 questions, 50 minutes");
	term_send(t, "m");
	term_wait(t, "10 questions, 40 minutes");
	term_send(t, ESC);
	term_wait(t, "cards are due");
	term_send(t, "e");
	term_wait(t, "▸ Begin a new exam");
	assert_false(term_shows(t, "Go on with"));
	quit(t);
}

static void a_short_exam_is_offered(void **state)
{
	struct home *h = *state;
	home_share(h);
	home_remove(h, "decks/exam.yaml");
	home_deck(h, "exam-few");
	struct term *t = home_start(h, "");
	term_wait(t, "▸ Review");
	term_send(t, "e");
	term_wait(t, "Begin a short exam");
	assert_true(term_shows(t, "The decks hold too few questions for all 10."));
	assert_true(term_shows(t, "Security"));
	quit(t);
}

static void keys_do_what_they_say(void **state)
{
	struct term *t = begin(*state);
	assert_true(term_shows(t, "0:40:00 left"));
	term_send(t, "b");
	term_wait(t, "[■] B");
	term_send(t, "c");
	term_wait(t, "[■] C");
	assert_false(term_shows(t, "[■] B"));
	term_send(t, "x");
	term_wait(t, "Rule out which?");
	term_send(t, "a");
	term_wait(t, "[-] A");
	term_send(t, "3");
	term_wait(t, "● 3");
	term_send(t, "1");
	term_wait(t, "● 1");
	assert_true(term_shows(t, "○ 3"));
	term_send(t, "1");
	term_wait(t, "○ 1");
	term_send(t, "f");
	term_wait(t, "⚑ flagged");
	term_send(t, "f");
	term_wait_gone(t, "⚑ flagged");
	term_send(t, DOWN " ");
	term_wait(t, "▸ [■] B");
	term_send(t, "t");
	term_wait(t, "clock hidden");
	term_send(t, "t");
	term_wait(t, "0:40:00 left");
	term_send(t, LEFT);
	term_wait(t, "This is the first question.");
	quit(t);
}

static void all_or_nothing_says_how_many(void **state)
{
	struct term *t = begin(*state);
	find(t, "0 of 2 chosen");
	term_send(t, "a");
	term_wait(t, "1 of 2 chosen");
	term_send(t, "e");
	term_wait(t, "2 of 2 chosen");
	term_send(t, "b");
	term_wait(t, "2 are chosen already");
	assert_false(term_shows(t, "[■] B"));
	term_send(t, "a");
	term_wait(t, "1 of 2 chosen");
	term_send(t, "g");
	term_wait(t, "too few chosen 1");
	quit(t);
}

/* With six options the letter f is one of them, and the flag has another key. */
static void six_options_have_six_letters(void **state)
{
	struct term *t = begin(*state);
	find(t, "$context.requestId");
	assert_true(term_shows(t, "a-f choose"));
	assert_true(term_shows(t, "F flag"));
	term_send(t, "f");
	term_wait(t, "[■] F");
	assert_false(term_shows(t, "⚑ flagged"));
	term_send(t, "F");
	term_wait(t, "⚑ flagged");
	term_send(t, "G");
	term_wait(t, "answered 1");
	quit(t);
}

/* ---- what is kept -------------------------------------------------------------------- */

static void give_all_kinds_of_keys(struct term *t)
{
	term_send(t, "b");
	term_wait(t, "[■] B");
	term_send(t, "2");
	term_wait(t, "● 2");
	term_send(t, "f");
	term_wait(t, "⚑ flagged");
	term_send(t, "x");
	term_wait(t, "Rule out which?");
	term_send(t, "d");
	term_wait(t, "[-] D");
}

static void check_all_is_there(struct term *t)
{
	term_wait(t, "question 1 of 10");
	assert_true(term_shows(t, "[■] B"));
	assert_true(term_shows(t, "● 2"));
	assert_true(term_shows(t, "⚑ flagged"));
	assert_true(term_shows(t, "[-] D"));
	assert_true(term_shows(t, "0:40:00 left"));
}

static void a_left_exam_waits(void **state)
{
	struct term *t = begin(*state);
	give_all_kinds_of_keys(t);
	term_send(t, "q");
	term_wait(t, "▸ Go on with 1");
	assert_true(term_shows(t, "1 of 10 answered, 0:40:00 left"));
	assert_true(term_shows(t, "waits here"));
	term_send(t, ENTER);
	check_all_is_there(t);
	term_send(t, "Q");
	assert_int_equal(term_finish(t), 0);
	assert_true(term_shows(t, "gatedrill exam --resume 1"));
	term_free(t);
}

static void a_killed_exam_waits(void **state)
{
	struct home *h = *state;
	struct term *t = begin(h);
	give_all_kinds_of_keys(t);
	term_kill(t);
	t = home_start(h, "");
	term_wait(t, "▸ Review");
	term_send(t, "e");
	term_wait(t, "▸ Go on with 1");
	term_send(t, ENTER);
	check_all_is_there(t);
	quit(t);
}

/* Help and the question whether to submit stand above a running exam. */
static void help_stands_above(void **state)
{
	struct term *t = begin(*state);
	const char *before = term_keep(t);
	term_send(t, "?");
	term_wait(t, "Keys · mock exam: a question");
	assert_true(term_shows(t, "Flag the question"));
	term_send(t, ESC);
	term_wait_same(t, before);
	quit(t);
}

/* ---- the grid ------------------------------------------------------------------------ */

static void the_grid_shows_and_leads(void **state)
{
	struct term *t = begin(*state);
	term_send(t, "a");
	term_wait(t, "[■] A");
	term_send(t, "f");
	term_wait(t, "⚑ flagged");
	term_send(t, "g");
	term_wait(t, "▸ 1 ●⚑");
	assert_true(term_shows(t, "answered 1"));
	assert_true(term_shows(t, "empty 9"));
	assert_true(term_shows(t, "flagged 1"));
	assert_true(term_shows(t, "Questions 2, 3, 4, 5, 6, 7, 8 and 2 more are not answered."));
	term_send(t, RIGHT RIGHT);
	term_wait(t, "▸ 3 ○");
	term_send(t, ENTER);
	term_wait(t, "question 3 of 10");
	term_send(t, "g");
	term_wait(t, "▸ 3 ○");
	term_send(t, ESC);
	term_wait(t, "question 3 of 10");
	quit(t);
}

static void walks_take_only_their_own(void **state)
{
	struct term *t = begin(*state);
	term_send(t, RIGHT);
	term_wait(t, "question 2 of 10");
	term_send(t, "f");
	term_wait(t, "⚑ flagged");
	term_send(t, RIGHT RIGHT);
	term_wait(t, "question 4 of 10");
	term_send(t, "f");
	term_wait(t, "⚑ flagged");
	term_send(t, "g");
	term_wait(t, "flagged 2");
	term_send(t, "f");
	term_wait(t, "question 4 of 10 · flagged");
	term_send(t, RIGHT);
	term_wait(t, "question 2 of 10 · flagged");
	term_send(t, "f");
	term_wait_gone(t, "⚑ flagged");
	term_send(t, RIGHT);
	term_wait(t, "question 4 of 10 · flagged");
	term_send(t, RIGHT);
	term_wait(t, "No other question is flagged.");
	term_send(t, "e");
	term_wait(t, "· empty");
	quit(t);
}

/* ---- the end ------------------------------------------------------------------------- */

static void submit(struct term *t)
{
	term_send(t, "S");
	term_wait(t, "y or n");
	term_send(t, "y");
	term_wait(t, "scored questions");
}

static void submitting_asks_once(void **state)
{
	struct term *t = begin(*state);
	term_send(t, "a");
	term_wait(t, "[■] A");
	term_send(t, "g");
	term_wait(t, "empty 9");
	term_send(t, "S");
	term_wait(t, "9 not answered. Submit? y or n");
	term_send(t, "n");
	term_wait_gone(t, "y or n");
	assert_true(term_shows(t, "answered 1"));
	submit(t);
	assert_true(term_shows(t, "Mock exam 1 · result"));
	assert_true(term_shows(t, "9 left empty"));
	assert_true(term_shows(t, "too few answers to say"));
	assert_false(term_shows(t, "flagged"));
	term_send(t, ESC);
	term_wait(t, "Exam 1 ");
	quit(t);
}

static void answer_all(struct term *t)
{
	char number[32];
	for (int i = 1; i <= QUESTIONS; i++) {
		snprintf(number, sizeof(number), "question %d of", i);
		term_wait(t, number);
		term_send(t, "a");
		term_wait(t, "[■] A");
		if (term_shows(t, "of 2 chosen")) {
			term_send(t, "b");
			term_wait(t, "2 of 2 chosen");
		}
		if (i < QUESTIONS)
			term_send(t, RIGHT);
	}
}

static void a_result_leads_to_its_questions(void **state)
{
	struct term *t = begin(*state);
	answer_all(t);
	term_send(t, "g");
	term_wait(t, "Every question is answered.");
	submit(t);
	assert_false(term_shows(t, "left empty"));
	term_send(t, "r");
	term_wait(t, "1 of 10");
	term_wait(t, "Mock exam 1 · question 1");
	assert_true(term_shows(t, "✓"));
	assert_true(term_shows(t, "source"));
	term_send(t, RIGHT);
	term_wait(t, "2 of 10");
	term_send(t, "o");
	term_wait(t, "https://example.org/guide");
	term_send(t, ESC);
	term_wait(t, "2 of 10");
	term_send(t, ESC);
	term_wait(t, "scored questions");
	term_send(t, "w");
	term_wait(t, " wrong");
	term_wait(t, "✗ Wrong.");
	quit(t);
}

static void a_result_is_written(void **state)
{
	struct home *h = *state;
	char line[160];
	struct term *t = begin(h);
	submit(t);
	term_send(t, "x");
	term_wait(t, "Into which file (.md or .json)? exam-1-result.md");
	term_send(t, CTRL_U);
	snprintf(line, sizeof(line), "%s\r", home_path(h, "out.json"));
	term_send(t, line);
	term_wait(t, "Written to");
	assert_int_equal(access(home_path(h, "out.json"), R_OK), 0);
	term_send(t, "x");
	term_wait(t, "Into which file");
	term_send(t, CTRL_U "nonsense\r");
	term_wait(t, "✗");
	assert_true(term_shows(t, "scored questions"));
	quit(t);
}

/* ---- other kinds of questions -------------------------------------------------------- */

/* An exam of pairs and orders alone, as other exams of AWS have them. */
static const char pairs_exam[] =
	"exam: mini\ntitle: Pairs and orders\ncode: MINI\nformat: 1\nminutes: 10\nscored: 2\n"
	"unscored: 0\ntypes: [ordering, matching]\n"
	"pass: {share: 0.7, spread: 0.1, note: An assumption.}\n"
	"sources:\n  s: {title: S, url: \"https://example.org/\", checked: 2026-11-18}\n"
	"source: s\ndomains:\n"
	"  \"1\": {title: All, weight: 100, tasks: {\"1.1\": Everything}}\n";
static const char pairs_deck[] =
	"deck: exam\ntitle: Pairs\nformat: 1\nexam: {mini: \"1.1\"}\n"
	"sources:\n  s: {title: S, url: \"https://example.org/\", checked: 2026-11-18}\ncards:\n"
	"- id: use\n  kind: matching\n  question: Match the uses.\n  source: s\n  pairs:\n"
	"  - {left: stock ticker, right: WebSocket}\n  - {left: catalogue, right: HTTP}\n"
	"- id: path\n  kind: ordering\n  question: Order the steps.\n  source: s\n"
	"  items: [authorizer, throttle, integration]\n";

static void go_to(struct term *t, const char *text)
{
	if (!term_shows(t, text)) {
		term_send(t, RIGHT);
		term_wait(t, text);
	}
}

static void pairs_and_orders_are_sat(void **state)
{
	struct home *h = *state;
	home_share(h);
	home_write(h, "share/data/exams/mini.yaml", pairs_exam);
	home_write(h, "decks/exam.yaml", pairs_deck);
	struct term *t = home_start(h, "");
	term_wait(t, "▸ Review");
	term_send(t, "e");
	term_wait(t, "2 questions, 10 minutes");
	term_send(t, ENTER);
	term_wait(t, "question 1 of 2");
	go_to(t, "Match the uses.");
	term_send(t, "a");
	term_wait(t, "[A] stock ticker");
	term_send(t, "b");
	term_wait(t, "[B] catalogue");
	term_send(t, "\177");
	term_wait(t, "[ ] catalogue");
	term_send(t, "b");
	term_wait(t, "[B] catalogue");
	term_send(t, "F");
	term_wait(t, "⚑ flagged");
	term_send(t, LEFT);
	go_to(t, "Order the steps.");
	const char *before = term_keep(t);
	term_send(t, "J");
	term_wait_change(t, before);
	term_send(t, "3");
	term_wait(t, "● 3");
	term_send(t, "g");
	term_wait(t, "answered 2");
	submit(t);
	term_send(t, "r");
	term_wait(t, "1 of 2");
	quit(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		home_test(nothing_starts_a_clock_unasked),
		home_test(a_short_exam_is_offered),
		home_test(keys_do_what_they_say),
		home_test(all_or_nothing_says_how_many),
		home_test(six_options_have_six_letters),
		home_test(a_left_exam_waits),
		home_test(a_killed_exam_waits),
		home_test(help_stands_above),
		home_test(the_grid_shows_and_leads),
		home_test(walks_take_only_their_own),
		home_test(submitting_asks_once),
		home_test(a_result_leads_to_its_questions),
		home_test(a_result_is_written),
		home_test(pairs_and_orders_are_sat),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
